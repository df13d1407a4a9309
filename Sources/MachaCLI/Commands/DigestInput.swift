// SPDX-License-Identifier: MIT
import Foundation

/// The bytes of a file or of standard input, unpacked when they are packed.
enum DigestInput {
    static func each(of path: String, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        if path == "-" { return try drain(FileHandle.standardInput, body) }
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw Failure(.input, "cannot read \(path): no such file, or no right to read it")
        }
        let magic = [UInt8]((try file.read(upToCount: 4)) ?? Data())
        try file.seek(toOffset: 0)
        guard let tool = magic.starts(with: [0x1f, 0x8b]) ? "gzip" : magic == [0x28, 0xb5, 0x2f, 0xfd] ? "zstd" : nil
        else {
            return try drain(file, body)
        }
        let unpacker = Process()
        let pipe = Pipe()
        unpacker.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        unpacker.arguments = [tool, "-dc"]
        unpacker.standardInput = file
        unpacker.standardOutput = pipe
        try unpacker.run()
        try drain(pipe.fileHandleForReading, body)
        unpacker.waitUntilExit()
        guard unpacker.terminationStatus == 0 else {
            throw Failure(.input, "\(tool) cannot unpack \(path): is it installed, and the file whole?")
        }
    }

    private static func drain(_ file: FileHandle, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        while let data = try file.read(upToCount: 1 << 18), !data.isEmpty { try data.withUnsafeBytes(body) }
    }
}
