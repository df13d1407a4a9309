// SPDX-License-Identifier: MIT

/// How much a line of a build or a test run announces a failure, by the forms that compilers, test runners, linters and
/// shells write, in bits: 5 for a verdict, below zero for what went well.
enum Headline {
    private enum Place { case start, anywhere, end }

    private static let strong = 4.0
    private static let verdict = 5.0
    private static let compared = 3.5
    private static let passed = -3.0

    private static let phrases: [(text: String, place: Place, bits: Double)] = {
        let lists: [(Place, Double, [String])] = [
            (
                .start, verdict,
                [
                    "FAIL", "ERROR", "Error", "error:", "error[", "error ", "fatal:", "fatal error", "FATAL", "panic:",
                    "Traceback", "not ok", "✗", "✘", "❌", "×", "✕", "--- FAIL", "***", "E  ", "AssertionError",
                    "Caused by:", "Exception in", "npm ERR!", "##[error]", "[ERROR]", "[FATAL]", "[error]", "[-]",
                    "Unhandled", "Uncaught", "●", "thread '", "E: ", "!!!", "Failed ", "failures:",
                ]
            ),
            (
                .anywhere, strong,
                [
                    ": error", "error:", "ERROR:", " ERROR ", " error ", "Error:", "Exception:", "[FAIL]", "FAILED",
                    "panicked at",
                    "undefined reference", "egmentation fault", "core dumped", "fatal error", "AssertionError",
                    "ssertion", "aborted!", "BUILD FAIL", "ompilation fail", "timed out", "command not found",
                    "returned non-zero", "No such file", "annot find ", "ould not ", "unresolved ", "Timeout",
                    "timetrap",
                    "crashed", "not defined", "unknown type", "FAIL:", "FAIL ", "failed", "Killed", "*** [",
                ]
            ),
            (
                .start, compared,
                [
                    "Expected:", "Expected ", "Actual:", "Actual ", "Received:", "Received ", "expected:", "actual:",
                    "got:",
                    "want:", "- Expected", "+ Actual", "+ Received", "left: ", "right: ",
                ]
            ),
            (.anywhere, compared, ["!= ", "should be", "should have", "should equal"]),
            (.start, passed, ["ok ", "PASS", "✓", "✔", "√", "[+]", "--- PASS", "=== RUN", "[ OK", "[       OK"]),
            (.end, passed, [": OK", "... ok", " OK", " PASSED", " passed", "...ok", "(ok)"]),
        ]
        return lists.flatMap { place, bits, texts in texts.map { ($0, place, bits) } }
    }()

    private static let table = PhraseTable(phrases.map { Array($0.text.utf8) })
    private static let complaints = PhraseTable(
        ["error", "warning", "cannot", "annot ", "expected", "unused", "missing", "undefined"].map { Array($0.utf8) })
    private static let outcomes = PhraseTable(
        [" but ", " actual", " got ", " got:", "received", " to be ", " to equal", " to have"].map { Array($0.utf8) })

    static func weigh(_ text: [UInt8]) -> Double { text.withUnsafeBufferPointer(weigh) }

    private static func weigh(_ whole: UnsafeBufferPointer<UInt8>) -> Double {
        let text = UnsafeBufferPointer(rebasing: whole.prefix(400))
        var start = 0
        // What quotes and lists put before a line.
        while start < text.count,
            text[start] == 0x20 || text[start] == UInt8(ascii: "#") || text[start] == UInt8(ascii: ">")
                || text[start] == UInt8(ascii: "|")
        {
            if text[start] == UInt8(ascii: "#"), start + 1 < text.count, text[start + 1] == UInt8(ascii: "#") { break }
            start += 1
        }
        var best = 0.0
        var passes = false
        table.scan(text) { index, at in
            let phrase = phrases[index]
            switch phrase.place {
            case .start where at != start: return
            case .end where at + phrase.text.utf8.count != text.count: return
            default: break
            }
            if phrase.bits < 0 { passes = true } else { best = max(best, phrase.bits) }
        }
        let numbers = Tally(text)
        if numbers.fails || exits(text) { best = max(best, verdict) }
        if best < strong, names(text) { best = strong }
        if best < compared, compares(text) { best = compared }
        if numbers.isZero, !numbers.fails { best = min(best, 0) - 1 }
        return passes && !numbers.fails ? passed : best
    }

    /// `exited with code 2`, `exit status 1`: any number but zero; and `Error 2` at the end, as make writes.
    private static func exits(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        var found = false
        endings.scan(text) { index, at in
            var next = at + endingLengths[index]
            while next < text.count,
                text[next] == 0x20 || text[next] == UInt8(ascii: ":") || text[next] == UInt8(ascii: "=")
            {
                next += 1
            }
            if next < text.count, text[next] >= 0x31, text[next] <= 0x39 { found = true }
        }
        return found
    }

    private static let endingTexts = [
        "exited with", "exit code", "exit status", "Exit code", "Exit status", "exited with code", "] Error",
        "exit value",
        "exit-code", "returned",
    ]
    private static let endings = PhraseTable(endingTexts.map { Array($0.utf8) })
    private static let endingLengths = endingTexts.map(\.utf8.count)

    /// A place in a file, `name.ext:12` or `name.ext(12`, and behind it a word of complaint.
    private static func names(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        var at = 1
        while at + 3 < text.count {
            defer { at += 1 }
            guard text[at] == UInt8(ascii: ":") || text[at] == UInt8(ascii: "("), text[at + 1] >= 0x30,
                text[at + 1] <= 0x39
            else { continue }
            var back = at - 1
            while back > 0, at - back <= 6, ByteClass.table[Int(text[back])] & (ByteClass.letter | ByteClass.digit) != 0
            {
                back -= 1
            }
            guard text[back] == UInt8(ascii: "."), back < at - 1 else { continue }
            return !complaints.found(in: UnsafeBufferPointer(rebasing: text[at...])).isEmpty
        }
        return false
    }

    private static func compares(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        var place: Int?
        expectations.scan(text) { _, at in place = place ?? at }
        guard let place else { return false }
        return !outcomes.found(in: UnsafeBufferPointer(rebasing: text[place...])).isEmpty
    }

    private static let expectations = PhraseTable(["expected", "Expected"].map { Array($0.utf8) })
}
