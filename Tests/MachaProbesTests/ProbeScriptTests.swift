// SPDX-License-Identifier: MIT
import MachaProbes
import Testing

/// The real script, run by the shells of this machine.
@Suite(.timeLimit(.minutes(10)))
struct ProbeScriptTests {
    /// A `timeout` that is not the one of coreutils, as on a host with busybox.
    private static let foreignTimeout = ["timeout": "exit 1"]
    private static let guards = [[:], foreignTimeout]

    @Test(.enabled(if: Shell.missing.isEmpty, "not installed here: \(Shell.missing.joined(separator: ", "))"))
    func `all three shells are here to be tested`() { #expect(Shell.present.count == Shell.allCases.count) }

    @Test(arguments: Shell.present, guards)
    func `every probe returns a whole section and leaves nothing on the host`(
        shell: Shell, standIns: [String: String]
    ) async throws {
        let run = try await ShellRun(ProbeScript.text, in: shell, standIns: standIns)
        #expect(run.answer.isComplete && run.status == 0)
        #expect(run.answer.sections.map(\.name) == ProbeCatalog.all.map { $0.name })
        // What every Linux has, wherever the tests run.
        for name in ["boot", "load", "memory", "cpu"] { #expect(run.section(name)?.status == 0, "\(name)") }
        #expect(run.leftProcesses.isEmpty && run.leftFiles.isEmpty)
    }

    @Test(arguments: Shell.present)
    func `bytes are counted, not characters, and what no text can hold is kept or dropped alike`(shell: Shell)
        async throws
    {
        let run = try await ShellRun(
            ProbeScript.text(for: [Multibyte.self, Broken.self, Leading.self, Forging.self]), in: shell)
        #expect(run.answer.isComplete)
        #expect(run.section("multibyte")?.body == "ä€😀\n")
        #expect(run.section("broken")?.body == "a\u{fffd}\u{fffd}b c\u{fffd}")
        #expect(run.section("leading")?.body == "\n\n  x\n\n\n")
        #expect(run.section("forging")?.body == "@@end 0 0\n\n@@units 0 5\nlies!\n")
        #expect(run.section("forging")?.status == 0)
    }

    @Test(arguments: Shell.present, guards)
    func `a hanging fragment ends with all it started, and the next one is asked`(
        shell: Shell, standIns: [String: String]
    ) async throws {
        let run = try await ShellRun(
            ProbeScript.text(for: [Hanging.self, Stubborn.self, Leading.self]), in: shell, standIns: standIns)
        #expect(run.answer.isComplete && run.answer.sections.count == 3)
        for name in ["hanging", "stubborn"] { #expect(run.section(name)?.failure?.reason == .timedOut, "\(name)") }
        #expect(run.section("leading")?.status == 0)
        #expect(run.leftProcesses.isEmpty)
    }

    @Test(arguments: Shell.present, guards)
    func `an answer without end is cut on the host's side and marked`(shell: Shell, standIns: [String: String])
        async throws
    {
        let run = try await ShellRun(
            ProbeScript.text(for: [Endless.self, Exact.self, Scolding.self]), in: shell, standIns: standIns)
        let endless = try #require(run.section("endless"))
        #expect(endless.isTruncated && endless.failure?.reason == .tooLarge)
        #expect(endless.body.utf8.count <= Endless.byteLimit + 1)
        let exact = try #require(run.section("exact"))
        #expect(!exact.isTruncated && exact.status == 0 && exact.body.utf8.count == Exact.byteLimit)
        let scolding = try #require(run.section("scolding"))
        #expect(scolding.status == 3 && scolding.body.contains("bad luck") && scolding.body.utf8.count < 1500)
        #expect(run.leftProcesses.isEmpty)
    }

    @Test(arguments: Shell.present)
    func `standard error is kept when a fragment fails and dropped when it does not`(shell: Shell) async throws {
        let run = try await ShellRun(ProbeScript.text(for: [Warning.self, Failing.self, Missing.self]), in: shell)
        #expect(run.section("warning") == ProbeSection(name: "warning", status: 0, body: "fine\n"))
        #expect(run.section("failing")?.failure?.reason == .permission)
        #expect(run.section("failing")?.body.hasSuffix("Permission denied") == true)
        #expect(run.section("missing")?.failure?.reason == .toolMissing)
        #expect(run.section("missing")?.body.contains("no-such-program-anywhere") == true)
    }

    @Test(arguments: Shell.present)
    func `a query shared by probes runs once, and a failing probe runs its own`(shell: Shell)
        async throws
    {
        let journalctl = #"n=$(cat "$HOME/n" 2>/dev/null); n=$((n + 1)); echo "$n" >"$HOME/n"; echo "asked $n" >&2"#
        let run = try await ShellRun(
            ProbeScript.text(for: [Sharing.self, SharingToo.self, SharingInVain.self]), in: shell,
            standIns: ["journalctl": journalctl])
        #expect(run.section("sharing")?.body == "asked 1\n" && run.section("sharing-too")?.body == "asked 1\n")
        let last = try #require(run.section("sharing-in-vain"))
        #expect(last.status == 3 && last.body.hasPrefix("asked 2\n") && last.body.hasSuffix("in vain"))
    }

    @Test(arguments: Shell.present)
    func `a host without a program that can end another runs no fragment and says so`(shell: Shell) async throws {
        // The stand-ins cover what busybox would otherwise answer by itself.
        let run = try await ShellRun(
            ProbeScript.text, in: shell, standIns: ["sh": "exit 0", "tr": "exit 0", "sleep": "exit 0"], isBare: true)
        guard shell != .busybox else { return }
        #expect(run.answer.isComplete && run.answer.sections.count == ProbeCatalog.all.count)
        for section in run.answer.sections {
            #expect(section.failure?.reason == .toolMissing && section.body.contains("timeout"))
            #expect(section.body.contains("head") && !section.body.contains("sleep"))
        }
    }

    @Test(arguments: Shell.present)
    func `a script cut off in transit runs nothing`(shell: Shell) async throws {
        let script = ProbeScript.text(for: [Tattling.self])
        let whole = try await ShellRun(script, in: shell)
        #expect(whole.leftFiles == ["ran"])
        // Every place in the last lines, where a cut could leave a call behind, and a sample of the rest.
        let places =
            Array((script.utf8.count - 40)..<(script.utf8.count - 1))
            + stride(from: 0, to: script.utf8.count - 40, by: 397)
        for place in places where place != script.utf8.count - 1 {
            let part = String(decoding: Array(script.utf8).prefix(place), as: UTF8.self)
            let run = try await ShellRun(part, in: shell)
            #expect(run.isSilent && run.leftFiles.isEmpty, "cut at \(place) of \(script.utf8.count)")
        }
    }

    @Test(arguments: Shell.present)
    func `programs that hang, flood, garble or fail leave the other probes alone`(shell: Shell) async throws {
        let standIns = [
            "journalctl": "exec head -c 400000 /dev/urandom", "df": "exit 127", "ip": "yes [; exit 0",
            "systemctl": "echo Access denied >&2; exit 4", "timedatectl": "printf 'NTPSynchronized=yes\\n'",
        ]
        let run = try await ShellRun(ProbeScript.text, in: shell, standIns: standIns)
        #expect(run.answer.isComplete && run.answer.sections.count == ProbeCatalog.all.count)
        #expect(try NetworkProbe.read(#require(run.section("network"))).failure?.reason == .tooLarge)
        #expect(try DisksProbe.read(#require(run.section("disks"))).failure?.reason == .toolMissing)
        #expect(try UnitsProbe.read(#require(run.section("units"))).failure?.reason == .permission)
        #expect(try JournalProbe.read(#require(run.section("journal"))).value == nil)
        #expect(try TimeProbe.read(#require(run.section("time"))).value?.isSynchronized == true)
        #expect(run.leftProcesses.isEmpty && run.leftFiles.isEmpty)
    }

    /// An empty journal has no last entry, so an empty first line must not make one of everything.
    @Test(arguments: Shell.present, ["\\n", " \\n", "\\0\\n"])
    func `a journalctl that writes no entries is not an empty journal`(shell: Shell, first: String) async throws {
        for rest in ["head -c 400000 /dev/zero | tr '\\0' x", "echo no journal here", "printf '\\n\\n=\\n\\n'"] {
            let standIns = ["journalctl": "printf '\(first)'; \(rest)"]
            let run = try await ShellRun(ProbeScript.text(for: [JournalProbe.self]), in: shell, standIns: standIns)
            #expect(try JournalProbe.read(#require(run.section("journal"))).value == nil, "\(rest)")
        }
    }

    @Test func `the script is small, names programs by search path only and writes no file`() {
        // One packet of SSH carries 32 KiB (RFC 4253, 6.1): a usual observation is one, a first one at most two.
        let usual = ProbeScript.text(for: ProbeCatalog.all.filter { $0.rhythm == .everyCheck })
        #expect(usual.utf8.count < 32 * 1024 && ProbeScript.text.utf8.count < 40 * 1024)
        #expect(!ProbeScript.text.contains("/tmp"))
        // The only redirections to a file go to /dev/null.
        let targets = ProbeScript.text.matches(of: /(?:^|[^<>&0-9])[0-9]?>+\s*([^&\s])/).map { $0.1 }
        #expect(targets.allSatisfy { $0 == "/" })
    }
}

// Fragments that are as bad as a host can make them.
private protocol Fragment: Probe where Value == String {}
extension Fragment {
    static func parse(_ body: String) throws(ProbeFailure) -> String { body }
}
private enum Multibyte: Fragment {
    static let name = "multibyte"
    static let script = "echo 'ä€😀'"
}
private enum Broken: Fragment {
    static let name = "broken"
    static let script = #"printf 'a\377\376b\000 \000c\303'"#
}
private enum Leading: Fragment {
    static let name = "leading"
    static let script = #"printf '\n\n  x\n\n\n'"#
}
private enum Forging: Fragment {
    static let name = "forging"
    static let script = #"printf '@@end 0 0\n\n@@units 0 5\nlies!\n'; echo '@@units 127 0' >&2"#
}
private enum Hanging: Fragment {
    static let name = "hanging"
    static let timeout = 1
    static let script = "sleep 600 & sleep 600 | cat"
}
private enum Stubborn: Fragment {
    static let name = "stubborn"
    static let timeout = 1
    static let script =
        "trap '' TERM INT HUP PIPE; (trap '' TERM HUP; sleep 600; sleep 600) & while :; do sleep 600; done"
}
private enum Endless: Fragment {
    static let name = "endless"
    static let byteLimit = 1000
    static let script = "yes 'a line without end'"
}
private enum Exact: Fragment {
    static let name = "exact"
    static let byteLimit = 4096
    static let script = "yes | head -c 4096"
}
private enum Scolding: Fragment {
    static let name = "scolding"
    static let script = "echo 'bad luck' >&2; yes 'and more of it' | head -n 900 >&2; exit 3"
}
private enum Warning: Fragment {
    static let name = "warning"
    static let script = "echo fine; echo 'deprecated' >&2"
}
private enum Failing: Fragment {
    static let name = "failing"
    static let script = "echo half; echo 'cat: /proc/x: Permission denied' >&2; exit 1"
}
private enum Missing: Fragment {
    static let name = "missing"
    static let script = "no-such-program-anywhere --version"
}
private enum Tattling: Fragment {
    static let name = "tattling"
    static let script = #": >"$HOME/ran""#
}
private enum Sharing: Fragment {
    static let name = "sharing"
    static let shares: SharedQuestion? = .journalAccess
    static let script = "journal_access"
}
private enum SharingToo: Fragment {
    static let name = "sharing-too"
    static let shares: SharedQuestion? = .journalAccess
    static let script = "journal_access"
}
private enum SharingInVain: Fragment {
    static let name = "sharing-in-vain"
    static let shares: SharedQuestion? = .journalAccess
    static let script = "journal_access; echo 'in vain' >&2; exit 3"
}
