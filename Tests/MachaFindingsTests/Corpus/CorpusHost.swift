// SPDX-License-Identifier: MIT
import Foundation
import MachaProbes
import MachaTestSupport

/// A case as a folder: programs that print what was recorded, and files below `root/`. The probes' own fragments are run
/// there by `sh`, with paths like `/proc` moved into the folder, so a case tests what is asked as well as what is read.
struct CorpusHost {
    private let item: CorpusCase
    private let place: Scratch

    /// Programs that fragments may use of this machine; everything else a host has or has not.
    private static let tools = [
        "sh", "awk", "base64", "basename", "cat", "comm", "cut", "dirname", "env", "expr", "find", "grep", "head", "id",
        "ls", "mkdir", "mv", "od", "readlink", "rm", "sed", "seq", "sleep", "sort", "stat", "tail", "tee", "timeout",
        "tr",
        "uniq", "wc", "xargs",
    ]
    private static let base = Result {
        let place = try Scratch("macha-corpus-tools")
        for tool in tools {
            guard let path = which(tool) else { continue }
            try FileManager.default.createSymbolicLink(atPath: place.path(tool), withDestinationPath: path)
        }
        try FileManager.default.createSymbolicLink(
            atPath: place.path("date"), withDestinationPath: CorpusCase.folder.appending(path: "date").path)
        return place
    }

    init(_ item: CorpusCase) throws {
        self.item = item
        place = try Scratch("macha-corpus")
        let files = FileManager.default
        for folder in ["bin", "root", "answers", "units", "journal"] {
            try files.createDirectory(atPath: place.path(folder), withIntermediateDirectories: true)
        }
        try files.createSymbolicLink(
            atPath: place.path("real"), withDestinationPath: try Self.base.get().url.path)
        for (number, block) in item.blocks.enumerated() { try write(block, number) }
        let hasJournal = item.blocks.contains { if case .journal = $0.kind { true } else { false } }
        if hasJournal || item.asks.contains("journal") { try writeJournal() }
    }

