// SPDX-License-Identifier: MIT
import MachaJournal
import Testing

@Suite struct TrapTests {
    @Test(arguments: [
        "null-message.json", "byte-array.json", "fields.json", "truncated-last-line.json", "no-newline-at-end.json",
        "cursor-line.json", "clock-back.json", "two-boots.json", "duplicates.json", "crlf.log", "nul-bytes.log",
        "trace.log", "no-header.log",
        "plain-fields.export", "binary-field.export", "cut-in-binary.export", "stranger-line.export",
    ])
    func `every trap is read the same however the stream is cut, and its sums match`(name: String) throws {
        let bytes = try fixture("traps/\(name)")
        let whole = entries(bytes)
        for piece in [1, 2, 3, 7, 50] { #expect(entries(bytes, piece: piece) == whole) }
        let engine = try engine(bytes)
        #expect(LedgerText.sums(engine, Templates(engine.miner)))
        #expect(engine.assignments.count == engine.ledger.lines)
    }

    @Test func `a null message is an empty message`() throws {
        #expect(entries(try fixture("traps/null-message.json")).map(\.message) == ["ready", "", "done"])
    }

    @Test func `an array of bytes is the bytes`() throws {
        let found = entries(try fixture("traps/byte-array.json"))
        #expect(found.first?.message == "caf\u{fffd} open")
        #expect(found.map(\.isRaw) == [false, false])
    }

    @Test func `fields come in any order, nested, repeated and as numbers`() throws {
        let entry = try #require(entries(try fixture("traps/fields.json")).first)
        #expect(entry.message == "any \"order\" é😀")
        #expect(entry.identifier == "first")
        #expect(entry.priority == 3)
    }

    @Test func `a broken last line is kept as text`() throws {
        let found = entries(try fixture("traps/truncated-last-line.json"))
        #expect(found.map(\.isRaw) == [false, true])
        #expect(found.last?.message.hasPrefix("{\"__CURSOR\"") == true)
    }

    @Test func `a clock that goes back is counted and loses nothing`() throws {
        let engine = try engine(try fixture("traps/clock-back.json"))
        #expect(engine.ledger.clockWentBack == 1)
        #expect(engine.ledger.entries == 3)
    }

    @Test func `two boots are two boots`() throws {
        #expect(try engine(try fixture("traps/two-boots.json")).ledger.boots == 2)
    }

    @Test func `duplicate lines are one group`() throws {
        let ids = templates(try engine(try fixture("traps/duplicates.json")))
        #expect(ids.count == 5)
        #expect(Set(ids).count == 1)
    }

    @Test func `a carriage return belongs to no message`() throws {
        #expect(entries(try fixture("traps/crlf.log")).map(\.message) == ["first line", "second line"])
    }

    @Test func `NUL bytes are shown as dots`() throws {
        let text = digest(try engine(try fixture("traps/nul-bytes.log"))).text
        #expect(text.contains("a·b·c"))
        #expect(!text.contains("\0"))
    }

    @Test func `a trace stays with the line above it`() throws {
        let found = entries(try fixture("traps/trace.log"))
        #expect(found.map(\.lines) == [4, 1])
        #expect(found.map(\.line) == [1, 5])
        #expect(found.first?.message.contains("Caused by: java.io.IOException") == true)
    }

    @Test func `lines without any header are entries of their own`() throws {
        let found = entries(try fixture("traps/no-header.log"))
        #expect(found.count == 6)
        #expect(found.allSatisfy { $0.time == nil && !$0.isRaw })
    }

    @Test func `a binary field may hold blank lines and any byte`() throws {
        let found = entries(try fixture("traps/binary-field.export"))
        #expect(found.map(\.message) == ["two\n\nlines = here\0\u{fffd}", "after"])
    }

    @Test func `a stranger's line between export entries is kept as text`() throws {
        let found = entries(try fixture("traps/stranger-line.export"))
        #expect(found.map(\.message) == ["one", "this is no field", "two"])
        #expect(found.map(\.isRaw) == [false, true, false])
    }

    @Test(arguments: [JournalFormat.json, .plain, .export])
    func `a message of a megabyte is one entry`(format: JournalFormat) throws {
        let message = String(repeating: "long message ", count: 80_000)
        let text =
            switch format {
            case .json: "{\"MESSAGE\":\"\(message)\"}\n{\"MESSAGE\":\"next\"}\n"
            case .lines, .plain: message + "\nnext\n"
            case .export: "__CURSOR=a\nMESSAGE=\(message)\n\n__CURSOR=b\nMESSAGE=next\n\n"
            }
        let engine = try engine(text, format: format)
        #expect(engine.ledger.entries == 2)
        #expect(digest(engine, tokens: 500).text.utf8.count <= 2000)
    }

    @Test(arguments: [JournalFormat.json, .plain])
    func `a line without an end is cut and the stream goes on behind it`(format: JournalFormat) throws {
        let bytes = Array(repeating: UInt8(ascii: "x"), count: 10 << 20) + Array("\nnext\n".utf8)
        let engine = try engine(bytes, format: format)
        #expect(engine.ledger.lines == 2)
        #expect(engine.ledger.entries == 2)
    }

    @Test func `a hundred thousand identical lines are one line with a count`() throws {
        let line = Array("Mar  1 00:00:00 box svc[1]: again and again\n".utf8)
        var bytes: [UInt8] = []
        for _ in 0..<100_000 { bytes += line }
        let digest = digest(try engine(bytes), tokens: 500)
        #expect(digest.text.contains("×100000"))
        #expect(digest.shownLines == 100_000)
    }

    @Test func `an empty stream has an empty digest`() throws {
        let digest = digest(try engine([]))
        #expect(digest.countedLines == 0)
        #expect(digest.text.hasPrefix("# 0 lines"))
    }
}
