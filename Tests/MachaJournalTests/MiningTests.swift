// SPDX-License-Identifier: MIT
import MachaJournal
import Testing

@Suite struct MiningTests {
    /// Lines that must fall into one template each.
    @Test(arguments: [
        ["copied 12 files to /srv/a", "copied 7 files to /srv/b2"],
        ["sent 0 bytes in 3 ms", "sent 4096 bytes (4.0 KB) in <1 sec"],
        ["peer 10.0.0.1:22 gone", "peer 10.0.0.9:443 gone", "peer pump.example.net:22 gone"],
        ["drop blk_-17 blk_4 blk_99", "drop blk_3"],
        ["session opened for user anna by (uid=0)", "session opened for user bert by (uid=0)"],
        ["lookup of a.example.org failed, trying next", "lookup of mail.example.com failed, trying next"],
        ["speeds 3552 3534 3375", "speeds 3552", "speeds 1, 2, 3, 4"],
        ["playing \"Quiet Moon\" for guest", "playing \"Red Fox of the North\" for guest"],
        ["lease from 10.0.0.4 () ends", "lease from 10.0.0.5 (pump.example.net) ends"],
        ["node-7 is up again", "node-[40-63] is up again"],
    ])
    func `lines that differ in values are one statement`(lines: [String]) throws {
        let ids = Set(templates(try engine(lines.joined(separator: "\n") + "\n", format: .plain)))
        #expect(ids.count == 1, "\(lines)")
    }

    @Test(arguments: [
        ["unit started", "unit stopped"],
        ["state changed from NEW to RUNNING", "state changed from RUNNING to DONE"],
        ["GET /a/1 status 200", "DELETE /a/1 status 200"],
        ["login for user=root from 10.0.0.1", "login for user=guest from 10.0.0.1"],
        ["action: screen.event.SCREEN_ON", "action: screen.event.SCREEN_OFF"],
        ["link up", "link up, speed 1000"],
    ])
    func `lines that differ in words are different statements`(lines: [String]) throws {
        let ids = Set(templates(try engine(lines.joined(separator: "\n") + "\n", format: .plain)))
        #expect(ids.count == lines.count, "\(lines)")
    }

    @Test func `a word that takes on many values becomes a variable`() throws {
        let names = ["amber", "birch", "cedar", "delta", "ember", "flint", "grove"]
        let ids = Set(
            templates(try engine(names.map { "the queue named \($0) is empty now\n" }.joined(), format: .plain)))
        #expect(ids.count == 1)
    }

    @Test func `the number of groups stays bounded and what is let go stays counted`() throws {
        var generator = SeededGenerator(seed: 7)
        var text = ""
        for _ in 0..<30_000 {
            let words = (0..<Int.random(in: 3...9, using: &generator)).map { _ in
                String((0..<5).map { _ in Character(Unicode.Scalar(UInt8.random(in: 97...122, using: &generator))) })
            }
            text += words.joined(separator: [" ", ", ", "; ", " = "][Int.random(in: 0..<4, using: &generator)]) + "\n"
        }
        let engine = try engine(text, format: .plain)
        let all = Templates(engine.miner)
        #expect(engine.miner.evictedGroups > 0)
        #expect(all.all.count <= TemplateMiner.maximumGroups)
        #expect(LedgerText.sums(engine, all))
    }

    @Test func `ten thousand random inputs: sums match and the same input gives the same bytes`() throws {
        var generator = SeededGenerator(seed: 1)
        let pieces = [
            "a", "error", "user=", "10.0.0.1", " ", " ", "\n", "\n", "[1]", "{\"MESSAGE\":\"", "\"}", "\\u00e9",
            "MESSAGE=", "__CURSOR=",
            "\n\n", "\0", "\u{1b}[31m", "é", "Mar  1 00:00:00 h s[1]: ", "2025-03-01T00:00:00+00:00 h k: ", "()", "=",
            ":", "://a:b@", "/p/1", "<", "\t",
        ]
        for _ in 0..<10_000 {
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 0...40, using: &generator) {
                if Int.random(in: 0..<8, using: &generator) == 0 {
                    bytes.append(UInt8.random(in: 0...255, using: &generator))
                } else {
                    bytes += (pieces.randomElement(using: &generator) ?? "").utf8
                }
            }
            let format = [nil, JournalFormat.plain, .json, .export].randomElement(using: &generator) ?? nil
            let first = try engine(bytes, format: format)
            let second = try engine(bytes, format: format, piece: Int.random(in: 1...9, using: &generator))
            #expect(LedgerText.sums(first, Templates(first.miner)))
            #expect(first.assignments.count == first.ledger.lines)
            #expect(digest(first, tokens: 500).text == digest(second, tokens: 500).text)
        }
    }

    @Test func `assignments have one row per line, counted from 1`() throws {
        let engine = try engine("one thing\nother 5\nother 6\n", format: .plain)
        var out: [UInt8] = []
        Assignments.write(engine, Templates(engine.miner)) { out += $0 }
        let rows = String(decoding: out, as: UTF8.self).split(separator: "\n").map { $0.split(separator: ",") }
        #expect(rows.map { $0[0] } == ["LineId", "1", "2", "3"])
        #expect(rows[2][1] == rows[3][1])
        #expect(rows[1][1] != rows[2][1])
    }

    @Test func `expanding a template lists its entries and no others`() throws {
        let text = Array("job 1 done\nall quiet\njob 22 done\n".utf8)
        let engine = try engine(text, format: .plain)
        let all = Templates(engine.miner)
        let id = try #require(all.template(of: Int(engine.assignments[0]), engine.miner)?.id)
        var lines: [String] = []
        let expansion = try #require(Expansion(engine, all, id: id, year: 2025))
        text.withUnsafeBytes { expansion.feed($0) { lines.append($0) } }
        expansion.finish { lines.append($0) }
        #expect(lines == ["L1 job 1 done", "L3 job 22 done"])
        #expect(Expansion(engine, all, id: "nosuch", year: 2025) == nil)
    }
}
