// SPDX-License-Identifier: MIT
import Foundation
import MachaTestSupport
import SSH
import Testing

/// Words through our quoting and a real shell. MACHA_QUOTING asks for more of them.
@Suite(.timeLimit(.minutes(60))) struct QuotingTests {
    /// Shells that may be an account's login shell, and how they are started.
    static let shells = [["sh"], ["dash"], ["bash"], ["busybox", "sh"], ["zsh"], ["mksh"]].filter {
        which($0[0]) != nil
    }

    private static let most = OwnProcess.number("MACHA_QUOTING", or: 3_000)
    private static let batch = 5_000

    @Test(arguments: shells) func `random words arrive through a shell as they were given`(shell: [String]) async throws
    {
        var dice = SeededRandom(seed: 11)
        var left = Self.most
        while left > 0 {
            let vectors = (0..<min(left, Self.batch)).map { _ in Self.vector(&dice) }
            left -= vectors.count
            let answer = try await Self.echo(vectors, shell)
            #expect(answer == Self.expected(vectors), "in \(shell): \(Self.difference(answer, vectors))")
        }
    }

    @Test(arguments: ["time", "if", "while", "do", "case", "function", "select"])
    func `a program may be called like a word of the shell's language`(name: String) async throws {
        let scratch = try Scratch()
        // Written by a process of its own: one that this process starts meanwhile would inherit the open file and keep it busy.
        try run(
            "/bin/sh",
            ["-c", #"printf '#!/bin/sh\necho "ran $1"\n' >"$1" && chmod 700 "$1""#, "sh", scratch.path(name)])
        for shell in Self.shells {
            let path = "\(scratch.path("")):\(ProcessInfo.processInfo.environment["PATH"] ?? "")"
            let output = scratch.path("output")
            let child = try ChildProcess(
                which(shell[0]) ?? "", shell.dropFirst() + ["-c", CommandQuoting.line([name, "1"])],
                environment: ["PATH": path], output: output)
            _ = await child.finished()
            #expect(try scratch.read("output") == "ran 1\n", "in \(shell)")
        }
    }

    /// The shell tells the number of words and the words of each vector, each with a NUL behind it.
    private static func echo(_ vectors: [[String]], _ shell: [String]) async throws -> [UInt8] {
        let scratch = try Scratch("macha-quoting")
        let script =
            "v() { printf '%s\\0' \"$#\" \"$@\"; }\n"
            + vectors.map { "v \(CommandQuoting.line($0))\n" }.joined()
        let (file, output) = (try scratch.write(script, to: "script"), scratch.path("output"))
        let child = try ChildProcess(which(shell[0]) ?? "", shell.dropFirst() + [file], output: output)
        #expect(await child.finished() == 0)
        return try Array(Data(contentsOf: URL(filePath: output)))
    }

    private static func expected(_ vectors: [[String]]) -> [UInt8] {
        vectors.flatMap { vector in ["\(vector.count)"] + vector }.flatMap { Array($0.utf8) + [0] }
    }

    private static func difference(_ answer: [UInt8], _ vectors: [[String]]) -> String {
        var at = 0
        for vector in vectors {
            let bytes = expected([vector])
            guard answer.dropFirst(at).starts(with: bytes) else { return "\(vector) as \(CommandQuoting.line(vector))" }
            at += bytes.count
        }
        return "more than there was"
    }

    /// What shells find meaning in, more often than the rest of Unicode.
    private static let special = Array("'\"\\$`!#&|;<>()[]{}*?~=%^@+-,./: \t\n\r\u{1b}\u{7f}abcABC019_".unicodeScalars)

    private static func vector(_ dice: inout SeededRandom) -> [String] {
        (0..<Int.random(in: 1...5, using: &dice)).map { _ in
            var word = String.UnicodeScalarView()
            for _ in 0..<[0, 1, 2, 3, 8, 30][Int(dice.next() % 6)] {
                word.append(
                    dice.next() % 5 > 0
                        ? special[Int(dice.next() % UInt64(special.count))]
                        // Without NUL, which no argument can hold.
                        : Unicode.Scalar(UInt32.random(in: 1...0x10ffff, using: &dice)) ?? "\u{fffd}")
            }
            return String(word)
        }
    }
}
