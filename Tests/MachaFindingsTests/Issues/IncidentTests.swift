// SPDX-License-Identifier: MIT
import Foundation
import MachaFindings
import MachaInventory
import MachaModel
import Testing

struct IncidentTests {
    private typealias Issue = MachaFindings.Issue

    private static let noon = Date(timeIntervalSince1970: 1_800_000_000)
    private let names = (1...6).map { "web\($0)" }

    private var fleet: [FleetHost] { (["gate"] + names).map { FleetHost(name: $0, connection: .local) } }
    /// Everything is watched for a day.
    private var watched: [String: Date] {
        Dictionary(uniqueKeysWithValues: fleet.map { ($0.name, Self.noon - 86_400) })
    }

    /// An issue that was first seen so many minutes after noon.
    private func issue(
        _ kind: FindingKind = .unitFailed, on host: String, subject: String? = "nginx.service",
        _ severity: Severity = .critical, minute: Double = 0, origin: Issue.Origin = .observed
    ) -> Issue {
        let finding = Finding(kind, host: host, subject: subject, severity, "\(kind.rawValue) on \(host).")
        let time = Self.noon + minute * 60
        return Issue(
            id: Int64(minute * 10), finding: finding, origin: origin, state: .open, createdAt: time, firstSeen: time,
            lastSeen: time, count: 1, recurrences: 0, regressions: 0, resolvedAt: nil, resolution: nil,
            acknowledgement: nil)
    }

    private func incidents(_ open: [Issue], watchedSince: [String: Date]? = nil) -> [Incident] {
        Incident.all(in: open, of: fleet, watchedSince: watchedSince ?? watched)
    }

    @Test func `issues of hosts behind a dead host are one incident with it`() throws {
        let fleet =
            [FleetHost(name: "gate", connection: .local)]
            + (1...2).map { FleetHost(name: "h\($0)", connection: .local, dependsOn: ["gate"]) }
        let open =
            ["gate", "h1", "h2"].map { issue(.unreachable, on: $0, subject: nil) }
            + [issue(.diskSpace, on: "h1", subject: "/")]
        let incident = try #require(Incident.all(in: open, of: fleet, watchedSince: [:]).first)
        #expect(incident.cause.host == "gate" && incident.cause.hosts == ["h1", "h2"])
        #expect(incident.issues.map(\.finding.host) == ["gate", "h1", "h2"])
    }

    @Test func `an upgrade that broke six hosts is one incident, with the hosts listed`() throws {
        let open = zip(names, [12.0, 0, 4, 8, 20, 16]).map { issue(on: $0, minute: $1) }
        let incident = try #require(incidents(open).first)
        #expect(incidents(open).count == 1)
        #expect(incident.cause.hosts == names && incident.cause.severity == .critical)
        #expect(incident.issues.map(\.finding.host) == ["web2", "web3", "web4", "web1", "web6", "web5"])
        #expect(
            incident.cause.summary
                == "unit-failed nginx.service was first seen on 6 hosts within 20 minutes. Check what changed on them then."
        )
        #expect(incident.cause.kind.name == "onset")
    }

    @Test func `two hosts, other subjects, and what is only worth knowing are no onset`() {
        #expect(incidents([issue(on: "web1"), issue(on: "web2")]).isEmpty)
        let others = names.map { issue(on: $0, subject: "\($0).service") }
        #expect(incidents(others).isEmpty)
        let infos = names.map { issue(.rebootNeeded, on: $0, subject: nil, .info) }
        #expect(incidents(infos).isEmpty)
    }

    @Test func `what came hours apart is apart, and a second wave is an incident of its own`() {
        let slow = zip(names, [0.0, 31, 62, 93, 124, 155]).map { issue(on: $0, minute: $1) }
        #expect(incidents(slow).isEmpty)
        let waves = zip(names, [0.0, 1, 2, 60, 61, 62]).map { issue(on: $0, minute: $1) }
        #expect(incidents(waves).map(\.cause.hosts) == [["web1", "web2", "web3"], ["web4", "web5", "web6"]])
        let late = zip(names, [0.0, 40, 41, 42]).map { issue(on: $0, minute: $1) }
        #expect(incidents(late).map(\.cause.hosts) == [["web2", "web3", "web4"]], "the first one stands alone")
    }

    @Test func `what hosts had at their first check, or people report, has no onset`() {
        let open = names.map { issue(on: $0) }
        let fresh = Dictionary(uniqueKeysWithValues: names.map { ($0, Self.noon) })
        #expect(incidents(open, watchedSince: fresh).isEmpty)
        #expect(incidents(open, watchedSince: [:]).isEmpty)
        #expect(incidents(names.map { issue(on: $0, origin: .reported) }).isEmpty)
        #expect(incidents(open + [issue(on: "gone")]).map(\.cause.hosts) == [names], "a host of no inventory")
    }

    @Test func `what a shared cause explains is no onset too`() {
        let open = (names + ["gate"]).map { issue(.dnsBroken, on: $0, subject: nil) }
        #expect(incidents(open).map(\.cause.kind) == [.shared(.dnsBroken)])
    }
}
