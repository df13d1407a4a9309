// SPDX-License-Identifier: MIT
import MachaAnalyst
import MachaModel
import Testing

@Suite struct JSONSchemaTests {
    private static let schema = JSONSchema.object([
        .init("title", .string(atLeast: 1, atMost: 5)), .init("level", .choice(["low", "high"])),
        .init("count", .integer(0...9)), .init("share", .number(0...1), isRequired: false),
        .init("notes", .array(of: .nullable(.boolean), atLeast: 1, atMost: 2)),
    ])

    @Test(arguments: [
        #"{"title":"a","level":"low","count":9,"notes":[null]}"#,
        #"{"notes":[true,false],"count":0,"title":"🙂🙂🙂🙂🙂","share":1,"level":"high"}"#,
        #"{"title":"a","level":"low","count":2.0,"share":0.5,"notes":[null]}"#,
    ])
    func `a document that fits has no mistakes`(text: String) throws {
        #expect(Self.schema.mistakes(in: try JSONValue.parse(text)).isEmpty)
    }

    @Test(arguments: [
        ("[]", "$ must be an object, not an array"), ("{}", "$.title is missing"),
        (#"{"title":"","level":"low","count":1,"notes":[null]}"#, "$.title has 0 characters, not 1 to 5"),
        (#"{"title":"abcdef","level":"low","count":1,"notes":[null]}"#, "$.title has 6 characters, not 1 to 5"),
        (#"{"title":"a","level":"mid","count":1,"notes":[null]}"#, "$.level must be one of low, high"),
        (#"{"title":"a","level":"low","count":10,"notes":[null]}"#, "$.count must lie from 0 to 9"),
        (#"{"title":"a","level":"low","count":1.5,"notes":[null]}"#, "$.count must be a whole number"),
        (#"{"title":"a","level":"low","count":"1","notes":[null]}"#, "$.count must be a whole number, not a string"),
        (#"{"title":"a","level":"low","count":1,"share":2,"notes":[null]}"#, "$.share must lie from 0.0 to 1.0"),
        (#"{"title":"a","level":"low","count":1,"notes":[]}"#, "$.notes has 0 items, not 1 to 2"),
        (#"{"title":"a","level":"low","count":1,"notes":["x"]}"#, "$.notes[0] must be a Boolean, not a string"),
        (
            #"{"title":"a","level":"low","count":1,"notes":[null],"run":"rm"}"#,
            #"$ has a member that does not belong there: "run""#
        ),
    ])
    func `a mistake says where it is`(text: String, mistake: String) throws {
        #expect(Self.schema.mistakes(in: try JSONValue.parse(text)).first == mistake)
    }

    @Test func `a schema keeps its order on the wire`() {
        let text = Self.schema.document.text
        let places = ["title", "level", "count", "share", "notes"].map { text.firstRange(of: "\"\($0)\"")?.lowerBound }
        #expect(places.compactMap(\.self).count == 5)
        #expect(zip(places, places.dropFirst()).allSatisfy { ($0 ?? text.endIndex) < ($1 ?? text.startIndex) })
        #expect(text.contains(#""required":["title","level","count","notes"],"additionalProperties":false"#))
    }
}
