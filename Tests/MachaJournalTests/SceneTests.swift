// SPDX-License-Identifier: MIT
import MachaJournal
import Testing

/// A report as a tool prints it; written for this test in the tool's form.
struct Report: Sendable, CustomTestStringConvertible {
    var name: String
    var lines: [String]

    var testDescription: String { name }
}

private let reports: [Report] = [
    Report(
        name: "gcc",
        lines: [
            "src/pool.c: In function 'pool_open':", "src/pool.c:41:9: error: too few arguments to function 'lock_take'",
            "   41 |         lock_take(p);", "      |         ^~~~~~~~~", "In file included from src/pool.c:3:",
            "src/lock.h:12:5: note: declared here", "make: *** [Makefile:7: pool.o] Error 1",
        ]),
    Report(
        name: "rustc",
        lines: [
            "error[E0308]: mismatched types", "  --> src/main.rs:12:18", "   |", "12 |     let n: u32 = name;",
            "   |            ---   ^^^^ expected `u32`, found `String`",
            "error: could not compile `shop` (bin \"shop\") due to 1 previous error",
        ]),
    Report(
        name: "pytest",
        lines: [
            "____________________ test_total ____________________", "    def test_total():",
            ">       assert total([1, 2]) == 4",
            "E       assert 3 == 4", "E        +  where 3 = total([1, 2])", "tests/test_sum.py:7: AssertionError",
            "==== 1 failed, 211 passed in 3.20s ====",
        ]),
    Report(
        name: "jest",
        lines: [
            "  ● cart › adds an item", "    expect(received).toBe(expected) // Object.is equality", "    Expected: 2",
            "    Received: 1",
            "      at Object.<anonymous> (src/cart.test.ts:14:22)", "Tests:       1 failed, 87 passed, 88 total",
        ]),
    Report(
        name: "go test",
        lines: [
            "--- FAIL: TestLease (0.02s)", "    lease_test.go:51: lease of 10m, want 5m",
            "    lease_test.go:52: holder is empty",
            "FAIL", "FAIL\texample.org/lease\t0.031s",
        ]),
    Report(
        name: "cargo test",
        lines: [
            "---- ledger::sums stdout ----", "thread 'ledger::sums' panicked at src/ledger.rs:88:9:",
            "assertion `left == right` failed", "  left: 3", " right: 4",
            "test result: FAILED. 41 passed; 1 failed; 0 ignored",
        ]),
    Report(
        name: "maven",
        lines: [
            "[ERROR] Failures: ", "[ERROR]   StoreTest.reads:33 expected:<3> but was:<2>",
            "[ERROR] Tests run: 80, Failures: 1, Errors: 0, Skipped: 0", "[INFO] BUILD FAILURE",
            "[ERROR] Failed to execute goal org.apache.maven.plugins:maven-surefire-plugin:3.2.5:test",
        ]),
    Report(
        name: "eslint",
        lines: [
            "/srv/shop/src/index.js", "   3:7   error    'cart' is assigned a value but never used  no-unused-vars",
            "  18:12  warning  Unexpected console statement               no-console",
            "✖ 2 problems (1 error, 1 warning)",
        ]),
    Report(
        name: "nix",
        lines: [
            "error: builder for '/nix/store/0c0a5gcxkr7hk1a5w8i3m4b2s9d6f7hj-shop-1.2.drv' failed with exit code 2;",
            "       last 3 log lines:", "       > checking for openssl... no", "       > configure: no way to go on",
            "       For full logs, run: nix log /nix/store/0c0a5gcxkr7hk1a5w8i3m4b2s9d6f7hj-shop-1.2.drv",
        ]),
    Report(
        name: "python",
        lines: [
            "Traceback (most recent call last):", "  File \"deploy.py\", line 9, in <module>", "    main()",
            "  File \"deploy.py\", line 5, in main", "    open(\"settings.toml\")",
            "FileNotFoundError: [Errno 2] No such file or directory: 'settings.toml'",
        ]),
]

/// A build of `count` lines that all went well, no two of them alike.
private func build(_ count: Int, seed: UInt64) -> [String] {
    var generator = SeededGenerator(seed: seed)
    let words = ["amber", "birch", "cedar", "delta", "ember", "flint", "grove", "heath", "islet", "jetty"]
    func word() -> String { words.randomElement(using: &generator) ?? "" }
    return (0..<count).map { number in
        switch number % 5 {
        case 0: "[\(number)/\(count)] Compiling \(word()) \(word())\(number).c"
        case 1: "ok \(number) - \(word()) \(word()) handles errors"
        case 2: "Downloaded \(word())-\(word()) v\(number % 9).\(number % 7) in \(number) ms"
        case 3: "checking for \(word())_\(word())... yes"
        default: "  \(word()) \(word()) \(word()) is up to date"
        }
    }
}

/// What a digest shows of lines: each one's text with blanks put together.
private func shows(_ digest: String, _ line: String) -> Bool {
    digest.contains(line.split(whereSeparator: { $0 == " " || $0 == "\t" }).joined(separator: " ").prefix(150))
}

