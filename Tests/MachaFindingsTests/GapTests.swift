// SPDX-License-Identifier: MIT
import Foundation
import MachaFindings
import MachaModel
import MachaProbes
import MachaTestSupport
import Testing

/// What is not listed is not gone: a list that was cut, an item that could not be asked.
@Suite struct GapTests {
    private static let time = Date(timeIntervalSince1970: Double(WrittenJournal.now))

    private static func snapshot(_ probe: String, _ body: String, after earlier: Snapshot? = nil) -> Snapshot {
        Snapshot(
            host: "web", takenAt: time, duration: 1,
            sections: [ProbeSection(name: probe, status: 0, body: body)], earlier: earlier)
    }

    private static func finding(_ kind: FindingKind, _ subject: String) -> Finding {
        Finding(kind, host: "web", subject: subject, .warning, "It is so.", remedy: "")
    }

    private static let mounts = "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n23 22 8:2 / /srv rw - ext4 /dev/sdb1 rw\n"
    private static let table = "Type\next4 1000 380 620 1000 900 /\n"

    /// A journal of which `count` errors were counted and not sent.
    private static func journal(missing count: Int) -> String {
        WrittenJournal.body([.init(priority: 4, message: "hot")], more: count)
            .replacing("Priority4=\(count + 1)\n", with: "Priority4=1\n")
            .replacing("Priority3=0\n", with: "Priority3=\(count)\n")
    }

    struct Case: Sendable {
        var probe: String
        var body: String
        var kind: FindingKind
        var subject = ""
        var isHidden = true
    }

    private static let cases = [
        Case(
            probe: "units", body: "SystemState=degraded\nNow=1\nNFailedUnits=3\n\n", kind: .unitFailed, subject: "a"),
        Case(
            probe: "units", body: "SystemState=running\nNow=1\nNFailedUnits=0\n\n", kind: .unitFailed, subject: "a",
            isHidden: false),
        Case(
            probe: "containers", body: "@units\n\n@podman 1\n\n@end\n", kind: .containerUnhealthy, subject: "db"),
        Case(
            probe: "smart",
            body: "@/dev/sda 2\n{\"smartctl\":{\"messages\":[{\"string\":\"Device is in STANDBY mode\"}]}}\n@end\n",
            kind: .diskFailing, subject: "/dev/sda"),
        Case(
            probe: "smart", body: "@/dev/sda 0\n{\"smartctl\":{},\"smart_status\":{\"passed\":true}}\n@end\n",
            kind: .diskFailing, subject: "/dev/sda", isHidden: false),
        Case(probe: "disks", body: "\(table)\n\(mounts)", kind: .diskSpace, subject: "/srv"),
        Case(probe: "disks", body: "\(table)\n\(mounts)", kind: .diskSpace, subject: "/", isHidden: false),
        Case(
            probe: "smart",
            body:
                "@/dev/sda 1\n{\"smartctl\":{}}\n@/dev/sdb 0\n{\"smartctl\":{},\"smart_status\":{\"passed\":true}}\n@end\n",
            kind: .diskFailing, subject: "/dev/sda"),
        Case(
            probe: "smart",
            body:
                "@/dev/sda 1\n{\"smartctl\":{}}\n@/dev/sdb 0\n{\"smartctl\":{},\"smart_status\":{\"passed\":true}}\n@end\n",
            kind: .diskFailing, subject: "/dev/sdb", isHidden: false),
        Case(
            probe: "ports", body: "tcp LISTEN 0 511 *:80 *:*\nodd row\n@end\n", kind: .unitFailed, isHidden: false),
        Case(
            probe: "units",
            body: "SystemState=running\nNow=1\n\nId=a.service\nActiveState=active\nSubState=running\n\nId=b.service\n",
            kind: .unitFailed, subject: "b.service"),
        Case(probe: "journal", body: journal(missing: 5), kind: .oomKill),
        Case(probe: "journal", body: journal(missing: 0), kind: .oomKill, isHidden: false),
        Case(
            probe: "journal", body: WrittenJournal.body([], more: 900), kind: .oomKill, isHidden: false),
        Case(
            probe: "journal",
            body: WrittenJournal.body(Array(repeating: .init(priority: 6, message: "nfs: server nas OK"), count: 60)),
            kind: .dataDamage),
        Case(
            probe: "journal",
            body: WrittenJournal.body(Array(repeating: .init(priority: 6, message: "nfs: server nas OK"), count: 59)),
            kind: .dataDamage, isHidden: false),
        Case(
            probe: "time", body: "NTPSynchronized=no\n\nId=chronyd.service\nActiveState=active\n",
            kind: .clockUnsynchronized),
        Case(
            probe: "time", body: "NTPSynchronized=no\n\nId=openntpd.service\nActiveState=active\n",
            kind: .clockUnsynchronized, isHidden: false),
        Case(
            probe: "ports",
            body: (0..<60).map { "odd row \($0)\n" }.joined() + "tcp LISTEN 0 511 *:80 *:*\n@end\n",
            kind: .unitFailed,
            isHidden: false),
        Case(
            probe: "units",
            body: "SystemState=running\nNow=1\n\nId=a.service\nActiveState=active\nSubState=running\n\n"
                + (0..<50).map { "Id=b\($0).service\nActiveState=active\n\n" }.joined(), kind: .unitFailed,
            subject: "c.service"),
        Case(
            probe: "units",
            body: "SystemState=running\nNow=1\n\nId=a.service\nActiveState=active\nSubState=running\n\n"
                + (0..<49).map { "Id=b\($0).service\nActiveState=active\n\n" }.joined(), kind: .unitFailed,
            subject: "c.service", isHidden: false),
    ]

    @Test(arguments: cases)
    func `a finding about what an answer leaves out may be there unlisted`(_ it: Case) throws {
        let snapshot = Self.snapshot(it.probe, it.body)
        #expect(!snapshot.failures.contains { $0.probe == it.probe }, "the answer is understood")
        #expect(Gaps(snapshot).mayHide(Self.finding(it.kind, it.subject)) == it.isHidden)
    }

    @Test func `a hole in the journal stays one for the hour it is about`() {
        let cut = Self.snapshot("journal", Self.journal(missing: 5))
        let next = Self.snapshot("journal", WrittenJournal.body([], first: 9), after: cut)
        #expect(Gaps(next).mayHide(Self.finding(.oomKill, "")))
    }

    @Test func `quieter lines that mean trouble are not pushed out by warnings, or leave a hole`() throws {
        let damage = WrittenJournal.Entry(priority: 6, message: "invalid page in block 7", unit: "postgresql.service")
        let flood = { (first: Int, count: Int) in
            WrittenJournal.body(Array(repeating: .init(priority: 4, message: "hot"), count: count), first: first)
        }
        let quiet = Self.snapshot("journal", WrittenJournal.body([damage]))
        let busy = Self.snapshot("journal", flood(9, 380), after: quiet)
        let busier = Self.snapshot("journal", flood(1_000, 199), after: busy)
        #expect(try #require(busier[JournalProbe.self].value).entries.contains { $0.priority == 6 })
        let full = Self.snapshot("journal", flood(2_000, 400), after: busier)
        #expect(try #require(full[JournalProbe.self].value).entries.contains { $0.priority == 6 } == false)
        #expect(Gaps(full).mayHide(Self.finding(.dataDamage, "")))
    }
}
