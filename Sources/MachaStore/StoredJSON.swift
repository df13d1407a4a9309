// SPDX-License-Identifier: MIT
import Foundation
import GRDB
import MachaCore

/// Values as JSON text in the database, with sorted keys and times in seconds since 1970 like every other column.
enum StoredJSON {
    static func text(of value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .secondsSince1970
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    static func value<Value: Decodable>(_ type: Value.Type, from text: String) throws -> Value {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .secondsSince1970
        return try decoder.decode(type, from: Data(text.utf8))
    }
}

extension Finding {
    /// The columns a finding has in every table that holds one; its host is the row's.
    var arguments: StatementArguments {
        get throws {
            [
                "fingerprint": fingerprint.description, "kind": kind, "subject": subject?.raw,
                "severity": severity.rawValue, "summary": summary, "remedy": remedy,
                "evidence": try StoredJSON.text(of: evidence),
            ]
        }
    }

    init(_ row: Row, host: String) throws {
        let severity: String = row["severity"]
        guard let known = Severity(rawValue: severity) else {
            throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "severity “\(severity)”"))
        }
        self.init(
            row["kind"], host: host, subject: row["subject"], known, row["summary"],
            evidence: try StoredJSON.value([UntrustedText].self, from: row["evidence"]).map(\.raw),
            remedy: row["remedy"])
    }
}

extension Sighting {
    init(_ row: Row) throws {
        id = row["id"]
        finding = try Finding(row, host: row["host"])
        firstSeen = Date(timeIntervalSince1970: row["first_seen"])
        lastSeen = Date(timeIntervalSince1970: row["last_seen"])
        count = row["count"]
        closedAt = (row["closed_at"] as Double?).map { Date(timeIntervalSince1970: $0) }
    }
}
