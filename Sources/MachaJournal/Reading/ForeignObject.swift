// SPDX-License-Identifier: MIT

/// Reads an object that is no journal entry: what programs write that log in JSON, and Docker's json-file.
///
/// Its message comes first, then what else it says as `key=value`, values of several lines last. Without a message the text
/// is the object itself, so nothing of it is lost.
struct ForeignObject: ~Copyable {
    private struct Value {
        let key: [UInt8]
        let text: ByteSlice
        let isString: Bool
    }

    /// Nested objects below this are shown as they are written.
    private static let depth = 4
    private static let mostFields = 128
    private static let longest = 1 << 14

    private var rest: [Value] = []
    private var message: ByteSlice?
    private var messageName: [UInt8] = []
    private var rank = Int.max
    private var method: ByteSlice?
    private var path: ByteSlice?
    private var status: ByteSlice?

    var hasMessage: Bool { message != nil }

    /// Whether the message is a line that another program printed, as in Docker's json-file.
    var wraps: Bool { message != nil && messageName == Array("log".utf8) && rest.isEmpty }

    /// Fills in what the object says; its message is bytes of `text` or of `scratch`.
    mutating func read(_ text: ByteSlice, year: Int, _ scratch: inout Scratch, _ entry: inout EntryView) {
        rest.removeAll(keepingCapacity: true)
        (message, rank, method, path, status) = (nil, .max, nil, nil, nil)
        _ = fields(text, 0, [], [], year, Self.depth, &scratch, &entry)
        entry.message = compose(text, &scratch)
    }

    /// Reads the fields of the object at `start` and returns where it ends.
    private mutating func fields(
        _ text: ByteSlice, _ start: Int, _ shown: [UInt8], _ plain: [UInt8], _ year: Int, _ depth: Int,
        _ scratch: inout Scratch, _ entry: inout EntryView
    ) -> Int? {
        var at = JSONObject.skipBlanks(text, JSONObject.skipBlanks(text, start) + 1)
        while at < text.count, text[at] == 0x22, let keyEnd = JSONObject.stringEnd(text, at + 1) {
            let key = text.slice(at + 1, keyEnd)
            let name = shown + key.bytes
            let known = plain + Self.plain(key)
            at = JSONObject.skipBlanks(text, keyEnd + 1)
            guard at < text.count, text[at] == UInt8(ascii: ":") else { return nil }
            at = JSONObject.skipBlanks(text, at + 1)
            guard at < text.count else { return nil }
            let end: Int?
            switch text[at] {
            case 0x22:
                end = JSONObject.stringEnd(text, at + 1).map { $0 + 1 }
                if let end { take(name, known, JSONObject.string(text, at, end, &scratch), true, year, &entry) }
            case UInt8(ascii: "{") where depth > 1:
                let dot = [UInt8(ascii: ".")]
                end = fields(text, at, name + dot, known + dot, year, depth - 1, &scratch, &entry)
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                end = JSONObject.skipNested(text, at)
                if let end { take(name, [], text.slice(at, end), false, year, &entry) }
            default:
                var stop = at
                while stop < text.count, JSONObject.isBareByte(text[stop]) { stop += 1 }
                end = stop > at ? stop : nil
                if text[at] != UInt8(ascii: "n") { take(name, known, text.slice(at, stop), false, year, &entry) }
            }
            guard let after = end else { return nil }
            at = JSONObject.skipBlanks(text, after)
            guard at < text.count, text[at] == UInt8(ascii: ",") else { break }
            at = JSONObject.skipBlanks(text, at + 1)
        }
        return at < text.count && text[at] == UInt8(ascii: "}") ? at + 1 : nil
    }

