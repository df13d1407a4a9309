// SPDX-License-Identifier: MIT
import MachaProbes
import MachaTestSupport
import Testing

struct ProbeAnswerTests {
    private static let bodies: [(name: String, body: String)] = [
        ("boot", "1\n2\n"), ("units", "x\n@@end 0 0\n\n@@journal 0 5\nforge\n"), ("load", ""), ("disks", "\n\nä\n"),
    ]

    private static func frame(_ name: String, _ body: String, status: String = "0", tail: String = "") -> String {
        "@@\(name) \(status) \(body.utf8.count)\(tail)\n\(body)\n"
    }

    private static func stream(_ bodies: [(name: String, body: String)] = bodies) -> [UInt8] {
        Array(("@@begin 0 0\n\n" + bodies.map { frame($0.name, $0.body) }.joined() + "@@end 0 0\n\n").utf8)
    }

    @Test func `bodies arrive as they were sent, whatever their content`() {
        let answer = ProbeAnswer(Self.stream())
        #expect(answer.isComplete)
        #expect(answer.sections.map(\.name) == Self.bodies.map { $0.name })
        #expect(answer.sections.map(\.body) == Self.bodies.map { $0.body })
    }

    @Test(arguments: [
        "@@units 0 5\nlies!\n", "@@end 0 0\n\n", "@@begin 0 0\n\n", "\n@@units 0 0\n\n@@end 0 0\n\n",
        "x\n@@journal 0 9999\n",
    ])
    func `log text cannot forge a frame`(attack: String) {
        let sections = ProbeAnswer(Self.stream([("journal", attack), ("units", "true")])).sections
        #expect(sections.map(\.name) == ["journal", "units"])
        #expect(sections.map(\.body) == [attack, "true"])
    }

    @Test func `a stream cut at any byte gives whole sections only and is marked incomplete`() {
        let whole = Self.stream()
        let all = ProbeAnswer(whole).sections
        for length in 0..<(whole.count - 1) {
            let answer = ProbeAnswer(Array(whole.prefix(length)))
            #expect(!answer.isComplete)
            #expect(answer.sections == Array(all.prefix(answer.sections.count)), "cut at \(length)")
        }
    }

    @Test func `output of the account's start-up files is skipped`() {
        let noise = Array("Welcome to web\n@@units 0 3\nyes\n\n".utf8)
        #expect(ProbeAnswer(noise + Self.stream()).sections == ProbeAnswer(Self.stream()).sections)
        #expect(ProbeAnswer(noise).sections.isEmpty)
    }

    @Test func `the parser reads status and cut from the header`() {
        let text = "@@begin 0 0\n\n" + Self.frame("a", "no", status: "127") + Self.frame("b", "long", tail: " cut")
        let sections = ProbeScript.sections(from: Array(text.utf8))
        #expect(
            sections == [
                ProbeSection(name: "a", status: 127, body: "no"),
                ProbeSection(name: "b", status: 0, body: "long", isTruncated: true),
            ])
    }

    @Test(arguments: [
        "@@load 0 4\nbody\n@ @x 0 0\n\n", "@@load 0 4\nbody\n@@x 0\n\n", "@@load 0 4\nbody\n@@x 0 -1\n\n",
        "@@load 0 4\nbody\n@@x 0 99999999999999999999\n\n", "@@load 0 4\nbody\n@@x 0 1 huh\na\n",
        "@@load 0 4\nbody\n@@X 0 1\na\n",
        "@@load 0 4\nbody\n@@x  0 1\na\n", "@@load 0 4\nbody\n@@x 0 1\nab\n", "@@load 0 4\nbody\n@@x +0 1\na\n",
    ])
    func `nothing after a broken frame is believed`(text: String) {
        let answer = ProbeAnswer(Array(("@@begin 0 0\n\n" + text + "@@units 0 2\nok\n@@end 0 0\n\n").utf8))
        #expect(answer.sections.map(\.name) == ["load"])
        #expect(!answer.isComplete)
    }

    @Test func `random damage never crashes, and a section's body is always the bytes its header declares`() {
        var random = SeededRandom(seed: 11)
        let whole = Self.stream()
        for _ in 0..<1500 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0...2, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: place)
                default: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
                }
            }
            for section in ProbeAnswer(bytes).sections where !section.body.contains("\u{fffd}") {
                #expect(Self.declares(section, bytes), "\(section) in \(String(decoding: bytes, as: UTF8.self))")
            }
        }
    }

    /// Whether some line of `bytes` is a header of `section`, with exactly its body and a line break behind it.
    private static func declares(_ section: ProbeSection, _ bytes: [UInt8]) -> Bool {
        let body = Array(section.body.utf8)
        return bytes.indices.contains { start in
            guard bytes[start...].starts(with: "@@\(section.name) ".utf8),
                let end = bytes[start...].firstIndex(of: 0x0a),
                let header = String(validating: bytes[start..<end], as: UTF8.self)
            else { return false }
            let fields = header.split(separator: " ")
            return fields.count >= 3 && Int(fields[1]) == section.status && Int(fields[2]) == body.count
                && bytes[(end + 1)...].starts(with: body + [0x0a])
        }
    }

    @Test(arguments: ["\u{1b}[?25h", "Welcome", "Welcome\n", String(repeating: "a line\n", count: 20_000)])
    func `output before the answer may be long and end without a newline`(noise: String) {
        let answer = ProbeAnswer(Array(noise.utf8) + Self.stream([(name: "a", body: "one"), (name: "b", body: "two")]))
        #expect(answer.isComplete)
        #expect(answer.sections.map(\.body) == ["one", "two"])
    }
}
