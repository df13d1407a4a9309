// SPDX-License-Identifier: MIT
import MachaModel

/// Reads server-sent events (html.spec.whatwg.org, 9.2) as servers really write them, and the whole document that some
/// send where a stream was asked for.
///
/// Accepted beyond the standard: events without a blank line between them, an `error:` line (llama.cpp before 2025), a
/// byte order mark anywhere at the beginning of the stream.
struct EventStreamReader {
    enum Item: Hashable {
        /// `name` is empty for an event without one.
        case event(name: String, JSONValue)
        /// `[DONE]`.
        case done
        /// The server reports an error outside of any event.
        case failure(String)
        /// The whole body was one JSON document.
        case document(JSONValue)
        /// The whole body was neither events nor JSON.
        case foreign(String)
    }

    /// What is not JSON; starts lower case.
    struct Malformed: Error, Hashable { var message: String }

    /// Lines that one event's data may spread over. Each is a further attempt to read it.
    private static let longestEvent = 1_000
    private static let fields = ["data", "event", "id", "retry", "error"]

    private var name = ""
    private var data: [UInt8] = []
    private var lines = 0
    private var body: [UInt8]?
    private var hasBegun = false

    /// Takes one line without its line break.
    mutating func take(_ line: [UInt8]) throws(Malformed) -> Item? {
        var line = line[...]
        if !hasBegun, line.starts(with: [0xef, 0xbb, 0xbf]) { line = line.dropFirst(3) }
        if let begun = body?.count {
            guard begun + line.count < LineSplitter.longest else {
                throw Malformed(message: "its document does not end")
            }
            body?.append(0x0a)
            body?.append(contentsOf: line)
            return nil
        }
        guard !line.isEmpty else { return try endOfEvent() }
        guard let (field, value) = Self.split(line) else {
            // A line that is no field begins a document when nothing came before it, and is ignored otherwise.
            if !hasBegun { body = Array(line) }
            hasBegun = true
            return nil
        }
        hasBegun = true
        switch field {
        case "event": name = String(decoding: value, as: UTF8.self)
        case "error": return .failure(String(decoding: value, as: UTF8.self))
        case "data": return try takeData(value)
        default: break
        }
        return nil
    }

    /// What is left when the body has ended.
    mutating func finish() throws(Malformed) -> Item? {
        guard let body else { return try endOfEvent() }
        do throws(JSONError) {
            return .document(try JSONValue.parse(body))
        } catch {
            return .foreign(String(decoding: body, as: UTF8.self))
        }
    }

    /// An event is handed over as soon as its data is whole: some servers leave out the blank line behind it.
    private mutating func takeData(_ value: ArraySlice<UInt8>) throws(Malformed) -> Item? {
        if data.isEmpty, value.elementsEqual("[DONE]".utf8) { return .done }
        if !data.isEmpty { data.append(0x0a) }
        data += value
        lines += 1
        guard let event = try? JSONValue.parse(data) else {
            guard lines < Self.longestEvent, data.count <= LineSplitter.longest else {
                throw Malformed(message: "an event of its answer does not end")
            }
            return nil
        }
        defer { (name, data, lines) = ("", [], 0) }
        return .event(name: name, event)
    }

    private mutating func endOfEvent() throws(Malformed) -> Item? {
        defer { (name, data, lines) = ("", [], 0) }
        guard !data.isEmpty else { return nil }
        do throws(JSONError) {
            return .event(name: name, try JSONValue.parse(data))
        } catch {
            throw Malformed(message: "an event of its answer is not JSON: \(error.message)")
        }
    }

    /// The field and its value; an empty field for a comment, `nil` for a line that is none.
    private static func split(_ line: ArraySlice<UInt8>) -> (String, ArraySlice<UInt8>)? {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let field = String(decoding: line[..<colon], as: UTF8.self)
        guard field.isEmpty || fields.contains(field) else { return nil }
        let value = line[line.index(after: colon)...]
        return (field, value.first == 0x20 ? value.dropFirst() : value)
    }
}
