// SPDX-License-Identifier: MIT
import Foundation
import GRDB
import MachaFindings
import MachaModel

/// Values as JSON text in the database, with sorted keys and times in seconds since 1970 like every other column.
enum StoredJSON {
    static func text(of value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .secondsSince1970
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    /// The value in `text`, whose numbers and times lie in the ranges that everything here can compute with.
    static func value<Value: Decodable>(_ type: Value.Type, from text: String) throws -> Value {
        let (decoder, bytes) = try decoder(of: text)
        return try decoder.decode(type, from: bytes)
    }

    /// The same for a type that needs values stored beside it.
    static func value<Value: DecodableWithConfiguration>(
        _ type: Value.Type, from text: String, _ configuration: Value.DecodingConfiguration
    ) throws -> Value {
        let (decoder, bytes) = try decoder(of: text)
        return try decoder.decode(type, from: bytes, configuration: configuration)
    }

    private static func decoder(of text: String) throws -> (JSONDecoder, Data) {
        let bytes = Data(text.utf8)
        guard bytes.withUnsafeBytes({ hasPlainNumbers($0) }) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: [], debugDescription: "a number is greater than anything macha stores"))
        }
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            let container = try decoder.singleValueContainer()
            guard let time = StoredTime.date(try container.decode(Double.self)) else {
                throw DecodingError.dataCorruptedError(
                    in: container, debugDescription: "a time outside of the calendar")
            }
            return time
        }
        return (decoder, bytes)
    }

    /// Digits of a whole number that are taken: 16 are more than the bytes of any disk, and sums and hundredfolds of such
    /// numbers stay within an `Int`.
    private static let digits = 16

    /// Whether no number outside of a string has more than ``digits`` digits before its point, or a great exponent.
    private static func hasPlainNumbers(_ text: UnsafeRawBufferPointer) -> Bool {
        var at = 0
        while at < text.count {
            switch text[at] {
            case UInt8(ascii: "\""):
                at += 1
                while at < text.count, text[at] != UInt8(ascii: "\"") { at += text[at] == UInt8(ascii: "\\") ? 2 : 1 }
                at += 1
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                guard let end = endOfPlainNumber(text, at) else { return false }
                at = end
            default: at += 1
            }
        }
        return true
    }

    private static func endOfPlainNumber(_ text: UnsafeRawBufferPointer, _ start: Int) -> Int? {
        func skipDigits(_ from: Int) -> Int {
            var at = from
            while at < text.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(text[at]) { at += 1 }
            return at
        }
        var end = skipDigits(start)
        let whole = end - start
        guard whole <= digits else { return nil }
        if end < text.count, text[end] == UInt8(ascii: ".") { end = skipDigits(end + 1) }
        guard end < text.count, text[end] | 0x20 == UInt8(ascii: "e") else { return end }
        var exponent = end + 1
        let isNegative = exponent < text.count && text[exponent] == UInt8(ascii: "-")
        if exponent < text.count, isNegative || text[exponent] == UInt8(ascii: "+") { exponent += 1 }
        end = skipDigits(exponent)
        let power = text[exponent..<end].prefix(4).reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        return isNegative || whole + power <= digits ? end : nil
    }
}

extension Finding {
    /// The columns a finding has in every table that holds one; its host is the row's.
    var arguments: StatementArguments {
        get throws {
            [
                "fingerprint": fingerprint.description, "kind": recordedKind.name, "subject": subject?.raw,
                "severity": severity.rawValue, "summary": summary, "remedy": advice,
                "commands": try StoredJSON.text(of: commands), "figures": try StoredJSON.text(of: figures),
                "evidence": try StoredJSON.text(of: evidence),
            ]
        }
    }

    init(_ row: Row, host: String) throws {
        let severity: String = try row.value("severity")
        guard let known = Severity(rawValue: severity) else {
            throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "severity “\(severity)”"))
        }
        self.init(
            recorded: RecordedKind(try row.value("kind")), host: host, subject: try row.value("subject"), known,
            try row.value("summary"),
            evidence: try StoredJSON.value([Evidence].self, from: try row.value("evidence")),
            figures: try Self.figures(try row.value("figures")), remedy: try row.value("remedy"),
            commands: try Self.commands(try row.value("commands")))
    }

    // Most findings have no commands and no figures, and a page of a fleet reads thousands of findings.
    private static func commands(_ text: String) throws -> [String] {
        text == "[]" ? [] : try StoredJSON.value([String].self, from: text)
    }

    private static func figures(_ text: String) throws -> [String: Int] {
        text == "{}" ? [:] : try StoredJSON.value([String: Int].self, from: text)
    }
}