    private static func plain(_ key: ByteSlice) -> [UInt8] {
        var out: [UInt8] = []
        for at in 0..<min(key.count, 64) {
            let byte = key[at]
            if byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "@") { continue }
            out.append(byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte)
        }
        return out
    }

    private mutating func take(
        _ name: [UInt8], _ known: [UInt8], _ text: ByteSlice, _ isString: Bool, _ year: Int, _ entry: inout EntryView
    ) {
        switch ForeignRole.of(known) {
        case .time?:
            if let time = Stamp.field(text, year: year) {
                entry.time = entry.time ?? time
                return
            }
        case .level?:
            let level =
                isString && text.decimal == nil
                ? LogLevel.priority(word: text) : text.decimal.flatMap(LogLevel.priority(number:))
            if let level {
                entry.priority = entry.priority ?? level
                return
            }
        case .pythonLevel?:
            if let level = text.decimal.flatMap(LogLevel.priority(python:)) {
                entry.priority = entry.priority ?? level
                return
            }
        case .telemetryLevel?:
            if let level = text.decimal.flatMap(LogLevel.priority(telemetry:)) {
                entry.priority = entry.priority ?? level
                return
            }
        case .message(let rank)? where isString && !text.isEmpty:
            if rank < self.rank {
                if let message { rest.append(Value(key: messageName, text: message, isString: true)) }
                (message, messageName, self.rank) = (text, name, rank)
                return
            }
        case .source? where isString && !text.isEmpty && text.count <= 80:
            if entry.identifier.isEmpty {
                entry.identifier = text
                return
            }
        case .host? where isString:
            if entry.host.isEmpty {
                entry.host = text
                return
            }
        case .method? where isString && text.count < 20: if method == nil { return method = text }
        case .path? where isString: if path == nil { return path = text }
        case .status?:
            if status == nil, text.count == 3, let code = text.decimal, (100..<600).contains(code) {
                return status = text
            }
        case .envelope?: return
        default: break
        }
        if !text.isEmpty, rest.count < Self.mostFields { rest.append(Value(key: name, text: text, isString: isString)) }
    }

    /// `message "GET /path" status=502 key=value …`
    private func compose(_ whole: ByteSlice, _ scratch: inout Scratch) -> ByteSlice {
        var out: [UInt8] = []
        if let message { out += Self.trimmed(message).bytes }
        if message == nil, status == nil || path == nil { return whole }
        if let status {
            let request = [method, path].compactMap { $0?.text }.joined(separator: " ")
            out += (out.isEmpty ? "" : " ").utf8
            out += (request.isEmpty ? "status=\(status.text)" : "\"\(request)\" status=\(status.text)").utf8
        } else {
            for (name, value) in [("method", method), ("path", path)] {
                if let value { out += " \(name)=\(value.text)".utf8 }
            }
        }
        let head = out.count
        for value in rest where out.count < Self.longest && !Self.isLong(value.text) { Self.append(value, " ", &out) }
        if out.count == head, rest.isEmpty, message != nil, status == nil, method == nil, path == nil, let message {
            return Self.trimmed(message)
        }
        for value in rest where out.count < Self.longest && Self.isLong(value.text) { Self.append(value, "\n", &out) }
        let room = scratch.take(out.count)
        for at in out.indices { room[at] = out[at] }
        return ByteSlice(UnsafePointer(room), out.count)
    }

    private static func append(_ value: Value, _ before: String, _ out: inout [UInt8]) {
        out += before.utf8
        out += value.key
        out.append(UInt8(ascii: "="))
        let text = trimmed(value.text)
        var hasBlank = false
        for at in 0..<text.count where text[at] <= 0x20 { hasBlank = true }
        let quoted = value.isString && hasBlank && before == " "
        if quoted { out.append(0x22) }
        out += text.slice(0, min(text.count, longest)).bytes
        if quoted { out.append(0x22) }
    }

    /// A trace, or a text longer than the rest of a line should be.
    private static func isLong(_ text: ByteSlice) -> Bool {
        guard text.count < 400 else { return true }
        for at in 0..<text.count where text[at] == 0x0a { return true }
        return false
    }

    private static func trimmed(_ text: ByteSlice) -> ByteSlice {
        var end = text.count
        while end > 0, text[end - 1] <= 0x20 { end -= 1 }
        return text.slice(0, end)
    }
}

extension JSONObject {
    /// The string whose quotes stand at `start` and right before `end`.
    static func string(_ text: ByteSlice, _ start: Int, _ end: Int, _ scratch: inout Scratch) -> ByteSlice {
        let content = text.slice(start + 1, end - 1)
        for at in 0..<content.count where content[at] == 0x5c { return unescape(content, &scratch) }
        return content
    }
}
