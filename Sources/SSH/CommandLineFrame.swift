// SPDX-License-Identifier: MIT

/// The line that an account's login shell gets for one command, and what tells its output from the shell's own.
///
/// The shell's start-up files are read before every command, and may print, define functions called `sudo` or `systemctl`, or run
/// something else in the command's place; an account may be bound to another command (ForceCommand, `command=`). So the line
/// first prints a mark that nobody knows beforehand: what comes before it is not ours, and without it the command did not run. The
/// mark is put together by `printf` on the host, so that a host that repeats the line does not print it. Then the shell gives its
/// place to the program, and env(1) looks for it: the `exec` of zsh and mksh would also take builtins and functions. A shell that
/// is still there afterwards says so with a second mark: there is no such program, or a restricted shell does not know `exec`.
///
/// Holds for sh, dash, bash, zsh, ksh, mksh, fish, tcsh and busybox; so it must do without newlines, `!`, `$` and tests.
struct CommandLineFrame: Sendable {
    private let halves: (String, String)
    /// A restricted shell has no `exec` and takes no path, so there the shell itself looks for the program.
    let isRestricted: Bool

    init(isRestricted: Bool) {
        self.isRestricted = isRestricted
        var random = SystemRandomNumberGenerator()
        func half() -> String {
            let digits = String(random.next() as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }
        halves = (half(), half())
    }

    /// Begins the command's output.
    var mark: [UInt8] { Array("\n@@\(halves.0)\(halves.1)\n".utf8) }
    /// Is all of the command's output, when the program could not be run.
    var notRun: [UInt8] { Array("\n@@\(halves.0)\(halves.1)-\n".utf8) }

    func line(_ words: [String]) -> String {
        let first = "printf '\\n@@%s%s\\n' \(halves.0) \(halves.1);"
        if isRestricted { return first + CommandQuoting.line(words) }
        return first
            + "exec \(CommandQuoting.line(Self.asProgram(words)));printf '\\n@@%s%s-\\n' \(halves.0) \(halves.1);exit 127"
    }

    /// Whether a shell that says that nothing ran knows no `exec` (rbash), rather than no such program: then it names the program.
    func isRefused(_ result: ExecResult, _ words: [String]) -> Bool {
        guard !isRestricted, let program = Self.asProgram(words).first else { return false }
        return result.standardError.firstRange(of: Array(program.utf8)) == nil
    }

    /// The words by which a program, and nothing of the shell's, is run.
    private static func asProgram(_ words: [String]) -> [String] {
        guard let program = words.first else { return words }
        if program == "sh" { return ["/bin/sh"] + words.dropFirst() }
        if program.hasPrefix("/") { return words }
        // env would take these for an option or a variable.
        if program.hasPrefix("-") || program.contains("=") {
            return ["/bin/sh", "-c", "exec \"$@\"", "sh"] + words
        }
        return ["/usr/bin/env"] + words
    }
}

/// Parts a command's standard output at the mark of its ``CommandLineFrame``.
struct MarkedOutput {
    /// What the account printed before the command; more than this is not kept.
    private(set) var preamble: [UInt8] = []
    /// Bytes that came before the mark.
    private(set) var foreign = 0
    private(set) var isMarked = false
    private static let mostKept = 2048
    /// An account that prints more before a command is given up. The command's own limit has nothing to do with it.
    static let mostForeign = 16 << 20

    private let frame: CommandLineFrame
    private let mark: [UInt8]
    private let notRun: [UInt8]
    /// The end of what came before the mark, which may be the beginning of it; then the beginning of the output, as long as it may
    /// be the second mark.
    private var held: [UInt8] = []
    private var isPassing = false

    init(_ frame: CommandLineFrame) {
        self.frame = frame
        (mark, notRun) = (frame.mark, frame.notRun)
    }

    /// Whether the shell was still there after it had given its place to the program: it had not.
    var saysNotRun: Bool { isMarked && !isPassing && held == notRun }

    /// Takes a piece of output; answers what of it, and of what was held, is the command's.
    mutating func take(_ piece: UnsafeRawBufferPointer) -> [UInt8]? {
        // The common case: nothing is copied.
        if isPassing { return nil }
        if !isMarked {
            held += piece
            guard let at = held.firstRange(of: mark) else {
                giveUp(held.count - (mark.count - 1))
                return []
            }
            giveUp(at.lowerBound)
            held.removeFirst(mark.count)
            isMarked = true
        } else {
            held += piece
        }
        return passed()
    }

    /// What is held still and is the command's, when its output has ended.
    mutating func end() -> [UInt8] {
        guard isMarked else {
            giveUp(held.count)
            return []
        }
        guard !saysNotRun else { return [] }
        defer { (held, isPassing) = ([], true) }
        return held
    }

    private mutating func passed() -> [UInt8] {
        guard !notRun.starts(with: held) else { return [] }
        defer { (held, isPassing) = ([], true) }
        return held
    }

    private mutating func giveUp(_ count: Int) {
        guard count > 0 else { return }
        preamble += held.prefix(min(count, Self.mostKept - preamble.count))
        foreign += count
        held.removeFirst(count)
    }
}
