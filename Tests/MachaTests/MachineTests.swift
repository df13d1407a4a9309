// SPDX-License-Identifier: MIT
import Foundation
import MachaActions
import MachaFindings
import MachaFleet
import MachaInventory
import MachaModel
import MachaProbes
import MachaStore
import MachaTestSupport
import SSH
import Testing

@testable import Macha

/// Two servers with different host keys: whatever is decided for one must not happen on the other.
@Suite(.enabled(if: LocalSSHD.isAvailable, "needs sshd"), .timeLimit(.minutes(20))) struct MachineTests {
    private let scratch: Scratch
    private let store: Store
    private let noon = Date(timeIntervalSince1970: 1_800_000_000)
    private let first: LocalSSHD
    private let second: LocalSSHD

    init() async throws {
        scratch = try Scratch()
        store = try Store.open(at: scratch.path("state/macha.db"))
        first = try await LocalSSHD()
        second = try await LocalSSHD()
        let known = try first.knownHostsLine() + "\n" + second.knownHostsLine() + "\n"
        try scratch.write(known, to: "known_hosts")
        for sshd in [first, second] {
            try scratch.write(try sshd.scratch.read("id"), to: "id-\(sshd.port)")
            chmod(scratch.path("id-\(sshd.port)"), 0o600)
        }
    }

    private func inventory(_ hosts: [(name: String, sshd: LocalSSHD, settings: String)]) throws -> Inventory {
        let lines = hosts.map { host in
            "  \(host.name): { address: 127.0.0.1, port: \(host.sshd.port), user: \(host.sshd.user), "
                + "identity-file: \(scratch.path("id-\(host.sshd.port)")), known-hosts: \(scratch.path("known_hosts")), "
                + "\(host.settings) }\n"
        }
        return try Inventory.parse(
            sources: [("fleet.yaml", "hosts:\n\(lines.joined())")], home: "/home/me", user: "me")
    }

    private func nas(at sshd: LocalSSHD) throws -> (FleetHost, Inventory) {
        let inventory = try inventory([("nas", sshd, "autonomy: suggest")])
        return (try #require(inventory["nas"]), inventory)
    }

    private func session(_ host: FleetHost, _ reach: HostConnector) -> HostSession {
        HostSession(host) { (host) throws(ContactFailure) in try reach.transport(to: host) }
    }

    private func machine(_ host: FleetHost) async throws -> MachineIdentity {
        let reach = HostConnector(agentSocket: nil)
        let machine = try await session(host, reach).identify()
        await reach.close()
        return machine
    }

    /// What anna has approved for `target`.
    private func approved(_ target: MachineTarget) throws -> Approval {
        let proposal = try Proposal(
            host: "nas", title: "Restart web", actions: [.restartUnit(try UnitName("web"))],
            requester: .person("anna"), in: RiskContext()
        ).bound(to: target)
        let asked = try store.ask(proposal, because: Decision(.ask, .level, "asks"), at: noon)
        guard case .asked(let approval) = asked else { throw CancellationError() }
        return try #require(try store.grant(approval.id, content: nil, by: "anna", at: noon)).get()
    }

    private func carryOut(_ approval: Approval, on host: FleetHost, _ inventory: Inventory) async throws -> RunReport {
        let reach = HostConnector(agentSocket: nil)
        let now = noon
        let executor = Executor(
            store: store, situation: PolicyContextLoader(inventory, store: store), folder: scratch.path("state"),
            settle: 0,
            now: { now }
        ) { (host) throws(ContactFailure) in try reach.transport(to: host) }
        let report = try await executor.carryOut(.approval(approval), on: host)
        await reach.close()
        return report
    }

    @Test func `two servers are two machines by their keys`() async throws {
        let one = try await machine(try nas(at: first).0)
        let other = try await machine(try nas(at: second).0)
        #expect(try one.hostKey == fingerprint(of: first))
        #expect(one.hostKey?.hasPrefix("SHA256:") == true)
        #expect(one.hostKey != other.hostKey)
        #expect(!one.isProved(by: other))
    }

    @Test func `an approval does not follow the name to another address, nor to another key at the same address`()
        async throws
    {
        let (before, _) = try nas(at: first)
        let (after, inventory) = try nas(at: second)
        let (old, new) = (try await machine(before), try await machine(after))
        for (target, reason) in [
            (MachineTarget(before, old), "approved for nas at 127.0.0.1 port \(first.port)"),
            (MachineTarget(after, old), "approved for \(old), but nas is now \(new)"),
        ] {
            let approval = try approved(target)
            let log = second.log
            let report = try await carryOut(approval, on: after, inventory)
            #expect(report.state == .skipped)
            #expect(!report.isGood)
            #expect(report.run == nil)
            #expect(report.note.contains(reason), "\(report.note)")
            #expect(!second.log.dropFirst(log.count).contains("systemctl"))
            #expect(try store.approval(approval.id)?.state == .superseded)
        }
        #expect(try store.history(since: noon).records.isEmpty)
        #expect(try store.audit(kinds: [.started]).isEmpty)
        #expect(try store.audit(kinds: [.decision]).count == 2)
    }

    @Test func `a command for one machine is not sent over a session with another`() async throws {
        let (host, _) = try nas(at: second)
        let reach = HostConnector(agentSocket: nil)
        let transport = try reach.transport(to: host)
        var command = Command("touch", [scratch.path("sent")])
        command.hostKey = try await machine(try nas(at: first).0).hostKey
        do throws(ContactFailure) {
            _ = try await transport.run(command, until: .now + .seconds(20))
            Issue.record("it was sent")
        } catch {
            #expect(error.kind == .untrusted)
            #expect(error.message.raw.contains("not the machine that the command is for"))
        }
        #expect(!FileManager.default.fileExists(atPath: scratch.path("sent")))
        command.hostKey = try await machine(host).hostKey
        #expect(try await transport.run(command, until: .now + .seconds(20)).outcome == .status(0))
        await transport.close()
        await reach.close()
    }

    @Test func `the snapshot of another machine starts a new history, and a finding says so`() async throws {
        let (before, _) = try nas(at: first)
        let (after, _) = try nas(at: second)
        let reach = HostConnector(agentSocket: nil)
        let collector = Collector(now: { noon })
        let one = await collector.collect(before, over: try reach.transport(to: before))
        // The machine that all of these run on has one id: without it the keys tell.
        let old = withoutID(one, at: noon.addingTimeInterval(-3600))
        try store.record(old, findings: [], now: noon)
        let new = withoutID(await collector.collect(after, over: try reach.transport(to: after), after: old), at: noon)
        await reach.close()
        let judgement = try store.judge(new, of: after)
        let found = try #require(judgement.findings.first { $0.kind == .machineReplaced })
        #expect(found.lines.map(\.raw).contains { $0.contains(old.hostKey ?? "-") })
        try store.record(new, findings: judgement.findings, now: noon)
        #expect(try store.names(of: new.machine)["nas"]?.hostKey == new.hostKey)
        // The same machine again is no news after a week.
        let later = withoutID(new, at: noon.addingTimeInterval(8 * 86_400))
        #expect(try !store.judge(later, of: after).findings.contains { $0.kind == .machineReplaced })
    }

    private func withoutID(_ snapshot: Snapshot, at date: Date) -> Snapshot {
        Snapshot(host: snapshot.host, takenAt: date, duration: 1, sections: [], hostKey: snapshot.hostKey)
    }

    // MARK: Two names

    @Test func `actions under one name of a machine count under the other, with the caution of both`() async throws {
        let inventory = try inventory([
            ("www", first, "autonomy: auto-full"), ("prot", second, "autonomy: observe, protected-units: [web]"),
        ])
        let host = try #require(inventory["www"])
        let id = "0123456789abcdef0123456789abcdef"
        for (name, key) in [("www", "SHA256:a"), ("prot", "SHA256:b")] {
            try store.record(snapshot(name, key: key, id: id), findings: [], now: noon)
        }
        let context = try PolicyContextLoader(inventory, store: store)
            .context(for: host, snapshot("www", key: "SHA256:a", id: id), at: noon)
        #expect(context.otherNames == ["prot"])
        #expect(context.host.autonomy == .observe)
        #expect(context.host.protectedUnits == ["web"])
        let found = try store.judge(snapshot("www", key: "SHA256:a", id: id), of: host).findings
            .first { $0.kind == .machineShared }
        #expect(found?.subject?.raw == "prot")
        // Once each has marks of its own, nothing binds them.
        try store.record(
            snapshot("prot", key: "SHA256:b", id: "fedcba9876543210fedcba9876543210", after: 60), findings: [],
            now: noon)
        let apart = try PolicyContextLoader(inventory, store: store)
            .context(for: host, snapshot("www", key: "SHA256:a", id: id), at: noon)
        #expect(apart.otherNames == [])
        #expect(apart.host.autonomy == .autoFull)
    }

    private func snapshot(_ host: String, key: String, id: String, after: Double = 0) -> Snapshot {
        let body = "17b03325-d514-48b6-8359-bac033904e96\n1.0 1.0\n1800000000\n\(id)\n"
        let frames = "@@begin 0 0\n\n@@boot 0 \(body.utf8.count)\n\(body)\n@@end 0 0\n\n"
        return Snapshot(
            host: host, takenAt: noon.addingTimeInterval(after), duration: 1,
            sections: ProbeAnswer(Array(frames.utf8)).sections, hostKey: key)
    }

    @Test func `of two names for one machine, the one that was asked first learns of it by the other's first check`()
        async throws
    {
        let inventory = try inventory([("web", first, "autonomy: auto-safe"), ("www", second, "autonomy: observe")])
        let noon = noon
        let components = CycleComponents.test(store, in: scratch.path("state"), width: 1, now: { noon })
        try store.list(hosts: inventory.hosts.map(\.name))
        let report = try #require(try await HostCycle(components).run(inventory.hosts).fleet)
        await components.connector.close()
        let pairs = [("web", "www"), ("www", "web")]
        for (name, other) in pairs {
            let shown = report.hosts.first { $0.host == name }?.findings.map(\.finding) ?? []
            #expect(shown.contains { $0.kind == .machineShared && $0.subject?.raw == other }, "\(name)")
            let stored = try #require(try store.latest(hosts: [name]).first).findings
            #expect(stored.count { $0.kind == .machineShared } == 1)
            let open = try store.openIssues(hosts: [name]).filter { $0.finding.kind == .machineShared }
            #expect(open.map(\.count) == [1])
        }
    }

    @Test func `a name that the inventory no longer has is no second name`() throws {
        let id = "0123456789abcdef0123456789abcdef"
        try store.record(snapshot("old", key: "SHA256:a", id: id), findings: [], now: noon)
        try store.list(hosts: ["new"])
        let renamed = FleetHost(name: "new", connection: .local)
        let found = try store.judge(snapshot("new", key: "SHA256:a", id: id), of: renamed).findings
        #expect(!found.contains { $0.kind == .machineShared })
    }

    /// The fingerprint under which the server's key is on file.
    private func fingerprint(of sshd: LocalSSHD) throws -> String? {
        let fields = try sshd.knownHostsLine().split(separator: " ")
        return Data(base64Encoded: String(fields[2])).flatMap { HostKey(Array($0))?.fingerprint }
    }
}
