// SPDX-License-Identifier: MIT
import Foundation
import MachaFindings
import MachaModel

/// What one host printed, and the verdict that a careful administrator gives. `Tests/Corpus/README.md` tells the form.
struct CorpusCase: Sendable {
    /// A finding that belongs there, or one that may be there.
    struct Expectation: Hashable, Sendable {
        /// Any of these is right.
        var severities: Set<String>
        /// Any of these is right; the first one names it.
        var kinds: [String]
        /// A pattern; `nil` for a finding about the host itself, or whatever its subject.
        var subject: String?

        var kind: String { kinds[0] }

        func matches(_ finding: Finding) -> Bool {
            kinds.contains(finding.recordedKind.name) && severities.contains(finding.severity.rawValue)
                && subject.map { Glob($0)?.matches(finding.subject?.raw ?? "") ?? false } ?? true
        }
    }

    /// A part of what the host is made of.
    struct Block: Sendable {
        enum Kind: Sendable {
            /// What a program prints when its arguments match, on standard error where it says so.
            case run(program: String, pattern: String, status: Int, isError: Bool)
            case file(String)
            case link(String, target: String)
            /// Properties of a unit.
            case unit(String)
            /// `AGE PRIORITY SENDER[@UNIT]: MESSAGE` lines; the kernel's own come from the sender `kernel`.
            case journal
            /// The section of a probe as it came over the wire.
            case section(String, status: Int)
            /// A file of `Fixtures/probes`.
            case fixture(String)
        }
        var kind: Kind
        var body: String
    }

    /// `FILE/CASE`.
    var name: String
    var source = ""
    /// Whose software or machine it is, as in `smartmontools/smartmontools`.
    var project = ""
    /// `real`, `varied` (a recorded output with changed values) or `rebuilt` (written in the published form).
    var origin = ""
    var asks: [String] = []
    var mayUseRoot = true
    var expected: [Expectation] = []
    var allowed: [Expectation] = []
    var says: [String] = []
    var never: [String] = []
    var blocks: [Block] = []
    /// Found and labelled after the rules, before its first run.
    var isMarkedHeldOut = false

    /// Nobody chose it: a third of the projects, by the hash of the project's name. And what came after the rules.
    var isHeldOut: Bool {
        if isMarkedHeldOut { return true }
        let digits = ContentHash(of: project.lowercased().utf8).description.prefix(8)
        return (UInt32(digits, radix: 16) ?? 0) % 3 == 0
    }
}

extension CorpusCase {
    /// The host's clock in every case: that of the healthy fixtures.
    static let now = 1_795_247_553
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Corpus")
        .standardizedFileURL

    /// A case file that cannot be read.
    struct Mistake: Error, CustomStringConvertible {
        var description: String
    }

    /// Every case of every file, in the order of their names.
    static func all() throws -> [CorpusCase] {
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        return try (files?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "cases" }
            .sorted { $0.path < $1.path }
            .flatMap { try cases(of: String(contentsOf: $0, encoding: .utf8), file: $0.lastPathComponent) }
    }

