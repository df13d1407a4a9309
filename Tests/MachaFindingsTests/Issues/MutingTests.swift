// SPDX-License-Identifier: MIT
import Foundation
import MachaFindings
import MachaInventory
import MachaModel
import Testing

struct MutingTests {
    private typealias Issue = MachaFindings.Issue

    private static let noon = Date(timeIntervalSince1970: 1_800_000_000)
    private let hosts = ["web1", "web2", "web3", "nas"].map { name in
        FleetHost(name: name, connection: .local, groups: name == "nas" ? [] : ["web"])
    }

    private func issue(
        _ kind: String = "unit-failed", on host: String = "nas", subject: String? = "nginx.service",
        _ severity: Severity = .warning, _ word: Acknowledgement? = nil
    ) -> Issue {
        let finding = Finding(
            recorded: RecordedKind(kind), host: host, subject: subject, severity, "\(kind) on \(host).", evidence: [],
            figures: [:], remedy: "", commands: [])
        return Issue(
            id: 1, finding: finding, origin: .observed, state: word == nil ? .open : .acknowledged,
            createdAt: Self.noon, firstSeen: Self.noon, lastSeen: Self.noon, count: 1, recurrences: 0, regressions: 0,
            resolvedAt: nil, resolution: nil, acknowledgement: word)
    }

    private func word(
        until: Date?, _ severity: Severity = .warning, hosts: Set<String> = ["nas"], below: Severity? = nil
    ) -> Acknowledgement {
        Acknowledgement(
            by: "anna", at: Self.noon, until: until, note: "disk ordered", severity: severity, hosts: hosts,
            below: below)
    }

    private func muting(
        at now: Date = noon, hosts: [FleetHost]? = nil, open: [Issue] = [], silences: [Silence] = [],
        windows: [MaintenanceWindow] = [], zones: [String: TimeZone] = [:]
    ) -> Muting {
        Muting(
            at: now, hosts: hosts ?? self.hosts, open: open, silences: silences, windows: windows, zones: zones)
    }

    private func silence(
        _ selector: String, kind: String? = nil, subject: String? = nil, until: Double = 3600
    ) throws -> Silence {
        Silence(
            .command(1), selector: try HostSelector(selector), kind: kind,
            subject: try subject.map { try SubjectGlob($0) },
            span: MutedSpan(from: Self.noon, until: Self.noon.addingTimeInterval(until)), by: "anna", reason: "known")
    }

    @Test(arguments: [
        (-3600.0, false), (-61, false), (-60, true), (0, true), (3599, true), (3600, false), (1e9, false),
    ])
    func `an acknowledgement holds from its beginning to the very moment of its end`(after: Double, holds: Bool) {
        let now = Self.noon.addingTimeInterval(after)
        let known = issue(word(until: Self.noon.addingTimeInterval(3600)))
        #expect((muting(at: now).reason(for: known) != nil) == holds)
    }

    private func issue(_ word: Acknowledgement) -> Issue { issue("unit-failed", .warning, word) }

    private func issue(_ kind: String, _ severity: Severity, _ word: Acknowledgement) -> Issue {
        issue(kind, on: "nas", subject: "nginx.service", severity, word)
    }

    @Test func `an acknowledged issue that gets worse is an alarm, and one that gets better is none`() {
        let known = word(until: nil)
        #expect(muting().reason(for: issue("unit-failed", .critical, known)) == nil)
        #expect(muting().reason(for: issue("unit-failed", .info, known)) == .acknowledged(known))
    }

    @Test func `another host that joins the cause ends an acknowledgement`() {
        let two = ["web1", "web2"].map { issue("dns-broken", on: $0, subject: nil) }
        let acknowledged = issue("dns-broken", on: "web1", subject: nil, .warning, word(until: nil, hosts: ["web1"]))
        #expect(muting(open: two).reason(for: acknowledged) != nil)
        let three = two + [issue("dns-broken", on: "web3", subject: nil)]
        #expect(muting(open: three).reason(for: acknowledged) == nil)
        let all = word(until: nil, hosts: ["web1", "web2", "web3"])
        let again = issue("dns-broken", on: "web1", subject: nil, .warning, all)
        #expect(muting(open: three).reason(for: again) == .acknowledged(all))
    }

    private func finding(_ kind: FindingKind, _ severity: Severity, on host: String = "nas") -> Finding {
        Finding(kind, host: host, severity, "\(kind.rawValue) on \(host).")
    }

    /// What is not quiet of a host without a way out whose cause was acknowledged.
    private func loud(_ cause: Severity, _ folded: Severity, _ word: Acknowledgement, beside: FindingKind) -> [String] {
        let findings = [
            finding(.noDefaultRoute, cause), finding(.dnsBroken, folded), finding(beside, .warning),
        ]
        let reasons = muting().reasons(for: findings.map { ($0, $0.kind == .noDefaultRoute ? word : nil) })
        return findings.filter { reasons[$0.fingerprint] == nil }.map(\.recordedKind.name)
    }

