// SPDX-License-Identifier: MIT

import ArgumentParser
import Foundation
import MachaJournal

/// Reduces a journal to what a person or a model should read of it. Needs no host and no model.
struct DigestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "digest",
        abstract: "Reduce a journal or log to a digest of a given size.",
        discussion:
            "Reads journalctl -o export, -o json or plain text, also packed with gzip or zstd. - reads standard input.")

    @Argument(help: "File to read, or - for standard input.") var file = "-"
    @Flag(help: "Take the input as plain text, whatever it looks like.") var plain = false
    @Option(help: "Size of the digest in tokens of 4 bytes, 500 to 1000000.") var budget = 8000
    @Option(
        help: "Leave out entries before this time, as 2025-03-01 or '2025-03-01 12:00:00' (UTC) or 6h, 2d before now.")
    var since: String?
    @Option(help: "Only entries of this unit or identifier.") var unit: String?
    @Option(help: "What is normal on this host: read if it exists, written back afterwards.") var memory: String?
    @Option(help: "List all entries of one template instead.") var expand: String?
    @Option(help: "Write which template each line fell into, as CSV.") var assignments: String?
    @Flag(help: "Use other names for hosts, users and addresses.") var pseudonyms = false
    @Flag(help: "Print an account of what was read to standard error.") var stats = false
    @Flag(help: "Print one JSON document.") var json = false

    func validate() throws {
        guard (DigestOptions.leastTokens...DigestOptions.mostTokens).contains(budget) else {
            throw ValidationError(
                "--budget must be between \(DigestOptions.leastTokens) and \(DigestOptions.mostTokens)")
        }
        if expand != nil, file == "-" { throw ValidationError("--expand reads the input twice: give a file") }
    }

    func run() throws {
        let now = Date()
        let year = Calendar(identifier: .gregorian).component(.year, from: now)
        let filter = DigestEngine.Filter(since: try since.map { try Self.instant($0, now: now) }, unit: unit)
        let engine = DigestEngine(
            format: plain ? .plain : nil, year: year, filter: filter,
            recordsAssignments: assignments != nil || expand != nil)
        if let memory, let bytes = FileManager.default.contents(atPath: memory) {
            try HostMemory.load([UInt8](bytes), into: engine.miner)
        }
        let start = ContinuousClock.now
        var progress = ProgressLine()
        try InputBytes.each(of: file) { bytes in
            engine.feed(bytes)
            progress.show(engine.ledger.lines)
        }
        engine.finish()
        let templates = Templates(engine.miner)
        progress.clear()
        let seconds = Double((ContinuousClock.now - start) / .nanoseconds(1)) / 1e9

        if let assignments { try write(assignments, engine, templates) }
        if stats { FileHandle.standardError.write(Data(LedgerText.render(engine, templates, seconds: seconds).utf8)) }
        if let expand {
            try list(expand, engine, templates, year)
        } else {
            var renderer = DigestRenderer(engine, templates, DigestOptions(tokens: budget, usesPseudonyms: pseudonyms))
            let digest = renderer.render()
            print(json ? DigestJSON.render(engine, templates, digest) : digest.text, terminator: "")
        }
        if let memory {
            let day = Int((engine.ledger.lastTime ?? Int64(now.timeIntervalSince1970 * 1e6)) / 86_400_000_000)
            try Data(HostMemory.save(engine.miner, day: day)).write(to: URL(fileURLWithPath: memory), options: .atomic)
        }
    }

    private func write(_ path: String, _ engine: DigestEngine, _ templates: Templates) throws {
        guard FileManager.default.createFile(atPath: path, contents: nil), let out = FileHandle(forWritingAtPath: path)
        else {
            throw ValidationError("cannot write \(path)")
        }
        Assignments.write(engine, templates) { out.write(Data($0)) }
        try out.close()
    }

    private func list(_ id: String, _ engine: DigestEngine, _ templates: Templates, _ year: Int) throws {
        guard let expansion = Expansion(engine, templates, id: id, year: year) else {
            throw ValidationError("no template \(id) in this input: take an id from the digest of the same input")
        }
        try InputBytes.each(of: file) { expansion.feed($0) { print($0) } }
        expansion.finish { print($0) }
    }

    /// A time written out in UTC, or a span before now.
    private static func instant(_ text: String, now: Date) throws -> Int64 {
        let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800]
        if let unit = text.last.flatMap({ units[$0] }), let count = Double(text.dropLast().drop { $0 == "-" }) {
            return Int64((now.timeIntervalSince1970 - count * unit) * 1e6)
        }
        let padded = text.count == 10 ? text + " 00:00:00" : text
        guard let micros = Stamp.read(padded) else {
            throw ValidationError("cannot read --since \(text): write 2025-03-01 or 6h")
        }
        return micros
    }
}

/// The bytes of a file or of standard input, unpacked when they are packed.
private enum InputBytes {
    static func each(of path: String, _ body: (UnsafeRawBufferPointer) -> Void) throws {
        if path == "-" { return try drain(FileHandle.standardInput, body) }
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw ValidationError("cannot read \(path): no such file, or no right to read it")
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
            throw ValidationError("\(tool) cannot unpack \(path): is it installed, and the file whole?")
        }
    }

    private static func drain(_ file: FileHandle, _ body: (UnsafeRawBufferPointer) -> Void) throws {
        while let data = try file.read(upToCount: 1 << 18), !data.isEmpty { data.withUnsafeBytes(body) }
    }
}

/// `1234567 lines` on standard error, only when a person watches and it takes long.
private struct ProgressLine {
    private let isWatched = isatty(STDERR_FILENO) == 1
    private let start = ContinuousClock.now
    private var last = ContinuousClock.now
    private var isShown = false

    mutating func show(_ lines: Int) {
        let now = ContinuousClock.now
        guard isWatched, now - start > .seconds(1), now - last > .milliseconds(200) else { return }
        last = now
        isShown = true
        FileHandle.standardError.write(Data("\r\(lines) lines".utf8))
    }

    mutating func clear() {
        if isShown { FileHandle.standardError.write(Data("\r\u{1b}[K".utf8)) }
        isShown = false
    }
}
