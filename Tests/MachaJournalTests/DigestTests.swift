// SPDX-License-Identifier: MIT
import Foundation
import MachaJournal
import Testing

/// A quiet day of a small box, in journalctl's short-iso form, with lines put in at given minutes.
private func day(_ extra: [(minute: Int, text: String)] = [], seed: UInt64 = 3) -> String {
    var generator = SeededGenerator(seed: seed)
    let usual = [
        "nginx[7]: 192.168.1.% \"GET /a/%\" 200 %", "systemd[1]: Started backup-% job.",
        "kernel: net: refused SRC=10.0.0.% DPT=%",
        "app[9]: cache refreshed in % ms", "app[9]: error: retry % of %, ignored",
        "cron[5]: (root) CMD (run-parts /etc/cron.hourly)",
    ]
    var out = ""
    for minute in 0..<1440 {
        let stamp =
            "2025-03-01T\(minute / 60 < 10 ? "0" : "")\(minute / 60):\(minute % 60 < 10 ? "0" : "")\(minute % 60):"
        for second in ["05", "25", "45"] {
            let line = (usual.randomElement(using: &generator) ?? "").map {
                $0 == "%" ? "\(Int.random(in: 1...250, using: &generator))" : "\($0)"
            }.joined()
            out += "\(stamp)\(second)+00:00 box \(line)\n"
        }
        for (at, text) in extra where at == minute { out += "\(stamp)50+00:00 box \(text)\n" }
    }
    return out
}

@Suite struct DigestTests {
    @Test(arguments: [500, 501, 777, 1000, 2000, 4000, 8000, 16_000, 100_000, 1_000_000])
    func `no digest is larger than its budget`(tokens: Int) throws {
        let digest = digest(
            try engine(
                day(
                    (0..<300).map {
                        ($0 * 4, "svc\($0)[1]: statement number \($0) of kind \(String(repeating: "ü", count: $0))")
                    })), tokens: tokens)
        #expect(digest.text.utf8.count <= tokens * 4)
        #expect(digest.countedLines == 4620)
    }

    @Test func `a budget is used up when there is enough to say`() throws {
        let words = ["amber", "birch", "cedar", "delta", "ember", "flint", "grove", "heath", "islet", "jetty", "knoll"]
        let lines = (0..<120).map {
            ($0 * 12, "\(words[$0 % 11])[1]: \(words[$0 / 11]) \(String(repeating: "and so ", count: 1 + $0 % 7)) on")
        }
        let digest = digest(try engine(day(lines)), tokens: 1000)
        #expect(digest.text.utf8.count > 3600)
    }

    /// Recording keeps the numbers of groups that were merged; otherwise they are given again.
    @Test func `recording which line fell where changes nothing in the digest`() throws {
        var generator = SeededGenerator(seed: 5)
        let letters = Array("abcdefghijklmnoprstuvw")
        func word() -> String { String((0..<7).map { _ in letters[Int.random(in: 0..<22, using: &generator)] }) }
        var lines: [String] = []
        for number in 0..<800 {
            lines.append("worker[7]: fetched \(word()) from the mirror in \(number) ms")
            // A statement of its own: no other has this number of words.
            if number % 40 == 39 {
                lines.append("worker[7]: \((0...number / 40).map { _ in word() }.joined(separator: " "))")
            }
        }
        let text = Array(lines.joined(separator: "\n").utf8)
        let recorded = digest(try engine(text))
        #expect(digest(try engine(text, recordsAssignments: false)).text == recorded.text)
    }

    @Test func `a needle without an alarming word survives`() throws {
        let needle = "door[3]: the garden gate was opened with the second badge"
        let digest = digest(try engine(day([(700, needle)])), tokens: 500)
        #expect(digest.text.contains("the garden gate was opened with the second badge"))
        #expect(digest.text.split(separator: "\n").dropFirst(2).first?.contains("garden gate") == true)
    }

    @Test func `a login hidden among ordinary logins is shown`() throws {
        let logins = (0..<200).map {
            ($0 * 7, "sshd[1]: Accepted publickey for admin from 192.168.1.\($0 % 50) port 40\($0) ssh2")
        }
        let digest = digest(
            try engine(day(logins + [(900, "sshd[1]: Accepted password for admin from 203.0.113.9 port 5555 ssh2")])),
            tokens: 500)
        #expect(digest.text.contains("Accepted password for admin from 203.0.113.9"))
    }

    @Test func `two incidents in one template are both shown`() throws {
        let extra = [
            (100, "kernel: I/O error, dev sda, sector 77 op 0x0"),
            (1000, "kernel: I/O error, dev sdb, sector 99 op 0x0"),
        ]
        let text = digest(try engine(day(extra)), tokens: 500).text
        #expect(text.contains("dev sda"))
        #expect(text.contains("dev sdb"))
    }

