// SPDX-License-Identifier: MIT
import Foundation
import MachaFindings
import MachaInventory
import MachaModel
import MachaProbes
import Testing

struct FoldingTests {
    private func finding(
        _ kind: FindingKind, _ subject: String? = nil, _ severity: Severity = .warning, _ evidence: Evidence? = nil,
        available: Int? = nil
    ) -> Finding {
        Finding(
            kind, host: "web", subject: subject, severity, "\(kind.rawValue).",
            telling: evidence.map { [$0] } ?? [],
            figures: available.map { [.available: $0] } ?? [:])
    }

    /// `cause: folded folded` for each group.
    private func shape(_ findings: [Finding]) -> [String] {
        Folding.groups(findings).map { group in
            ([name(group.cause) + ":"] + group.folded.map { name($0) }).joined(separator: " ")
        }
    }

    private func name(_ finding: Finding) -> String {
        finding.subject.map { "\(finding.recordedKind.name)(\($0.raw))" } ?? finding.recordedKind.name
    }

    private static let full = Evidence.seen(
        UntrustedText("/dev/sda1 ext4 on /var: 100 B of 100 B used, 0 B available, writable"))

    private static func said(_ words: String) -> Evidence { .lastWords(UntrustedText(words)) }

    private static func ended(_ result: String?, mounting path: String? = nil) -> Evidence {
        .unit(UntrustedText("Result=\(result ?? "")"), .init(result: result, mountPoint: path))
    }

    @Test func `a full disk is one problem, with all that cannot write`() {
        let findings = [
            finding(.unitFailed, "postgresql.service", .critical, Self.ended("exit-code")),
            finding(.diskSpace, "/var", .critical, Self.full, available: 0), finding(.diskWillFill, "/var"),
            finding(.journalCritical, "app.service", .warning, Self.said("write: No space left on device")),
            finding(.clockUnsynchronized),
        ]
        #expect(
            shape(findings) == [
                "disk-space(/var): unit-failed(postgresql.service) disk-will-fill(/var) journal-critical(app.service)",
                "clock-unsynchronized:",
            ])
        #expect(Folding.groups(findings)[0].summary == "disk-space. And 3 more as a result.")
    }

    @Test(arguments: [
        // Nearly full is not full, and a full data disk stops no unit that does not say so.
        ("/var", 9_000_000_000, "Result=exit-code", false),
        ("/data", 0, "Result=exit-code", false),
        ("/data", 0, "write: No space left on device", true),
    ])
    func `two things that are wrong at once are not cause and effect`(
        mount: String, available: Int, unit: String, isFolded: Bool
    ) {
        let groups = Folding.groups([
            finding(.diskSpace, mount, .critical, Self.full, available: available),
            finding(.unitFailed, "a.service", .critical, Self.said(unit)),
        ])
        #expect(groups.count == (isFolded ? 1 : 2))
    }

    @Test(
        arguments: [
            (
                [.noDefaultRoute, .noNameServer, .clockUnsynchronized],
                ["no-default-route: no-name-server clock-unsynchronized"]
            ),
            (
                [.clockUnsynchronized, .dnsBroken, .nameUnresolved],
                ["dns-broken: clock-unsynchronized name-unresolved"]
            ),
            (
                [.filesystemReadOnly, .diskErrors, .filesystemErrors, .ioPressure],
                ["disk-errors: filesystem-read-only filesystem-errors io-pressure"]
            ),
            ([.clockWrong, .certificateExpired], ["clock-wrong: certificate-expired"]),
            ([.unexpectedReboot, .uncleanShutdown], ["unclean-shutdown: unexpected-reboot"]),
            ([.memoryLow, .oomKill, .swapSustained], ["oom-kill: memory-low swap-sustained"]),
            ([.memoryLow, .memoryPressure], ["memory-low: memory-pressure"]),
            ([.diskSpace, .rebootNeeded], ["disk-space:", "reboot-needed:"]), ([], []),
        ] as [([FindingKind], [String])])
    func `causes stand before what follows from them`(kinds: [FindingKind], expected: [String]) {
        #expect(shape(kinds.map { finding($0) }) == expected)
    }

    @Test func `a missing mount folds the units that need it, and a unit its other findings`() {
        let findings = [
            finding(.unitFailed, "app.service", .critical, Self.ended("dependency")),
            finding(.unitFailed, "srv-data\\x2d1.mount", .critical, Self.ended("exit-code", mounting: "/srv/data-1")),
            finding(.unitFailed, "sync.service", .critical, Self.said("rsync: /srv/data-1/x: No such file")),
            finding(.unitFailed, "nginx.service", .critical, Self.ended("exit-code")),
            finding(.journalCritical, "nginx.service"),
            finding(.newError, "nginx: * failed", .warning, .logged(UntrustedText("nginx: 1 failed"), by: "nginx")),
        ]
        #expect(
            shape(findings) == [
                "unit-failed(srv-data\\x2d1.mount): unit-failed(app.service) unit-failed(sync.service)",
                "unit-failed(nginx.service): journal-critical(nginx.service) new-error(nginx: * failed)",
            ])
    }

    @Test func `a group is as severe as its worst, and the worst group comes first`() {
        let groups = Folding.groups([
            finding(.coreDump, "b.service"), finding(.noNameServer, nil, .info),
            finding(.unitFailed, "a.service", .critical, Self.said("Could not resolve host")),
        ])
        #expect(groups.map(\.cause.kind) == [.noNameServer, .coreDump])
        #expect(groups.map(\.severity) == [.critical, .warning])
    }

    @Test(arguments: 0..<50)
    func `every finding is in exactly one group, whatever comes together`(seed: Int) {
        var random = SeededNumbers(seed)
        let kinds: [FindingKind] = [
            .diskSpace, .diskWillFill, .unitFailed, .journalCritical, .noNameServer, .dnsBroken,
            .clockUnsynchronized, .clockWrong, .clockJumped, .memoryLow, .memoryPressure, .memorySustained,
            .diskErrors, .filesystemErrors, .filesystemReadOnly, .maintenanceMode, .noDefaultRoute,
        ]
        let lines: [Evidence?] = [
            nil, Self.full, Self.said("No space left on device"), Self.said("Could not resolve host"),
            Self.said("I/O error"), Self.ended("dependency", mounting: "/srv"),
        ]
        let findings = (0..<12).compactMap { _ in
            kinds.randomElement(using: &random).map { kind in
                finding(
                    kind, ["/", "a.service", "srv.mount"].randomElement(using: &random), .critical,
                    lines.randomElement(using: &random) ?? nil)
            }
        }
        let groups = Folding.groups(findings)
        let all = groups.flatMap { [$0.cause] + $0.folded }
        #expect(all.map(\.fingerprint.description).sorted() == findings.map(\.fingerprint.description).sorted())
    }
}

