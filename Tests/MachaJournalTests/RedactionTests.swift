// SPDX-License-Identifier: MIT
import MachaJournal
import Testing

@Suite struct RedactionTests {
    /// Lines of the corpus with the secrets marked by ⟦ ⟧ taken out of their marks.
    private static func corpus() throws -> [(line: String, secrets: [String])] {
        try fixtureLines("redaction/secrets.txt").map { marked in
            let secrets = marked.split(separator: "⟦").dropFirst().map { String($0.prefix { $0 != "⟧" }) }
            let line = marked.replacing("⟦", with: "").replacing("⟧", with: "").replacing("\\n", with: "\n")
            return (line, secrets.map { $0.replacing("\\n", with: "\n") })
        }
    }

    @Test func `no secret of the corpus survives`() throws {
        let corpus = try Self.corpus()
        #expect(corpus.count >= 200)
        for (line, secrets) in corpus {
            var redactor = Redactor()
            let clean = String(decoding: redactor.clean(Array(line.utf8)), as: UTF8.self)
            for secret in secrets { #expect(!clean.contains(secret), "\(line) → \(clean)") }
        }
    }

    @Test func `no secret of the corpus reaches any output`() throws {
        let corpus = try Self.corpus()
        let text = Array((corpus.map(\.line).joined(separator: "\n") + "\n").utf8)
        let engine = try engine(text, format: .plain)
        let all = Templates(engine.miner)
        var outputs: [String] = []
        for tokens in [500, 8000, 100_000] {
            let digest = digest(engine, tokens: tokens)
            outputs += [digest.text, DigestJSON.render(engine, all, digest)]
        }
        outputs.append(String(decoding: LogBaseline.save(engine.miner, day: 1), as: UTF8.self))
        for template in all.all {
            guard let expansion = Expansion(engine, all, id: template.id, year: 2025) else { continue }
            text.withUnsafeBytes { expansion.feed($0) { outputs.append($0) } }
            expansion.finish { outputs.append($0) }
        }
        for (_, secrets) in corpus {
            for secret in secrets where secret.utf8.count > 6 {
                for output in outputs { #expect(!output.contains(secret), "\(secret)") }
            }
        }
    }

    @Test func `at most one harmless line in a hundred is changed`() throws {
        let patterns = try fixtureLines("redaction/harmless.txt")
        var generator = SeededGenerator(seed: 11)
        var changed: [String] = []
        for index in 0..<5000 {
            let line = Self.fill(patterns[index % patterns.count], &generator)
            var redactor = Redactor()
            if redactor.clean(Array(line.utf8)) != Array(line.utf8) { changed.append(line) }
        }
        #expect(changed.count <= 50, "\(changed.prefix(10))")
    }

    @Test func `pseudonyms hide names, are consistent, and restore exactly`() throws {
        let lines = [
            "sshd: Failed password for user anna from 203.0.113.9 port 22",
            "sshd: Accepted publickey for user anna from 203.0.113.9 port 22",
            "dhcp: 192.168.1.7 is 52:54:00:12:34:56 and fe80::5054:ff:fe12:3456 at box, known as box.example.org.",
            "odd: host-1 addr-2-part user-3: a name that looks like a pseudonym",
            "app: user=bert, user anna, 10.0.0.1:80 10.0.0.1",
        ]
        var pseudonyms = Pseudonyms(hosts: ["box"])
        let hidden = lines.map { String(decoding: pseudonyms.replace(in: Array($0.utf8)), as: UTF8.self) }
        for name in ["anna", "203.0.113.9", "192.168.1.7", "52:54:00", "fe80::", "box.example.org", "bert", "10.0.0.1"]
        {
            #expect(hidden.allSatisfy { !$0.contains(name) }, "\(name) in \(hidden)")
        }
        #expect(hidden[0].contains("user user-1 from addr-1"))
        #expect(hidden[1].contains("user user-1 from addr-1"))
        #expect(hidden.map { pseudonyms.restore($0) } == lines)
    }

    @Test func `a digest with pseudonyms is restored to the one without`() throws {
        let text =
            "Mar  1 00:00:00 box sshd[1]: refused 203.0.113.9 port 22\nMar  1 00:00:01 box sshd[1]: lost mail.example.org for user anna\n"
        let engine = try engine(text)
        let hidden = digest(engine, pseudonyms: true)
        let body = { (text: String) in text.split(separator: "\n").filter { !$0.hasPrefix("#") } }
        #expect(!hidden.text.contains("203.0.113.9"))
        #expect(body(try #require(hidden.pseudonyms).restore(hidden.text)) == body(digest(engine).text))
    }

    /// Puts values of the marked kinds into a pattern: words, numbers, bytes, letters, hex of a length, store hashes, MACs, UUIDs.
    private static func fill(_ pattern: String, _ generator: inout SeededGenerator) -> String {
        func pick(_ letters: String, _ count: Int) -> String {
            let letters = Array(letters)
            return String((0..<count).map { _ in letters[Int.random(in: 0..<letters.count, using: &generator)] })
        }
        let hex = "0123456789abcdef"
        let words = [
            "amber", "birch", "cedar", "media", "photos", "nightly", "proxy", "queue", "sensor", "ledger", "mirror",
            "harbor",
        ]
        var out = ""
        var rest = Substring(pattern)
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            out += rest[..<open]
            let kind = rest[rest.index(after: open)..<close]
            switch kind {
            case "w": out += words.randomElement(using: &generator) ?? ""
            case "n": out += "\(Int.random(in: 1...99_999, using: &generator))"
            case "b": out += "\(Int.random(in: 1...59, using: &generator))"
            case "l": out += pick("abcdefgh", 1)
            case "s": out += pick("0123456789abcdfghijklmnpqrsvwxyz", 32)
            case "m": out += (0..<6).map { _ in pick(hex, 2) }.joined(separator: ":")
            case "u": out += [8, 4, 4, 4, 12].map { pick(hex, $0) }.joined(separator: "-")
            default: out += pick(hex, Int(kind.dropFirst()) ?? 8)
            }
            rest = rest[rest.index(after: close)...]
        }
        return out + rest
    }
}