    private func write(_ block: CorpusCase.Block, _ number: Int) throws {
        switch block.kind {
        case .run(let program, let pattern, let status, let isError):
            let answer = "answers/\(program).\(number + 100)"
            try place.write(pattern + "\n", to: "\(answer)/pattern")
            try place.write("\(status)\n", to: "\(answer)/status")
            try place.write(block.body, to: "\(answer)/output")
            if isError { try place.write("", to: "\(answer)/error") }
            try install(program, CorpusCase.folder.appending(path: "answer"))
        case .file(let path): try place.write(block.body, to: "root\(path)")
        case .link(let path, let target):
            let link = place.url.appending(path: "root\(path)")
            try FileManager.default.createDirectory(
                at: link.deletingLastPathComponent(), withIntermediateDirectories: true)
            let inside = target.hasPrefix("/") ? place.path("root\(target)") : target
            try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: inside)
        case .unit(let name):
            try place.write(block.body, to: "units/\(name)")
            try install("systemctl", Self.lab.appending(path: "systemctl"))
        case .journal, .section, .fixture: break
        }
    }

    private static let lab = CorpusCase.folder.appending(path: "../Lab/light/bin").standardizedFileURL

    private func install(_ program: String, _ target: URL) throws {
        let path = place.path("bin/\(program)")
        guard !FileManager.default.fileExists(atPath: path) else { return }
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target.path)
    }

    private func writeJournal() throws {
        let blocks = item.blocks.filter { if case .journal = $0.kind { true } else { false } }
        let lines = blocks.flatMap { $0.body.split(separator: "\n") }
        var entries = [JournalLine(age: 3500, priority: 6, sender: "systemd", unit: "init.scope", message: "Started.")]
        entries += lines.compactMap { JournalLine($0) }
        guard entries.count == lines.count + 1 else {
            throw CorpusCase.Mistake(
                description: "\(item.name): a line of the journal is not AGE PRIORITY SENDER: TEXT")
        }
        let texts = entries.enumerated().map { $1.json(serial: $0) }
        try place.write(texts.joined(separator: "\n") + "\n", to: "journal/1.jsonl")
        try install("journalctl", Self.lab.appending(path: "journalctl"))
    }

    /// The case's own answers, and healthy ones to every other probe.
    func snapshot() async throws -> Snapshot {
        var sections: [ProbeSection] = []
        for probe in ProbeCatalog.all where item.asks.contains(probe.name) {
            sections.append(try await section(probe))
        }
        let present = Set(sections.map(\.name))
        sections += try RecordedHost.named("healthy").sections.filter { !present.contains($0.name) }.map { section in
            // It was recorded in a container, which has neither clock nor disks of its own.
            var section = section
            if section.name == "time" { section.body.replace("NTPSynchronized=no", with: "NTPSynchronized=yes") }
            if section.name == "system" { section.body.replace(/\ncontainer=[^\n]*/, with: "\ncontainer=") }
            return section
        }
        return Snapshot(
            host: "host", takenAt: Date(timeIntervalSince1970: Double(CorpusCase.now)), duration: 2, sections: sections)
    }

    private func section<P: Probe>(_ probe: P.Type) async throws -> ProbeSection {
        for block in item.blocks {
            switch block.kind {
            case .section(let name, let status) where name == P.name:
                return ProbeSection(name: name, status: status, body: block.body)
            case .fixture(let name) where name.hasPrefix("\(P.name)/"):
                guard let fixture = ProbeFixture.all.first(where: { "\($0.probe)/\($0.name)" == name }) else {
                    throw CorpusCase.Mistake(description: "\(item.name): no fixture \(name)")
                }
                return fixture.section
            default: continue
            }
        }
        return try await run(P.name, SharedQuestion.functions + P.script, P.byteLimit)
    }

    private func run(_ name: String, _ fragment: String, _ limit: Int) async throws -> ProbeSection {
        let root = place.path("root")
        let inside = fragment.replacing(/(^|[\s"'=<(])(\/(?:proc|sys|etc|run|var|nix|boot)\b)/) { match in
            "\(match.output.1)\(root)\(match.output.2)"
        }
        let (output, errors) = (place.path("\(name).output"), place.path("\(name).errors"))
        let child = try ChildProcess(
            "/bin/sh", ["-c", inside],
            environment: [
                "PATH": "\(place.path("bin")):\(place.path("real"))", "LC_ALL": "C", "HOME": place.path("root"),
                "MACHA_AS_ROOT": item.mayUseRoot ? "" : "/dev/null", "MACHA_CURSOR": "", "MACHA_SINCE": "",
                "MACHA_NAMES": "", "MACHA_TARGETS": "", "MACHA_STAT": "", "MACHA_CORPUS_NOW": "\(CorpusCase.now)",
            ], output: output, errors: errors)
        let status = Int(await child.finished())
        let said = try place.read("\(name).output").replacing(root, with: "")
        let failed = try place.read("\(name).errors").replacing(root, with: "")
        let body = String(decoding: said.utf8.prefix(limit), as: UTF8.self)
        let isTruncated = said.utf8.count > limit
        return ProbeSection(
            name: name, status: isTruncated ? 0 : status, body: status == 0 ? body : "\(body)\n\(failed)",
            isTruncated: isTruncated)
    }
}

/// `60 4 kernel: text`, or `60 3 nginx@nginx.service: text`: seconds before now, priority, who says it.
private struct JournalLine {
    var age: Int
    var priority: Int
    var sender: String
    var unit: String?
    var message: String

    init(age: Int, priority: Int, sender: String, unit: String?, message: String) {
        (self.age, self.priority, self.sender) = (age, priority, sender)
        (self.unit, self.message) = (unit, message)
    }

    init?(_ line: Substring) {
        let words = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard words.count == 3, let age = Int(words[0]), let priority = Int(words[1]), (0...7).contains(priority),
            let colon = words[2].firstRange(of: ": ")
        else { return nil }
        let who = words[2][..<colon.lowerBound].split(separator: "@", maxSplits: 1).map(String.init)
        self.init(
            age: age, priority: priority, sender: who[0], unit: who.count == 2 ? who[1] : nil,
            message: String(words[2][colon.upperBound...]))
    }

    func json(serial: Int) -> String {
        let time = (CorpusCase.now - age) * 1_000_000 + serial
        let isKernel = sender == "kernel"
        var fields = [
            "__CURSOR": "s=0f;i=\(String(serial + 1, radix: 16));b=2ab3;m=1;t=\(String(time, radix: 16));x=1",
            "__REALTIME_TIMESTAMP": "\(time)", "_BOOT_ID": "2ab33fcca4d44deaa391595aca1fcde9",
            "PRIORITY": "\(priority)", "SYSLOG_IDENTIFIER": sender, "_TRANSPORT": isKernel ? "kernel" : "journal",
            "MESSAGE": message,
        ]
        fields["_SYSTEMD_UNIT"] = unit
        if let unit, let at = unit.firstIndex(of: "@") { fields["_SYSTEMD_SLICE"] = "system-\(unit[..<at]).slice" }
        return "{"
            + fields.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\"\(Self.escaped($0.value))\"" }
            .joined(separator: ",") + "}"
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    }
}