    static func cases(of text: String, file: String) throws(Mistake) -> [CorpusCase] {
        let family = file.split(separator: ".").first.map(String.init) ?? file
        var cases: [CorpusCase] = []
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let place = "Tests/Corpus/\(file):\(number + 1)"
            if line.hasPrefix("=== ") {
                cases.append(CorpusCase(name: "\(family)/\(line.dropFirst(4))"))
            } else if cases.isEmpty {
                guard line.isEmpty || line.hasPrefix("#") else { throw Mistake(description: "\(place): no case yet") }
            } else {
                try cases[cases.count - 1].read(line, place)
            }
        }
        for item in cases {
            guard !item.asks.isEmpty, !item.source.isEmpty, !item.project.isEmpty,
                ["real", "varied", "rebuilt"].contains(item.origin)
            else { throw Mistake(description: "\(item.name): asks, source, project and origin are needed") }
        }
        return cases.map { $0.trimmed() }
    }

    /// The empty line before the next case belongs to no block.
    private func trimmed() -> CorpusCase {
        var copy = self
        if let last = copy.blocks.indices.last, copy.blocks[last].body.hasSuffix("\n\n") {
            copy.blocks[last].body.removeLast()
        }
        if let last = copy.blocks.indices.last, copy.blocks[last].body == "\n" { copy.blocks[last].body = "" }
        return copy
    }

    private mutating func read(_ line: Substring, _ place: String) throws(Mistake) {
        if line.hasPrefix(">>> ") {
            guard let kind = Self.block(line.dropFirst(4)) else {
                throw Mistake(description: "\(place): no such block: \(line)")
            }
            blocks.append(Block(kind: kind, body: ""))
        } else if let last = blocks.indices.last {
            blocks[last].body += Self.timed(line) + "\n"
        } else if !line.isEmpty {
            try readHeader(line, place)
        }
    }

    /// `@now@`, `@now-3600@`: seconds since 1970.
    private static func timed(_ line: Substring) -> String {
        guard line.contains("@now") else { return String(line) }
        return String(line).replacing(/@now([+-][0-9]+)?@/) { match in
            String(now + (match.output.1.flatMap { Int($0) } ?? 0))
        }
    }

    private mutating func readHeader(_ line: Substring, _ place: String) throws(Mistake) {
        guard let colon = line.firstIndex(of: ":") else { throw Mistake(description: "\(place): no key: \(line)") }
        let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        switch line[..<colon] {
        case "source": source = value
        case "project": project = value
        case "origin": origin = value
        case "asks": asks = value.split(separator: " ").map(String.init)
        case "held-out": isMarkedHeldOut = value == "yes"
        case "root": mayUseRoot = value == "yes"
        case "expect":
            guard value != "nothing" else { return }
            expected.append(try Self.expectation(value, place))
        case "allow": allowed.append(try Self.expectation(value, place))
        case "says": says.append(value)
        case "never": never.append(value)
        case "why": return
        default: throw Mistake(description: "\(place): no such key: \(line[..<colon])")
        }
    }

    /// `warning|critical disk-failing|disk-worn /dev/sd*`.
    private static func expectation(_ text: String, _ place: String) throws(Mistake) -> Expectation {
        let words = text.split(separator: " ", maxSplits: 2).map(String.init)
        let severities = Set(words[0].split(separator: "|").map(String.init))
        guard words.count >= 2, severities.isSubset(of: ["info", "warning", "critical"]) else {
            throw Mistake(description: "\(place): not SEVERITY KIND [SUBJECT]: \(text)")
        }
        return Expectation(
            severities: severities, kinds: words[1].split(separator: "|").map(String.init),
            subject: words.count == 3 ? words[2] : nil)
    }

    private static func block(_ text: Substring) -> Block.Kind? {
        let words = text.split(separator: " ", maxSplits: 1).map(String.init)
        let rest = words.count > 1 ? words[1] : ""
        let parts = rest.split(separator: " ", maxSplits: 1).map(String.init)
        if words[0] == "journal" { return .journal }
        guard let first = parts.first else { return nil }
        switch words[0] {
        case "file": return .file(rest)
        case "link": return parts.count == 2 ? .link(first, target: parts[1]) : nil
        case "unit": return .unit(rest)
        case "section": return .section(first, status: parts.count == 2 ? Int(parts[1]) ?? 0 : 0)
        case "fixture": return .fixture(rest)
        default:
            guard let match = words[0].wholeMatch(of: /run(?:\[([0-9]+)(!?)\])?/) else { return nil }
            return .run(
                program: first, pattern: parts.count == 2 ? parts[1] : "",
                status: match.output.1.flatMap { Int($0) } ?? 0, isError: match.output.2 == "!")
        }
    }
}