struct FleetFoldingTests {
    private func host(_ name: String, jump: String? = nil, on parents: [String] = []) -> FleetHost {
        FleetHost(
            name: name, connection: .ssh(SSHEndpoint(address: name, user: "macha", jump: jump)), dependsOn: parents)
    }

    private func causes(_ hosts: [FleetHost], _ kinds: [String: FindingKind]) -> [String] {
        let findings = kinds.mapValues { kind in [Finding(kind, host: "", .critical, "")] }
        return FleetFolding.causes(hosts, findings)
            .map { "\($0.kind.name) \($0.host ?? "-"): \($0.hosts.joined(separator: " "))" }
    }

    @Test func `hosts behind a dead jump host or on a dead machine stand under the one farthest up`() {
        let hosts = [
            host("router"), host("gate", on: ["router"]), host("a", jump: "gate"), host("vm", jump: "gate", on: ["a"]),
            host("other"),
        ]
        let down = FindingKind.unreachable
        #expect(
            causes(hosts, ["router": down, "gate": down, "a": down, "vm": down]) == ["host-down router: gate a vm"])
        #expect(causes(hosts, ["gate": down, "a": down]) == ["host-down gate: a"])
        #expect(causes(hosts, ["a": down, "other": down]) == [])
        // The jump host is up: then it is the host itself.
        #expect(causes(hosts, ["vm": down]) == [])
    }

    @Test func `hosts that depend on one another in a circle are no endless matter`() {
        let hosts = [host("a", on: ["b"]), host("b", on: ["a"])]
        #expect(causes(hosts, ["a": .unreachable, "b": .unreachable]).count == 2)
    }

    @Test(arguments: [
        (3, 6, FindingKind.dnsBroken, true), (2, 4, .dnsBroken, false), (3, 7, .dnsBroken, false),
        (4, 4, .unreachable, true), (5, 8, .diskSpace, false),
    ])
    func `the same trouble on many hosts has one cause`(having: Int, hosts: Int, kind: FindingKind, isShared: Bool) {
        let fleet = (0..<hosts).map { host("h\($0)") }
        let kinds = Dictionary(uniqueKeysWithValues: fleet.prefix(having).map { ($0.name, kind) })
        #expect(
            causes(fleet, kinds)
                == (isShared ? ["\(kind.rawValue) -: \(fleet.prefix(having).map(\.name).joined(separator: " "))"] : []))
    }

    @Test func `only hosts that could be asked count against a trouble that they would show`() {
        let fleet = (0..<8).map { host("h\($0)") }
        var kinds = Dictionary(uniqueKeysWithValues: fleet.prefix(3).map { ($0.name, FindingKind.dnsBroken) })
        #expect(causes(fleet, kinds).isEmpty)
        for host in fleet.suffix(2) { kinds[host.name] = .unreachable }
        #expect(causes(fleet, kinds) == ["dns-broken -: h0 h1 h2"])
    }
}