    @Test func `lines known from the baseline rank below new ones`() throws {
        let odd = (0..<60).map {
            ($0 * 20, "odd\($0)[1]: error: strange thing \(["alpha", "beta", "gamma"][$0 % 3]) number \($0) failed")
        }
        let yesterday = try engine(day(odd, seed: 4))
        let memory = LogBaseline.save(yesterday.miner, day: 20_147)
        let today = Array(day(odd + [(800, "ups[2]: running on the second battery string")], seed: 5).utf8)
        let text = digest(try engine(today, memory: memory), tokens: 500).text
        #expect(text.split(separator: "\n").dropFirst(2).first?.contains("second battery string") == true)
    }

    @Test func `a memory is the same bytes for the same days, and survives being saved again`() throws {
        let first = LogBaseline.save(try engine(day()).miner, day: 20_147)
        #expect(first == LogBaseline.save(try engine(day()).miner, day: 20_147))
        let engine = DigestEngine(year: 2025)
        try LogBaseline.load(first, into: engine.miner)
        #expect(LogBaseline.save(engine.miner, day: 20_148) == first)
    }

    @Test func `a memory of thousands of statements is read back whole`() throws {
        let statements = (0..<5000).map { index in
            let name = String(index, radix: 26).map {
                Character(Unicode.Scalar(97 + UInt8($0.wholeNumberValue ?? Int($0.asciiValue ?? 97) - 87)))
            }
            return
                "\(String(name)) \(String(repeating: "word ", count: index % 7))in column \(String(name.reversed()))\n"
        }
        let memory = LogBaseline.save(try engine(statements.joined(), format: .plain).miner, day: 20_147)
        let again = try engine(Array(statements.joined().utf8), format: .plain, memory: memory)
        #expect(LogBaseline.save(again.miner, day: 20_147).count >= memory.count)
        #expect(LedgerText.sums(again, Templates(again.miner)))
    }

    @Test func `the memory of an empty day is read back`() throws {
        #expect(try engine([], memory: LogBaseline.save(try engine([]).miner, day: 20_147)).ledger.lines == 0)
    }

    @Test func `a damaged memory is refused`() throws {
        var memory = LogBaseline.save(try engine(day()).miner, day: 20_147)
        memory[memory.count / 2] ^= 1
        #expect(throws: MemoryError.self) { try engine([], memory: memory) }
        #expect(throws: MemoryError.self) { try engine([], memory: Array("something else entirely".utf8)) }
        #expect(throws: MemoryError.self) { try engine([], memory: []) }
    }

    @Test func `units in trouble come first`() throws {
        let bytes = Array(
            "{\"MESSAGE\":\"tick\",\"_SYSTEMD_UNIT\":\"a.service\"}\n{\"MESSAGE\":\"tock went by\",\"_SYSTEMD_UNIT\":\"b.service\"}\n"
                .utf8)
        for (unit, word) in [("a.service", "tick"), ("b.service", "tock")] {
            let engine = try engine(bytes)
            let options = DigestOptions(tokens: 500, hints: Hints(troubledUnits: [unit]))
            var renderer = DigestRenderer(engine, Templates(engine.miner), options)
            #expect(renderer.render().text.split(separator: "\n").dropFirst(2).first?.contains(word) == true)
        }
    }

    @Test func `since and unit leave out lines and count them`() throws {
        let bytes = Array(day().utf8)
        let noon = try #require(Stamp.read("2025-03-01 12:00:00"))
        let late = try engine(bytes, filter: .init(since: noon))
        #expect(late.ledger.filteredLines == 2160)
        #expect(late.ledger.countedLines == 2160)
        let one = try engine(bytes, filter: .init(unit: "nginx"))
        #expect(one.ledger.countedLines + one.ledger.filteredLines == 4320)
        #expect(digest(one).text.contains("nginx:"))
        #expect(!digest(one).text.contains("kernel:"))
    }

    @Test func `a digest cannot steer a terminal`() throws {
        let text = digest(try engine("a \u{1b}]0;title\u{7} \u{202e}evil\u{0} end\u{9b}31m\n", format: .plain)).text
        #expect(
            text.unicodeScalars.allSatisfy {
                $0 == "\n" || ($0.value >= 0x20 && !(0x7f...0x9f).contains($0.value) && $0.value != 0x202e)
            })
    }

    @Test func `the document is JSON that says the same sums`() throws {
        let engine = try engine(day())
        let all = Templates(engine.miner)
        let text = DigestJSON.render(engine, all, digest(engine))
        let document = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        let rows = try #require(document["templates"] as? [[String: Any]])
        #expect(rows.reduce(0) { $0 + ($1["lines"] as? Int ?? 0) } == 4320)
    }

    @Test func `a statement that begins on three hosts within two minutes is one pattern`() throws {
        let hosts = try ["a", "b", "c"].enumerated().map { index, name in
            let engine = try engine(
                Array(day([(600 + index / 2, "dns[1]: upstream 10.9.9.9 answers nothing at all")]).utf8))
            return HostNovelty(host: name, engine, Templates(engine.miner))
        }
        let found = FleetPattern.find(hosts, least: 3)
        #expect(found.count == 1)
        #expect(found.first?.hosts == ["a", "b", "c"])
        #expect(found.first?.sentence.contains("3 hosts within 60 s") == true)
        #expect(FleetPattern.find(Array(hosts.prefix(2)), least: 3).isEmpty)
    }
}
