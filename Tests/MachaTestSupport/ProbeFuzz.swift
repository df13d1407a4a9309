// SPDX-License-Identifier: MIT
import Foundation
import MachaFindings
package import MachaProbes

/// Damages answers and tells what must not come of it. No test framework here: `Tests/Lab/fuzz/probes` runs the same code
/// millions of times.
package struct ProbeFuzz {
    private var random: SeededRandom
    /// What was wrong, with enough to have it again; at most 20.
    package private(set) var faults: [String] = []
    /// Damaged answers read so far.
    package private(set) var runs = 0
    /// Those among the bodies that a parser still understood.
    package private(set) var known = 0

    /// The same seed damages the same bytes.
    package init(seed: UInt64) { random = SeededRandom(seed: seed) }

    /// `count` damaged streams made from `streams`, taken apart: a section is exactly what stands in the bytes, in order,
    /// from the first frame on. Every hundredth becomes a snapshot with findings, and survives being stored.
    package mutating func streams(_ streams: [[UInt8]], count: Int) {
        for round in 0..<count where !streams.isEmpty {
            let bytes = damaged(streams[Int.random(in: 0..<streams.count, using: &random)])
            let answer = ProbeAnswer(bytes)
            runs += 1
            if let fault = Self.misread(answer, bytes) { note("stream \(round): \(fault)") }
            guard round % 100 == 0 else { continue }
            let snapshot = Snapshot(
                host: "web", takenAt: Date(timeIntervalSince1970: 1_795_247_552), duration: 1, sections: answer.sections
            )
            _ = HostState(snapshot, Detectors.findings(in: snapshot))
            let stored = (try? JSONEncoder().encode(snapshot)).flatMap {
                try? JSONDecoder().decode(Snapshot.self, from: $0)
            }
            if stored == nil { note("stream \(round): the snapshot cannot be stored") }
        }
    }

    /// `count` damaged bodies made from `sections`, read by `probe`.
    package mutating func parser<P: Probe>(_ probe: P.Type, _ sections: [ProbeSection], count: Int) {
        let usable = sections.filter { $0.name == P.name && $0.status == 0 && !$0.body.isEmpty }
        for round in 0..<count where !usable.isEmpty {
            var section = usable[Int.random(in: 0..<usable.count, using: &random)]
            section.body = String(decoding: damaged(Array(section.body.utf8)), as: UTF8.self)
            section.isTruncated = round % 16 == 0
            runs += 1
            guard case .known(let value) = P.read(section) else { continue }
            known += 1
            if section.isTruncated { note("\(P.name): a truncated answer is known: \(section.body.prefix(200))") }
            if let fault = Self.implausible(value, in: section) {
                note("\(P.name): \(fault) in \(section.body.prefix(400))")
            }
            guard round % 8 == 0 else { continue }
            let snapshot = Snapshot(
                host: "web", takenAt: Date(timeIntervalSince1970: 1_795_247_552), duration: 1, sections: [section])
            for finding in Detectors.findings(in: snapshot) where finding.kind != .probeUnknown {
                if finding.summary.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x202e }) {
                    note("\(P.name): a summary that steers a terminal: \(finding.summary)")
                }
            }
        }
    }

    private mutating func note(_ fault: String) { if faults.count < 20 { faults.append(fault) } }

    // MARK: Damage

    /// One to four of: a byte changed, taken or put in, a line doubled, taken or moved, a figure blown up, the end cut off.
    private mutating func damaged(_ whole: [UInt8]) -> [UInt8] {
        var bytes = whole
        for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
            let at = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0...8, using: &random) {
            case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes.remove(at: at)
            case 2: bytes.insert(UInt8.random(in: 0x20...0x7e, using: &random), at: at)
            case 3: bytes.removeSubrange(line(at, bytes))
            case 4: bytes.insert(contentsOf: bytes[line(at, bytes)], at: at)
            case 5: bytes.removeLast(bytes.count - at)
            case 6: blowUp(&bytes, near: at)
            case 7: bytes.insert(contentsOf: bytes[line(at, bytes)], at: line(bytes.count - 1 - at, bytes).lowerBound)
            default: bytes.replaceSubrange(at..<min(bytes.count, at + 8), with: bytes.prefix(8))
            }
        }
        return bytes
    }

    private func line(_ at: Int, _ bytes: [UInt8]) -> Range<Int> {
        let start = bytes[..<at].lastIndex(of: 0x0a).map { $0 + 1 } ?? 0
        let end = bytes[at...].firstIndex(of: 0x0a).map { $0 + 1 } ?? bytes.count
        return start..<max(start, end)
    }

    /// Puts a figure that is easily miscounted where the next digit stands.
    private mutating func blowUp(_ bytes: inout [UInt8], near at: Int) {
        let figures = [
            "9223372036854775807", "-9223372036854775808", "-1", "0", "1e308", "4294967296", "99999999999999999999",
            "nan",
            "inf", "0x10", "1.5",
        ]
        guard let digit = bytes[at...].firstIndex(where: { (0x30...0x39).contains($0) }) else { return }
        let end = bytes[digit...].firstIndex { !(0x30...0x39).contains($0) } ?? bytes.count
        let figure = figures[Int.random(in: 0..<figures.count, using: &random)]
        bytes.replaceSubrange(digit..<end, with: figure.utf8)
    }

    // MARK: What must hold

    /// Writes the sections as frames again and compares them with the bytes they were read from.
    private static func misread(_ answer: ProbeAnswer, _ bytes: [UInt8]) -> String? {
        guard let first = answer.sections.first else { return nil }
        let opening = Array("@@begin 0 0\n\n".utf8)
        guard let begin = firstRange(of: opening, in: bytes) else { return "sections without a beginning" }
        var at = begin + opening.count
        for section in answer.sections {
            guard let end = bytes[at...].firstIndex(of: 0x0a) else { return "no header for \(first.name)" }
            let header = String(decoding: bytes[at..<end], as: UTF8.self).split(separator: " ")
            guard header.count >= 3, header[0] == "@@\(section.name)", Int(header[1]) == section.status,
                let count = Int(header[2]), end + count + 1 < bytes.count + 1, bytes[end + 1 + count] == 0x0a,
                (header.count == 4) == section.isTruncated
            else { return "another header than \(section.name)" }
            guard section.body == String(decoding: bytes[(end + 1)..<(end + 1 + count)], as: UTF8.self) else {
                return "another body than \(section.name)"
            }
            at = end + count + 2
        }
        return nil
    }

    /// Where the parser may start: at the beginning of a line.
    private static func firstRange(of needle: [UInt8], in bytes: [UInt8]) -> Int? {
        var line = 0
        while line + needle.count <= bytes.count {
            if bytes[line...].starts(with: needle) { return line }
            guard let end = bytes[line...].firstIndex(of: 0x0a) else { return nil }
            line = end + 1
        }
        return nil
    }

    /// What is wrong with a value that claims to be known: a figure outside of what can be, a text that the answer does not
    /// hold, or something that does not survive being stored.
    private static func implausible<Value: Codable & Hashable>(_ value: Value, in section: ProbeSection) -> String? {
        if let fault = outOfRange(value) { return fault }
        guard let data = try? JSONEncoder().encode([value]),
            let back = try? JSONDecoder().decode([Value].self, from: data)
        else { return "cannot be stored" }
        // Fractions may differ in the last digit after a round trip, so equal text is enough.
        if back != [value], (try? JSONEncoder().encode(back))?.count != data.count { return "comes back changed" }
        guard !reworded.contains(section.name), !section.body.contains("\\"),
            let object = try? JSONSerialization.jsonObject(with: data)
        else { return nil }
        let lower = section.body.lowercased()
        return texts(in: object).first { text in
            !section.body.contains(text) && !lower.contains(text.lowercased()) && !ownWords.contains(text)
        }.map { "\"\($0)\" is nowhere in the answer" }
    }

    /// Probes whose texts are decoded: base64, octal escapes, DER, or put together.
    private static let reworded: Set = [
        "journal", "certificates", "mounts", "disks", "zfs", "timers", "network",
    ]

    /// Words of our own for what was read.
    private static let ownWords: Set = [
        "resolves", "not-found", "no-answer", "answers", "silent", "cannot-be-asked", "orderly", "sudden", "none",
        "old",
        "passed", "failing", "asleep", "hwmon", "UNKNOWN", "",
    ]

    private static func texts(in object: Any) -> [String] {
        switch object {
        case let text as String: [text]
        case let list as [Any]: list.flatMap { texts(in: $0) }
        // Why an item was not understood is said in our words.
        case let members as [String: Any]: members.filter { $0.key != "unread" }.values.flatMap { texts(in: $0) }
        default: []
        }
    }

    private static func outOfRange(_ value: Any) -> String? {
        let year5000 = 1...100_000_000_000
        func check(_ isFine: Bool, _ what: String) -> String? { isFine ? nil : what }
        switch value {
        case let state as BootState:
            return check((0...1e10).contains(state.uptime) && year5000.contains(state.now), "boot")
        case let state as LoadAverage:
            return check(
                state.processors > 0 && [state.one, state.five, state.fifteen].allSatisfy { (0...1e7).contains($0) },
                "load")
        case let state as MemoryState:
            return check(
                state.total > 0 && (0...state.total).contains(state.available)
                    && state.swapTotal >= 0 && (0...state.swapTotal).contains(state.swapFree), "memory")
        case let state as CPUUsage: return check(state.share.map { (0...1).contains($0) } ?? true, "share")
        case let state as DisksState:
            return check(
                state.fileSystems.allSatisfy {
                    (0...1).contains($0.usedShare) && ($0.inodesUsedShare.map { (0...1).contains($0) } ?? true)
                        && $0.size >= 0 && $0.available >= 0
                }, "disk")
        case let state as UnitsState:
            return check(year5000.contains(state.observedAt) && state.units.count <= 200, "units")
        case let state as JournalState:
            return check(
                state.counts.count == 8 && state.counts.allSatisfy { $0 >= 0 } && state.skipped >= 0
                    && (0...state.entries.count).contains(state.fresh)
                    && state.entries.allSatisfy { (0...7).contains($0.priority) && $0.time > 0 }
                    && (state.isComplete ? state.skipped == 0 && state.unreadable == 0 : true), "journal")
        case let state as TimersState:
            return check(
                state.timers.allSatisfy { ($0.period ?? 1) > 0 && ($0.lastRun ?? 1) > 0 }
                    && year5000.contains(state.observedAt), "timers")
        case let state as LoginsState:
            return check(
                (0...50_000).contains(state.failed) && state.sources.count <= 20
                    && state.sources.map(\.refused).reduce(0, +) <= state.failed, "logins")
        case let state as BootHistory: return check(state.journalBytes >= 0, "journal size")
        case let state as PortsState:
            return check(state.listeners.allSatisfy { (1...65_535).contains($0.port) }, "port")
        case let state as BlocksState: return check(state.disks.allSatisfy { $0.size >= 0 }, "size")
        case let state as CoreDumpsState?:
            return check(state?.dumps.allSatisfy { (1...64).contains($0.signal) && $0.time > 0 } ?? true, "dump")
        case let state as SensorsState?:
            return check(state?.temperatures.allSatisfy { (-40...150).contains($0.celsius) } ?? true, "temperature")
        case let state as BtrfsState?: return check(state?.devices.allSatisfy { $0.total >= 0 } ?? true, "btrfs")
        case let state as CertificatesState?:
            return check(state?.certificates.allSatisfy { $0.notBefore < $0.notAfter } ?? true, "certificate")
        case let state as VulnerabilitiesState?:
            return check(state?.packages.allSatisfy { $0.score.map { (0...10).contains($0) } ?? true } ?? true, "score")
        case let state as StoreState?: return check(state.map { $0.paths > 0 && $0.bytes > 0 } ?? true, "store")
        case let state as ZFSState?:
            return check(state?.pools.allSatisfy { $0.devices.allSatisfy { $0.errors >= 0 } } ?? true, "zfs")
        default: return nil
        }
    }
}