@Suite struct SceneTests {
    @Test(arguments: reports, [0.4, 0.98]) func `a report is shown whole, in its order`(report: Report, place: Double)
        throws
    {
        var lines = build(2500, seed: 11)
        let at = Int(Double(lines.count) * place)
        lines.insert(contentsOf: report.lines, at: at)
        let digest = digest(try engine(lines.joined(separator: "\n") + "\n"), tokens: 2000)
        for line in report.lines { #expect(shows(digest.text, line), "\(line)\n\(digest.text)") }
        #expect(digest.text.utf8.count <= 8000)
        // One run: the numbers of the lines follow one another.
        let numbers = digest.text.split(separator: "\n").compactMap { row in
            row.split(separator: " ").dropFirst().first.flatMap { $0.first == "L" ? Int($0.dropFirst()) : nil }
        }
        let run = Array((at + 1)...(at + report.lines.count))
        let start = try #require(numbers.firstIndex(of: run[0]))
        #expect(Array(numbers[start...].prefix(run.count)) == run)
    }

    @Test func `the last lines tell how a run ended`() throws {
        let lines =
            build(3000, seed: 3) + ["uploading the cache", "step 7 of 9 ended", "Done. Your build exited with 1."]
        let text = digest(try engine(lines.joined(separator: "\n") + "\n"), tokens: 1000).text
        for line in lines.suffix(3) { #expect(shows(text, line)) }
    }

    @Test func `how many failed comes before how many passed`() throws {
        var lines = build(3000, seed: 4)
        lines.insert("suite one: 0 failed, 120 passed", at: 900)
        lines.insert("suite two: 2 failed, 118 passed", at: 1800)
        let text = digest(try engine(lines.joined(separator: "\n") + "\n"), tokens: 500).text
        #expect(shows(text, "suite two: 2 failed, 118 passed"))
        #expect(!shows(text, "suite one: 0 failed, 120 passed"))
    }

    @Test func `a failure early in a very long build keeps its neighbouring lines`() throws {
        var lines = build(200_000, seed: 5)
        lines.insert(contentsOf: reports[0].lines, at: 20_000)
        let text = digest(try engine(lines.joined(separator: "\n") + "\n"), tokens: 4000).text
        for line in reports[0].lines { #expect(shows(text, line)) }
    }

    @Test(arguments: [500, 700, 1500, 4000, 16_000]) func `a digest of a build is no larger than its budget`(
        tokens: Int
    ) throws {
        var lines: [String] = []
        for seed in 0..<8 {
            lines += build(300, seed: UInt64(seed)) + reports[seed].lines
            lines.append(String(repeating: "wörd ", count: seed * 60))
        }
        let engine = try engine(lines.joined(separator: "\n") + "\n")
        let digest = digest(engine, tokens: tokens)
        #expect(digest.text.utf8.count <= tokens * 4)
        #expect(digest.countedLines == lines.count)
        #expect(LedgerText.sums(engine, Templates(engine.miner)))
    }

    @Test func `a secret next to a failure is hidden`() throws {
        var lines = build(500, seed: 6)
        lines.insert(
            contentsOf: [
                "error: login refused", "export API_TOKEN=ghp_0a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R", "in step deploy",
            ], at: 300)
        let text = digest(try engine(lines.joined(separator: "\n") + "\n"), tokens: 1000).text
        #expect(shows(text, "in step deploy"))
        #expect(!text.contains("ghp_0a1B2c3D4e5F6g7H"))
    }

    @Test func `requests and days of a service are no build`() throws {
        let requests = (0..<3000).map {
            #"10.0.0.\#($0 % 90) - - [01/Mar/2026:10:\#(10 + $0 / 60):\#(10 + $0 % 50) +0000] "GET /a/\#($0) HTTP/1.1" 200 \#($0)"#
        }
        let digest = digest(try engine(requests.joined(separator: "\n") + "\n"), tokens: 2000)
        #expect(digest.text.split(separator: "\n").count < 20, "one statement, told with its count")
    }

    /// Lines of a machine room without a source that is known, eight faults that come up again and again, and six that come once.
    @Test(arguments: [2000, 4000]) func `a service's log that repeats its errors shows each of them`(tokens: Int) throws
    {
        let often = [
            "ciod: Error reading message prefix on CioStream socket to 172.16.96.116:", "data TLB error interrupt at ",
            "ERROR: rts tree/torus link training failed: wanted port ", "lustre mount FAILED on node ",
            "machine check interrupt, bit ", "kernel panic: rts internal error ", "L3 major internal error on port ",
            "ciod: failed to read message prefix on control stream ",
        ]
        let once = ["fan module", "power rail", "clock card", "link chip", "service card", "node board"].map {
            "\($0) \(Array($0.utf8).count) is not responding to its monitor"
        }
        var lines = (0..<4000).map { number in
            let text =
                number % 3 == 0
                ? "\(often[number / 3 % often.count])\(number)" : "CE sym \(number % 64), at 0x0\(number)"
            return "11178\(38570 + number) R\(number % 40)-M0-N\(number % 16) RAS KERNEL \(text)"
        }
        for (index, text) in once.enumerated() { lines[300 + index * 500] = "1117838111 R02-M1-N0 RAS MONITOR \(text)" }
        let text = digest(try engine(lines.joined(separator: "\n") + "\n"), tokens: tokens).text
        for words in often + once { #expect(text.contains(words), "\(words)") }
    }
}
