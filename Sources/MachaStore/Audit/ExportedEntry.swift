// SPDX-License-Identifier: MIT
import Foundation
import MachaActions
package import MachaModel

/// An entry of the audit as a line of an export has it.
package struct ExportedEntry: Hashable, Sendable {
    package let sequence: Int
    package let hash: ContentHash
    package let kind: String
    package let host: String?
    /// The whole line, which ends with the payload's very text.
    let line: String

    /// `nil` for what is no entry: half a line of a process that was killed, or somebody else's words.
    init?(_ line: String) {
        struct Fields: Decodable {
            var sequence: Int
            var hash: ContentHash
            var kind: String
            var host: String?
        }
        guard let fields = try? JSONDecoder().decode(Fields.self, from: Data(line.utf8)),
            (0..<AuditChain.limit).contains(fields.sequence)
        else { return nil }
        (sequence, hash, kind, host) = (fields.sequence, fields.hash, fields.kind, fields.host)
        self.line = line
    }

    /// What began, for a person who has to look after it: `entry 12: started restart-unit nginx.service on web1`.
    package var words: String {
        let what =
            switch content {
            case .event(.started(let start)): " \(start.record.kind.rawValue) \(start.record.target)"
            case .event(.ended(let end)): " \(end.record.kind.rawValue) \(end.record.target)"
            case .event: ""
            case .unreadable(let event): " \(event.text.printable(limit: 120))"
            case nil: ""
            }
        return "entry \(sequence): \(kind)\(what)\(host.map { " on \($0)" } ?? "")".printable(limit: 300)
    }

    /// The payload is the line's last member; `nil` for a kind that this version does not have.
    private var content: AuditEntry.Content? {
        guard let kind = AuditEntry.Kind(rawValue: kind), let name = line.firstRange(of: Self.beforePayload) else {
            return nil
        }
        return AuditEntry.content(kind, String(line[name.upperBound...].dropLast()))
    }

    /// It can stand in no string, whose quotes are escaped.
    private static let beforePayload = ",\"payload\":"

    /// Whether the line says of `entry` what the database does.
    func isSame(as entry: AuditEntry) -> Bool {
        hash == entry.hash && kind == entry.kind.rawValue && host == entry.host
            && line.hasSuffix("\(Self.beforePayload)\(entry.payload)}")
    }
}

/// Reading export files, whatever is in them.
enum ExportFile {
    /// No export grows so great before it is put aside.
    private static let most = 256 << 20
    /// Bytes from the end in which the last entry is looked for; an entry has a few thousand.
    private static let tail = 1 << 20

    /// The last entry in the file; `nil` when there is none.
    static func last(_ path: String) throws(StoreError) -> ExportedEntry? {
        let bytes = try read(path, tail)
        for line in bytes.split(separator: UInt8(ascii: "\n")).reversed() {
            if let entry = ExportedEntry(String(decoding: line, as: UTF8.self)) { return entry }
        }
        return nil
    }

    /// Calls `body` with each line's number, from 1, and its entry; `nil` for a line that is none.
    static func each(_ path: String, _ body: (Int, ExportedEntry?) throws -> Void) throws {
        let lines = try read(path, most).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() where !line.isEmpty {
            try body(index + 1, String(validating: line, as: UTF8.self).flatMap { ExportedEntry($0) })
        }
    }

    /// Every line as text; none when there is no file.
    static func lines(_ path: String) throws(StoreError) -> [String] {
        try read(path, most).split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The last `limit` bytes. A link is not followed, and what is no file is not waited for.
    private static func read(_ path: String, _ limit: Int) throws(StoreError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        if descriptor < 0, errno == ENOENT { return [] }
        guard descriptor >= 0 else { throw StoreFile.failure("cannot read the export", path: path) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw StoreError(
                .notWritable, path: path, reason: "cannot read the export: not a regular file", remedy: "move it away")
        }
        let start = max(0, Int(status.st_size) - limit)
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size) - start)
        var at = 0
        while at < bytes.count {
            let count = bytes.withUnsafeMutableBytes {
                pread(descriptor, $0.baseAddress?.advanced(by: at), $0.count - at, off_t(start + at))
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw StoreFile.failure("cannot read the export", path: path) }
            if count == 0 { break }
            at += count
        }
        return Array(bytes.prefix(at))
    }
}
