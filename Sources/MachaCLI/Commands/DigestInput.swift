// SPDX-License-Identifier: MIT
import Foundation

/// The bytes of a file or of standard input, unpacked when they are packed.
enum DigestInput {
    private static let piece = 1 << 18

    static func each(of path: String, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        let name = path == "-" ? "standard input" : path
        let file: FileHandle
        if path == "-" {
            file = FileHandle.standardInput
        } else if let opened = FileHandle(forReadingAtPath: path) {
            file = opened
        } else {
            throw Failure(.input, "cannot read \(path): no such file, or permission denied")
        }
        let head = try file.read(upToCount: piece) ?? Data()
        switch PackedForm(of: head) {
        case nil:
            try head.withUnsafeBytes(body)
            while let data = try file.read(upToCount: piece), !data.isEmpty { try data.withUnsafeBytes(body) }
        case .tool(let tool)?: try unpack(head, file, name, tool, body)
        case .refused(let what, let remedy)?: throw Failure(.input, "\(name) is \(what): \(remedy)")
        }
    }

    /// Feeds the tool from a thread of its own, so that neither side waits for the other for ever.
    private static func unpack(
        _ head: Data, _ file: FileHandle, _ name: String, _ tool: String,
        _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        let unpacker = Process()
        let packed = Pipe()
        let plain = Pipe()
        unpacker.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        unpacker.arguments = [tool, "-dc"]
        unpacker.standardInput = packed
        unpacker.standardOutput = plain
        try unpacker.run()
        let feeder = Thread {
            let input = packed.fileHandleForWriting
            var next: Data? = head
            while let data = next, !data.isEmpty {
                guard (try? input.write(contentsOf: data)) != nil else { break }
                next = try? file.read(upToCount: piece)
            }
            try? input.close()
        }
        feeder.start()
        defer { if unpacker.isRunning { unpacker.terminate() } }
        let output = plain.fileHandleForReading
        while let data = try output.read(upToCount: piece), !data.isEmpty { try data.withUnsafeBytes(body) }
        unpacker.waitUntilExit()
        switch unpacker.terminationStatus {
        case 0: return
        case 127:
            throw Failure(
                .input,
                "\(name) is compressed with \(tool), which is not installed here: install it (nix-shell -p \(tool)), or decompress the file first"
            )
        default: throw Failure(.input, "\(tool) cannot decompress \(name); the file may be incomplete")
        }
    }
}

/// What a file is when it is not the log itself, by its first bytes.
enum PackedForm: Equatable {
    /// A tool that writes it unpacked, called with `-dc`.
    case tool(String)
    /// What it is, and what to do about it.
    case refused(String, remedy: String)

    /// Source: the magic numbers of file(1).
    private static let magics: [([UInt8], PackedForm)] = [
        ([0x1f, 0x8b], .tool("gzip")),
        ([0x28, 0xb5, 0x2f, 0xfd], .tool("zstd")),
        ([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], .tool("xz")),
        (Array("BZh".utf8), .tool("bzip2")),
        ([0x04, 0x22, 0x4d, 0x18], .tool("lz4")),
        (Array("LZIP".utf8), .tool("lzip")),
        ([0x1f, 0x9d], .tool("gzip")),
        (Array("PK\u{3}\u{4}".utf8), .refused("a zip archive", remedy: "unzip -p FILE | macha digest -")),
        ([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], .refused("a 7z archive", remedy: "7z x -so FILE | macha digest -")),
        (
            Array("LPKSHHRH".utf8),
            .refused("a journal file", remedy: "journalctl --file FILE -o export | macha digest -")
        ),
        (Array("SQLite format 3".utf8), .refused("an SQLite database", remedy: "digest a log that is text")),
        ([0xff, 0xfe, 0, 0], .refused("text in UTF-32", remedy: utf32)),
        ([0, 0, 0xfe, 0xff], .refused("text in UTF-32", remedy: utf32)),
        ([0x7f, 0x45, 0x4c, 0x46], .refused("a program", remedy: "digest a log that is text")),
    ]

    private static let utf32 = "iconv -f UTF-32 -t UTF-8 FILE | macha digest -"

    /// `nil` for a log that can be read as it is.
    init?(of head: Data) {
        let bytes = [UInt8](head.prefix(4096))
        if bytes.starts(with: Array("BZh".utf8)),
            !(bytes.count > 4 && (0x31...0x39).contains(bytes[3]) && bytes[4] == 0x31)
        {
            return nil
        }
        if let found = Self.magics.first(where: { bytes.starts(with: $0.0) }) {
            self = found.1
            return
        }
        if bytes.count > 262, bytes[257..<262].elementsEqual("ustar".utf8) {
            self = .refused("a tar archive", remedy: "tar -xOf FILE | macha digest -")
            return
        }
        guard Self.isBinary(bytes) else { return nil }
        self = .refused("not text", remedy: "unpack or convert it first; macha digest reads logs")
    }

    /// Whether more than a tenth of the bytes are control characters that no log writes. UTF-16 is text.
    private static func isBinary(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= 64, !bytes.starts(with: [0xff, 0xfe]), !bytes.starts(with: [0xfe, 0xff]) else {
            return false
        }
        let odd = bytes.indices.count { bytes[$0] == 0 && $0 % 2 == 1 }
        let even = bytes.indices.count { bytes[$0] == 0 && $0 % 2 == 0 }
        if max(odd, even) * 3 > bytes.count, min(odd, even) * 20 < bytes.count { return false }
        let controls = bytes.count { $0 < 0x20 && ![0x08, 0x09, 0x0a, 0x0c, 0x0d, 0x1b, 0x1e].contains($0) }
        return controls * 10 > bytes.count
    }
}
