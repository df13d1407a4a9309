// SPDX-License-Identifier: MIT
import ArgumentParser
import Foundation
import MachaJournal
import MachaModel

/// Reduces a journal to what a person or a model should read of it. Needs no host and no model.
struct DigestCommand: ReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "digest",
        abstract: "Reduce a journal or log to a digest of a given size.",
        discussion:
            "Reads journalctl's output in every form, JSON lines, the logs of containers, servers and builds, also compressed "
            + "with gzip, zstd, xz, bzip2 or lz4. - reads standard input.")

    @Argument(help: "File to read, or - for standard input.") var file = "-"
    @Flag(help: "Read the input as plain text, whatever its format.") var plain = false
    @Option(help: "Size of the digest in tokens of 4 bytes, 500 to 1000000.") var budget = 8000
    @Option(
        help: "Only entries since this time: 2025-03-01, '2025-03-01 12:00:00' (UTC), or 6h or 2d before now.")
    var since: String?
    @Option(help: "Only entries of this unit or identifier.") var unit: String?
    @Option(help: "File with what is normal on this host; read if it exists, updated afterwards.") var memory: String?
    @Option(help: "List all entries of one template instead.") var expand: String?
    @Option(help: "Write the template of each line to this CSV file.") var assignments: String?
    @Flag(help: "Replace hosts, users and addresses by pseudonyms.") var pseudonyms = false
    @Flag(help: "Print statistics to standard error.") var stats = false
    @Flag(help: "Print one JSON document.") var json = false

    func validate() throws {
        guard (DigestOptions.leastTokens...DigestOptions.mostTokens).contains(budget) else {
            throw ValidationError(
                "--budget must be between \(DigestOptions.leastTokens) and \(DigestOptions.mostTokens)")
        }
        if expand != nil, file == "-" { throw ValidationError("--expand reads the input twice: give a file") }
    }

    var output: Output { Output(format: json ? .json : .text) }

    func execute() async throws {
        let now = Date()
        let engine = try engine(now)
        let seconds = try feed(engine)
        let templates = Templates(engine.miner)
        if let assignments { try write(assignments, engine, templates) }
        if stats { try output.note(document: LedgerText.render(engine, templates, seconds: seconds)) }
        var isBlank = false
        if let expand {
            try list(expand, engine, templates, Self.year(now))
        } else {
            var renderer = DigestRenderer(engine, templates, DigestOptions(tokens: budget, usesPseudonyms: pseudonyms))
            let digest = renderer.render()
            isBlank = digest.isBlank
            try output.show(document: json ? DigestJSON.render(engine, templates, digest) : digest.text)
        }
        if let memory { try remember(engine, in: memory, now) }
        if isBlank {
            throw Failure(
                .input,
                "none of the \(engine.ledger.countedLines) lines that were read holds any text: try --plain to see them as they are"
            )
        }
    }

    /// The engine as the options want it, with what is normal on this host.
    private func engine(_ now: Date) throws -> DigestEngine {
        try memory.map(refuseSpecialFile)
        let filter = DigestEngine.Filter(since: try since.map { try Self.instant($0, now: now) }, unit: unit)
        let engine = DigestEngine(
            format: plain ? .plain : nil, year: Self.year(now), filter: filter,
            recordsAssignments: assignments != nil || expand != nil)
        if let memory, let bytes = FileManager.default.contents(atPath: memory) {
            try LogBaseline.load([UInt8](bytes), into: engine.miner)
        }
        return engine
    }

    private static func year(_ now: Date) -> Int { Calendar(identifier: .gregorian).component(.year, from: now) }

    /// Reads the whole input. Returns the seconds it took.
    private func feed(_ engine: DigestEngine) throws -> Double {
        let start = ContinuousClock.now
        let progress = output.progress("reading")
        try DigestInput.each(of: file) { bytes in
            engine.feed(bytes)
            progress.tell("\(engine.ledger.lines) lines read")
        }
        engine.finish()
        progress.erase()
        return (ContinuousClock.now - start) / .seconds(1)
    }

    /// Keeps what is normal on this host for the next digest.
    private func remember(_ engine: DigestEngine, in path: String, _ now: Date) throws {
        let day = Int((engine.ledger.lastTime ?? Int64(now.timeIntervalSince1970 * 1e6)) / 86_400_000_000)
        do {
            try Data(LogBaseline.save(engine.miner, day: day)).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw Failure(.unavailable, "cannot write the memory \(path): \(error.localizedDescription)")
        }
    }

    /// The memory is replaced as a whole, which would put a plain file in the place of a device such as /dev/null.
    private func refuseSpecialFile(_ path: String) throws {
        let type = try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
        guard type == nil || type == .typeRegular else {
            throw Failure(.usage, "--memory \(path) is not a regular file")
        }
    }

    private func write(_ path: String, _ engine: DigestEngine, _ templates: Templates) throws {
        guard FileManager.default.createFile(atPath: path, contents: nil), let out = FileHandle(forWritingAtPath: path)
        else {
            throw Failure(.unavailable, "cannot write \(path)")
        }
        Assignments.write(engine, templates) { out.write(Data($0)) }
        try out.close()
    }

    private func list(_ id: String, _ engine: DigestEngine, _ templates: Templates, _ year: Int) throws {
        guard let expansion = Expansion(engine, templates, id: id, year: year) else {
            throw Failure(.usage, "no template \(id) in this input: take an id from the digest of the same input")
        }
        try DigestInput.each(of: file) { bytes in
            var lines: [String] = []
            expansion.feed(bytes) { lines.append($0) }
            if !lines.isEmpty { try output.show(document: lines.joined(separator: "\n") + "\n") }
        }
        var last: [String] = []
        expansion.finish { last.append($0) }
        if !last.isEmpty { try output.show(document: last.joined(separator: "\n") + "\n") }
    }

    /// A time written out in UTC, or a span before now.
    private static func instant(_ text: String, now: Date) throws -> Int64 {
        if let seconds = DurationText.seconds(text.hasPrefix("-") ? String(text.dropFirst()) : text) {
            return Int64((now.timeIntervalSince1970 - Double(seconds)) * 1e6)
        }
        let padded = text.count == 10 ? text + " 00:00:00" : text
        guard let micros = Stamp.read(padded) else {
            throw Failure(.usage, "cannot read --since \(text): write 2025-03-01 or 6h")
        }
        return micros
    }
}
