// SPDX-License-Identifier: MIT
import Foundation
import MachaTestSupport
import Testing

@testable import SSH

/// The line for a login shell, in every shell that is here, and what is parted at its mark.
@Suite(.timeLimit(.minutes(10))) struct CommandLineFrameTests {
    /// Shells that may be an account's login shell.
    static let shells = ["sh", "dash", "bash", "zsh", "mksh", "ksh93", "fish", "tcsh"].filter { which($0) != nil }

    private static func take(_ text: [UInt8], _ frame: CommandLineFrame, by size: Int) -> (MarkedOutput, [UInt8]) {
        var marked = MarkedOutput(frame)
        var own: [UInt8] = []
        var rest = text[...]
        while !rest.isEmpty {
            let piece = Array(rest.prefix(size))
            rest = rest.dropFirst(size)
            own += piece.withUnsafeBytes { marked.take($0) ?? Array($0) }
        }
        own += marked.end()
        return (marked, own)
    }

    @Test(arguments: [1, 2, 7, 40, 4096])
    func `output is split at the mark, however it arrives`(size: Int) {
        let frame = CommandLineFrame(isRestricted: false)
        for noise in ["", "Welcome", "Welcome\n", "\n@@", "\u{1b}[?25h", String(repeating: "line\n", count: 3000)] {
            for output in ["", "\n", "out\n", "\n@@", String(repeating: "x", count: 9000)] {
                let (marked, own) = Self.take(Array(noise.utf8) + frame.mark + Array(output.utf8), frame, by: size)
                #expect(marked.isMarked && !marked.saysNotRun)
                #expect(own == Array(output.utf8))
                #expect(marked.preamble == Array(noise.utf8.prefix(2048)))
                #expect(marked.foreign == noise.utf8.count)
            }
        }
    }

    @Test func `output without the mark is not the command's`() {
        let frame = CommandLineFrame(isRestricted: false)
        let (marked, own) = Self.take(Array(frame.line(["true"]).utf8), frame, by: 16)
        #expect(!marked.isMarked && own.isEmpty)
        #expect(marked.preamble == Array(frame.line(["true"]).utf8))
        let other = Self.take(CommandLineFrame(isRestricted: false).mark, frame, by: 16)
        #expect(!other.0.isMarked && other.1.isEmpty)
    }

    private func run(_ shell: String, _ line: String, prefix: String = "") async throws -> (CInt, [UInt8]) {
        let scratch = try Scratch()
        let output = scratch.path("output")
        let child = try ChildProcess(which(shell) ?? "", ["-c", prefix + line], output: output)
        let status = await child.finished()
        return (status, try Array(Data(contentsOf: URL(filePath: output))))
    }

    @Test(arguments: shells) func `a shell runs the program and nothing of its own`(shell: String) async throws {
        let frame = CommandLineFrame(isRestricted: false)
        let words = ["printf", "%s|", "it's", "a b", "!x", "$HOME", "\\n", "*", "", "~"]
        let (status, text) = try await run(shell, frame.line(words))
        let (marked, own) = Self.take(text, frame, by: 4096)
        #expect(status == 0 && marked.isMarked && !marked.saysNotRun)
        #expect(String(decoding: own, as: UTF8.self) == "it's|a b|!x|$HOME|\\n|*||~|", "in \(shell)")
    }

    @Test(arguments: shells, [["cd", "/tmp"], ["exit", "0"], ["no-such-program"], ["/no/such/program"], ["/tmp"]])
    func `a builtin, or what is no program, does not succeed`(shell: String, words: [String]) async throws {
        let frame = CommandLineFrame(isRestricted: false)
        let (status, text) = try await run(shell, frame.line(words))
        #expect(status != 0, "in \(shell): \(String(decoding: text, as: UTF8.self))")
    }

    /// What stands in a `.zshenv`, `.bashrc` or `config.fish`.
    @Test(
        arguments: [
            ("bash", "uname() { echo FAKE; }; env() { echo FAKE; }; "),
            ("zsh", "uname() { echo FAKE }; env() { echo FAKE }; "),
            ("zsh", "alias -g uname='echo FAKE'; "), ("mksh", "uname() { echo FAKE; }; "),
            ("dash", "uname() { echo FAKE; }; "),
            ("fish", "function uname; echo FAKE; end; function env; echo FAKE; end; "),
            ("tcsh", "alias uname 'echo FAKE'; "),
        ].filter { which($0.0) != nil })
    func `a function or an alias does not stand in for a program`(shell: String, definitions: String) async throws {
        let frame = CommandLineFrame(isRestricted: false)
        let (status, text) = try await run(shell, frame.line(["uname"]), prefix: definitions)
        let (_, own) = Self.take(text, frame, by: 4096)
        #expect(status == 0 && String(decoding: own, as: UTF8.self) == "Linux\n", "in \(shell)")
    }

    @Test(.enabled(if: which("rbash") != nil))
    func `a restricted shell says that nothing ran, and runs the second form`() async throws {
        let first = CommandLineFrame(isRestricted: false)
        let (status, text) = try await run("rbash", first.line(["echo", "x"]))
        #expect(status == 127 && Self.take(text, first, by: 4096).0.saysNotRun)
        let second = CommandLineFrame(isRestricted: true)
        #expect(
            Self.take(try await run("rbash", second.line(["echo", "x"])).1, second, by: 4096).1 == Array("x\n".utf8))
    }
}
