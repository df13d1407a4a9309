// SPDX-License-Identifier: MIT
import Foundation
import MachaProbes
import MachaTestSupport
import Testing

struct ProbeRequestTests {
    private static let taken = Date(timeIntervalSince1970: Double(WrittenJournal.now))

    private func snapshot(_ sections: [ProbeSection] = [], earlier: Snapshot? = nil, asked: [any Probe.Type]? = nil)
        -> Snapshot
    {
        Snapshot(
            host: "web", takenAt: Self.taken, duration: 1, sections: sections, asked: asked ?? ProbeCatalog.all,
            earlier: earlier)
    }

    private func healthy() throws -> Snapshot {
        let sections = try RecordedHost.named("healthy").sections
        return snapshot(sections)
    }

    private func request(after earlier: Snapshot?, now: Date, everything: Bool = false) -> ProbeRequest {
        ProbeRequest(
            names: ["nas.lan", "cache.example.org", "$(reboot)"], targets: ["192.0.2.1", "[2001:db8::1]:53", "a;b"],
            mayUseSudo: false, after: earlier, now: now, everything: everything)
    }

    private func due(_ after: Snapshot?, seconds: Double, everything: Bool = false) -> Set<String> {
        let request = request(
            after: after, now: Self.taken.addingTimeInterval(seconds), everything: everything)
        return Set(request.probes.map { $0.name })
    }

    @Test func `a host that was never checked gets every probe`() {
        #expect(due(nil, seconds: 0) == Set(ProbeCatalog.all.map { $0.name }))
    }

    private static let rounds: [(Double, [ProbeInterval])] = [
        (60, [.everyCheck]), (3600, [.everyCheck, .hourly]), (21_600, [.everyCheck, .hourly, .sixHourly]),
        (86_400, [.everyCheck, .hourly, .sixHourly, .daily]), (604_800, ProbeInterval.allCases),
        (-60, ProbeInterval.allCases),
    ]

    @Test(arguments: rounds)
    func `slow questions wait for their time`(seconds: Double, rhythms: [ProbeInterval]) throws {
        let wanted = ProbeCatalog.all.filter { rhythms.contains($0.rhythm) }.map { $0.name }
        #expect(due(try healthy(), seconds: seconds) == Set(wanted))
        #expect(due(try healthy(), seconds: seconds, everything: true).count == ProbeCatalog.all.count)
    }

    @Test func `a slow probe without a reading is run again after an hour`() throws {
        let silent = try RecordedHost.named("healthy").snapshot([
            "vulnerabilities": ProbeSection(name: "vulnerabilities", status: 137, body: "")
        ])
        let times = [600.0, 4000].map { seconds in
            let now = silent.takenAt.addingTimeInterval(seconds)
            return request(after: silent, now: now).probes.contains { $0.name == "vulnerabilities" }
        }
        #expect(times == [false, true])
    }

    @Test func `a probe that was not run keeps its reading and age, also through the store`() throws {
        let first = try healthy()
        let cheap = ProbeCatalog.all.filter { $0.rhythm == .everyCheck }
        let sections = try RecordedHost.named("healthy").sections.filter { section in
            cheap.contains { $0.name == section.name }
        }
        let second = Snapshot(
            host: "web", takenAt: Self.taken.addingTimeInterval(300), duration: 1, sections: sections, asked: cheap,
            earlier: first)
        let stored = try JSONDecoder().decode(Snapshot.self, from: JSONEncoder().encode(second))
        for snapshot in [second, stored] {
            #expect(snapshot[StoreProbe.self] == first[StoreProbe.self] && snapshot[StoreProbe.self].value != nil)
            #expect(snapshot.askedAt(StoreProbe.self) == Self.taken)
            #expect(snapshot.askedAt(UnitsProbe.self) == Self.taken.addingTimeInterval(300))
            #expect(snapshot.failures.isEmpty)
        }
    }

    @Test func `a probe that was never run is unknown and due`() {
        let partial = snapshot(asked: [LoadProbe.self])
        #expect(partial[StoreProbe.self].failure?.reason == .notCollected)
        #expect(due(partial, seconds: 1).contains("store"))
    }

    @Test func `only plain names reach the script, and a cursor that is no cursor does not`() throws {
        let request = request(after: nil, now: Self.taken)
        #expect(request.names == ["nas.lan", "cache.example.org"])
        #expect(request.targets == ["192.0.2.1", "[2001:db8::1]:53"])
        #expect(!ProbeScript.text(for: request).contains("reboot)"))
        #expect(JournalCursor("s=1;i=2'; reboot") == nil && JournalCursor("") == nil)
        let cursor = try #require(
            JournalCursor("s=0f;i=7;b=2ab3;m=1;t=\(String(1_795_247_552_000_123, radix: 16));x=1"))
        #expect(cursor.boot == "2ab3" && cursor.time == 1_795_247_552)
    }

    @Test(arguments: Shell.present)
    func `settings and language reach the fragments as they are meant`(shell: Shell) async throws {
        let text =
            "export LANG=de_DE.UTF-8 LC_ALL=de_DE.UTF-8 LANGUAGE=de LC_MESSAGES=de_DE.UTF-8\n"
            + ProbeScript.text(
                for: ProbeRequest(
                    probes: [Environment.self], cursor: JournalCursor("s=1;t=f4240"), names: ["a.b"], targets: ["c"],
                    mayUseSudo: true))
        let run = try await ShellRun(text, in: shell, standIns: ["id": "echo 1000"])
        #expect(run.section("environment")?.body == "C|s=1;t=f4240|1|a.b|c|sudo -n\n")
        let none = ProbeScript.text(for: [Refused.self])
        let refused = try await ShellRun(none, in: shell, standIns: ["id": "echo 1000"])
        #expect(refused.section("refused")?.failure?.reason == .permission)
        let root = try await ShellRun(none, in: shell, standIns: ["id": "echo 0"])
        #expect(root.section("refused")?.body == "root\n")
    }
}

private enum Environment: Probe {
    static let name = "environment"
    static let script = #"""
        echo "$LC_ALL|$MACHA_CURSOR|$MACHA_SINCE|$MACHA_NAMES|$MACHA_TARGETS|$MACHA_AS_ROOT"
        """#
    static func parse(_ body: String) throws(ProbeFailure) -> String { body }
}
private enum Refused: Probe {
    static let name = "refused"
    static let script = "$MACHA_AS_ROOT echo root"
    static func parse(_ body: String) throws(ProbeFailure) -> String { body }
}
