// SPDX-License-Identifier: MIT
import Foundation
import MachaModel
import MachaProbes
import MachaTestSupport
import Testing

struct JournalCursorTests {
    private typealias Entry = WrittenJournal.Entry

    private func snapshot(_ body: String, earlier: Snapshot? = nil) -> Snapshot {
        Snapshot(
            host: "web", takenAt: Date(timeIntervalSince1970: Double(WrittenJournal.now)), duration: 1,
            sections: [ProbeSection(name: "journal", status: 0, body: body)], earlier: earlier)
    }

    private func journal(_ snapshot: Snapshot) throws -> JournalState {
        try #require(snapshot[JournalProbe.self].value)
    }

    @Test func `the next read goes on where this one ended, and the hour before stays in view`() throws {
        let first = snapshot(
            WrittenJournal.body([
                Entry(priority: 3, message: "long ago", age: 3700), Entry(priority: 2, message: "bad", age: 3000),
            ]))
        #expect(try journal(first).cursor?.text == WrittenJournal.cursor(2, age: 3000))
        let second = snapshot(WrittenJournal.body([Entry(priority: 4, message: "new")], first: 3), earlier: first)
        let state = try journal(second)
        #expect(state.entries.compactMap(\.message?.raw) == ["new", "bad"])
        #expect(state.freshEntries.compactMap(\.message?.raw) == ["new"] && state.counts == [0, 0, 0, 0, 1, 0, 0, 0])
        let request = ProbeRequest(
            names: [], targets: [], mayUseSudo: false, after: second, now: second.takenAt, everything: false)
        #expect(request.cursor == state.cursor)
    }

    @Test func `an entry that comes twice is new once`() throws {
        let first = snapshot(WrittenJournal.body([Entry(priority: 3, message: "one")]))
        let second = snapshot(
            WrittenJournal.body([Entry(priority: 3, message: "one"), Entry(priority: 3, message: "two")]),
            earlier: first)
        let state = try journal(second)
        #expect(state.fresh == 1 && state.entries.count == 2)
    }

    @Test func `skipped journal entries and a lost cursor are reported`() throws {
        let state = try journal(
            snapshot(WrittenJournal.body([Entry(priority: 4, message: "one")], more: 120_000, lost: true)))
        #expect(state.skipped == 120_000 && !state.isComplete && state.cursorWasLost)
    }

    @Test func `a flood of warnings does not push out what is critical`() throws {
        let first = snapshot(WrittenJournal.body([Entry(priority: 1, message: "worst", age: 3000)]))
        let flood = (0..<300).map { Entry(priority: 4, message: "warning \($0)", age: 2000) }
        let second = snapshot(WrittenJournal.body(flood, first: 10), earlier: first)
        let third = snapshot(
            WrittenJournal.body((0..<200).map { Entry(priority: 4, message: "more \($0)") }, first: 1000),
            earlier: second)
        let state = try journal(third)
        #expect(state.entries.count <= 400)
        #expect(state.entries.contains { $0.message?.raw == "worst" })
    }

    /// Runs the probe's own fragment against a journalctl that notes how it is called.
    private func read(_ shell: Shell, cursor: String?, journalctl: String) async throws -> (JournalState, String) {
        let request = ProbeRequest(probes: [JournalProbe.self], cursor: cursor.flatMap { JournalCursor($0) })
        let script = "export CALLS=$HOME/calls\n" + ProbeScript.text(for: request) + "cat \"$CALLS\" >&2\n"
        let run = try await ShellRun(script, in: shell, standIns: ["journalctl": journalctl])
        let section = try #require(run.section("journal"))
        return (try #require(JournalProbe.read(section).value, "\(section)"), section.body)
    }

    private static let entry = """
        entry() {
            printf '__CURSOR=s=1;i=%s;t=f4240\\n__REALTIME_TIMESTAMP=1795247000000000\\nPRIORITY=%s\\n' "$1" "$2"
            case "$*" in *long*) ;; esac
            printf 'MESSAGE\\n\\005\\000\\000\\000\\000\\000\\000\\000a\\n\\nb\\001\\n_TRANSPORT=kernel\\n\\n'
        }

        """

    @Test(arguments: Shell.present)
    func `a place that is still there is read on from, one that is gone is noticed`(shell: Shell) async throws {
        let journalctl =
            Self.entry + """
                case "$*" in
                    "-n 1 --no-pager") ;;
                    *--cursor=*) entry 7 4; entry 8 4; entry 9 3 ;;
                    *-n\\ 1\\ *) entry 9 4 ;;
                    *--after-cursor=*) entry 8 4; entry 9 3 ;;
                    *--since=-1h*) entry 9 3 ;;
                esac
                """
        let (there, _) = try await read(shell, cursor: "s=1;i=7;t=f4240", journalctl: journalctl)
        #expect(!there.cursorWasLost && there.entries.count == 2 && there.counts[3] == 1 && there.isComplete)
        #expect(there.cursor?.text == "s=1;i=9;t=f4240")
        #expect(there.entries.allSatisfy { $0.isKernel && $0.message?.raw == "a\n\nb\u{1}" })
        let (gone, _) = try await read(shell, cursor: "s=1;i=6;t=f4240", journalctl: journalctl)
        #expect(gone.cursorWasLost && gone.entries.count == 1)
        let (first, _) = try await read(shell, cursor: nil, journalctl: journalctl)
        #expect(!first.cursorWasLost && first.entries.count == 1)
    }

    @Test(arguments: Shell.present)
    func `a flood is counted whole and sent in part`(shell: Shell) async throws {
        let journalctl = """
            case "$*" in
                "-n 1 --no-pager") exit ;;
                *-n\\ 1\\ *) n=1 ;;
                *'-p crit'* | *_TRANSPORT=kernel*) n=0 ;;
                *-p\\ warning*) n=200 ;;
                *) n=5000 ;;
            esac
            i=0
            [ "$n" = 0 ] || yes | head -n "$n" | awk '{
                printf "__CURSOR=s=1;i=%x;t=f4240\\n__REALTIME_TIMESTAMP=1795247000000000\\nPRIORITY=4\\n_SYSTEMD_UNIT=noisy.service\\nMESSAGE=x\\n\\n", NR
            }'
            """
        let (state, _) = try await read(shell, cursor: nil, journalctl: journalctl)
        #expect(state.counts == [0, 0, 0, 0, 5000, 0, 0, 0] && state.entries.count == 200 && state.skipped == 4800)
        #expect(state.talkers.map(\.unit) == ["noisy.service"] && state.talkers.map(\.count) == [5000])
    }

    @Test(arguments: Shell.present)
    func `a journalctl that dies in the middle is never a whole answer`(shell: Shell) async throws {
        let journalctl =
            Self.entry + """
                case "$*" in
                    "-n 1 --no-pager") ;;
                    *-n\\ 1\\ *) entry 9 4 ;;
                    *-p\\ warning*) entry 8 4; printf '__CURSOR=s=1;i=9'; kill -KILL $$ ;;
                    *) entry 8 4; entry 9 4 ;;
                esac
                """
        let (state, _) = try await read(shell, cursor: nil, journalctl: journalctl)
        #expect(!state.isComplete && state.entries.count == 1)
    }
}