    @Test func `an acknowledged cause covers what is folded below it, as long as that was not worse`() {
        let apart = FindingKind.diskHot
        #expect(loud(.warning, .warning, word(until: nil), beside: apart) == ["disk-hot"])
        #expect(loud(.warning, .critical, word(until: nil), beside: apart) == ["dns-broken", "disk-hot"])
        #expect(loud(.warning, .critical, word(until: nil, below: .critical), beside: apart) == ["disk-hot"])
        let all = ["no-default-route", "dns-broken", "disk-hot"]
        #expect(loud(.critical, .warning, word(until: nil, below: .critical), beside: apart) == all, "it got worse")
        #expect(loud(.warning, .warning, word(until: Self.noon), beside: apart) == all, "its time is over")
        #expect(
            loud(.warning, .warning, word(until: nil), beside: .machineReplaced) == ["machine-replaced"],
            "never kept quiet")
    }

    @Test func `an acknowledged host that is down covers those behind it, until another one joins`() {
        let fleet =
            [FleetHost(name: "router", connection: .local)]
            + ["a", "b", "c"].map { FleetHost(name: $0, connection: .local, dependsOn: ["router"]) }
        let known = word(until: nil, .critical, hosts: ["router", "a", "b"])
        let root = issue("unreachable", on: "router", subject: nil, .critical, known)
        let behind = ["a", "b"].map { issue("unreachable", on: $0, subject: nil, .critical) }
        let third = issue("unreachable", on: "c", subject: nil, .critical)
        let before = muting(hosts: fleet, open: [root] + behind)
        #expect(([root] + behind).allSatisfy { before.reason(for: $0) == .acknowledged(known) })
        #expect(before.joined(root).isEmpty)
        let after = muting(hosts: fleet, open: [root] + behind + [third])
        #expect(([root] + behind + [third]).allSatisfy { after.reason(for: $0) == nil })
        #expect(after.joined(root) == ["c"])
    }

    @Test func `a silence covers what fits its hosts, kind and subject, while it lasts`() throws {
        let quiet = try silence("@web,!web2", kind: "unit-failed", subject: "nginx*")
        func isMuted(_ kind: String, _ host: String, _ subject: String?, _ after: Double = 0) -> Bool {
            muting(at: Self.noon.addingTimeInterval(after), silences: [quiet])
                .reason(for: issue(kind, on: host, subject: subject)) != nil
        }
        #expect(isMuted("unit-failed", "web1", "nginx.service"))
        #expect(!isMuted("unit-failed", "web2", "nginx.service"))
        #expect(!isMuted("unit-failed", "nas", "nginx.service"))
        #expect(!isMuted("unit-restarting", "web1", "nginx.service"))
        #expect(!isMuted("unit-failed", "web1", "sshd.service"))
        #expect(!isMuted("unit-failed", "web1", nil))
        #expect(isMuted("unit-failed", "web1", "nginx.service", 3599.9))
        #expect(!isMuted("unit-failed", "web1", "nginx.service", 3600))
        #expect(!isMuted("unit-failed", "web1", "nginx.service", -7200), "the clock was set back")
        #expect(!isMuted("unit-failed", "gone", "nginx.service"), "no host of the inventory")
    }

    @Test(arguments: ["untrusted-host-key", "machine-replaced", "audit-fault"])
    func `a changed host key and a fault of the audit are never muted`(kind: String) throws {
        let window = MaintenanceWindow(
            id: 1, host: "nas", span: MutedSpan(from: Self.noon, until: .distantFuture), by: "anna", reason: "")
        let muting = muting(silences: [try silence("all")], windows: [window])
        #expect(muting.reason(for: issue(kind, .warning, word(until: nil))) == nil)
        #expect(muting.reason(for: issue()) != nil)
    }

    @Test func `maintenance keeps its own host quiet, and ends`() {
        let window = MaintenanceWindow(
            id: 1, host: "nas", span: MutedSpan(from: Self.noon, until: Self.noon.addingTimeInterval(7200)), by: "anna",
            reason: "new disks")
        #expect(muting(windows: [window]).reason(for: issue()) == .maintenance(.window(window)))
        #expect(muting(windows: [window]).reason(for: issue(on: "web1")) == nil)
        #expect(muting(at: Self.noon.addingTimeInterval(7200), windows: [window]).reason(for: issue()) == nil)
    }

    @Test func `hours of maintenance follow the host's own clock, and an unknown clock holds nothing back`() throws {
        // 1_800_000_000 is Friday, 15 January 2027, 08:00 UTC.
        let hours = MaintenanceHours(days: [.fri], start: 8 * 60, end: 9 * 60)
        let nas = FleetHost(name: "nas", connection: .local, maintenance: [hours])
        let tokyo = try #require(TimeZone(identifier: "Asia/Tokyo"))
        let utc = try #require(TimeZone(identifier: "UTC"))
        func state(_ zone: TimeZone?, _ after: Double = 0) -> Maintenance {
            Maintenance(of: nas, windows: [], zone: zone, at: Self.noon.addingTimeInterval(after))
        }
        #expect(state(utc) == .hours(hours))
        #expect(state(utc, 3599) == .hours(hours))
        #expect(state(utc, 3600) == .off)
        #expect(state(utc, 7 * 86_400) == .hours(hours))
        #expect(state(utc, 86_400) == .off)
        #expect(state(tokyo) == .off)
        #expect(state(nil) == .unknown)
        #expect(muting(hosts: [nas]).reason(for: issue()) == nil)
        #expect(muting(hosts: [nas], zones: ["nas": utc]).reason(for: issue()) == .maintenance(.hours(hours)))
    }

    @Test func `hours that run over midnight belong to the day on which they begin`() {
        let hours = MaintenanceHours(days: [.sun], start: 23 * 60, end: 60)
        let inside: [LocalTime] = [LocalTime(day: .sun, minute: 1380), LocalTime(day: .mon, minute: 59)]
        let outside: [LocalTime] = [
            LocalTime(day: .sun, minute: 59), LocalTime(day: .mon, minute: 60), LocalTime(day: .mon, minute: 1380),
        ]
        #expect(inside.allSatisfy { hours.contains($0) })
        #expect(!outside.contains { hours.contains($0) })
    }
}
