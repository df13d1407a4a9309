// SPDX-License-Identifier: MIT
import MachaModel
import Testing

@Suite struct JSONTests {
    @Test(arguments: [
        "null", "true", "[]", "{}", "[1,-2,0]", "{\"a\":{\"b\":[null,false]}}", "\"\\u0007\\\"\\\\\"", "\"é漢🙂\"",
        "{\"z\":1,\"a\":2}", "[1.5,-0.25]", "9223372036854775807",
    ])
    func `parsed JSON is written unchanged`(text: String) throws {
        #expect(try JSONValue.parse(text).text == text)
    }

    @Test(arguments: [
        (" [ 1 ,\n2 ] ", "[1,2]"), ("\"\\ud83d\\ude42\\/\\b\"", "\"🙂/\\u0008\""), ("\"\\ud83d\"", "\"\u{fffd}\""),
        ("\"\\ud83dx\"", "\"\u{fffd}x\""), ("1e3", "1000.0"), ("18446744073709551616", "1.8446744073709552e+19"),
    ])
    func `other ways to write the same are read`(text: String, same: String) throws {
        #expect(try JSONValue.parse(text).text == same)
    }

    @Test(arguments: [
        "", " ", "nul", "tru e", "{", "[1", "[1,]", "{\"a\"}", "{\"a\":1,}", "{a:1}", "'a'", "01", "1.", ".5", "+1",
        "1e",
        "-", "1 2", "{}x", "\"\n\"", "\"\\x\"", "\"\\u12\"", "\"", "NaN", "Infinity", "1e999", "{\"a\":1,\"a\":2}",
        "```json\n{}\n```", String(repeating: "[", count: 100_000),
    ])
    func `a text that is no JSON document is refused`(text: String) {
        #expect(throws: JSONError.self) { try JSONValue.parse(text) }
    }

    @Test func `bytes that are no UTF-8 are refused`() {
        #expect(throws: JSONError.self) { try JSONValue.parse([0x22, 0xff, 0x22]) }
    }

    @Test func `no beginning of a document is one`() throws {
        let text = Array("{\"a\":[1.5,true,null,\"x\\u00e9\"],\"b\":{\"c\":-2}}".utf8)
        _ = try JSONValue.parse(text)
        for count in text.indices { #expect(throws: JSONError.self) { try JSONValue.parse(Array(text[..<count])) } }
    }

    @Test func `duplicate names are kept where they are allowed`() throws {
        let text = #"{"a":1,"b":2,"a":[3]}"#
        #expect(try JSONValue.parse(text, repeats: true).text == text)
    }
}
