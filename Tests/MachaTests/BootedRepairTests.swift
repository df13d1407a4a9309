// SPDX-License-Identifier: MIT
import Foundation
import Macha
import MachaActions
import MachaFindings
import MachaFleet
import MachaInventory
import MachaModel
import MachaProbes
import MachaStore
import MachaTestSupport
import Testing

/// Repairs on hosts with a systemd of their own, judged by what those hosts themselves say. `MACHA_LAB_REPAIR_HOSTS` names
/// three that this libssh2 can reach.
@Suite(
    .enabled(
        if: ProcessInfo.processInfo.environment["MACHA_LAB_BOOTED"] == "1",
        "needs booted hosts of the lab: run script/test as root"), .serialized, .timeLimit(.minutes(15)))
struct BootedRepairTests {
    private let scratch: Scratch
    private let store: Store
    private let inventory: Inventory
    private let names: [String]
    private let begin = Date()

    init() throws {
        scratch = try Scratch()
        store = try Store.open(at: scratch.path("state/macha.db"))
        inventory = try LightLab.running()
        names = (ProcessInfo.processInfo.environment["MACHA_LAB_REPAIR_HOSTS"] ?? "host2,host4,host6")
            .split(separator: ",").map(String.init)
    }

    // MARK: What the host says

    /// Runs a command as root inside the host, past Macha.
    @discardableResult
    private func root(_ host: String, _ words: String...) async throws -> String {
        let script = LightLab.script
        return try await onThread { Result { try run(script, ["root", host] + words) } }.get().output
    }

    private func host(_ number: Int, _ level: AutonomyLevel) throws -> FleetHost {
        var host = try #require(inventory[names[number]])
        host.autonomy = level
        return host
    }

    /// How often systemd has started the unit since the test began.
    private func starts(_ host: String, _ unit: String) async throws -> Int {
        let output = try await root(
            host, "journalctl", "-q", "--no-pager", "-o", "cat", "--since=@\(begin.timeIntervalSince1970)",
            "MESSAGE_ID=39f53479d3a045ac8e11786248231fbf", "UNIT=\(unit)")
        return output.split(separator: "\n").count
    }

    /// Every command line that sudo was asked for since the test began.
    private func asked(_ host: String) async throws -> [String] {
        let output = try await root(
            host, "journalctl", "-q", "--no-pager", "-o", "cat", "--since=@\(begin.timeIntervalSince1970)",
            "_COMM=sudo")
        return output.split(separator: "\n").compactMap { line in
            line.firstRange(of: "COMMAND=").map { String(line[$0.upperBound...]) }
        }
    }

    private func breakWeb(_ host: String) async throws {
        try await root(host, "systemctl", "kill", "-s", "KILL", "demo-web.service")
        for _ in 0..<200 {
            let state = try await root(host, "systemctl", "show", "--value", "-p", "ActiveState", "demo-web.service")
            if state.hasPrefix("failed") { return }
        }
        Issue.record("demo-web.service on \(host) did not fail")
    }

    private func healWeb(_ host: String) async throws {
        try await root(host, "sh", "-c", "rm -rf /run/systemd/system/demo-web.service.d; systemctl daemon-reload")
        try await root(host, "systemctl", "reset-failed")
        try await root(host, "systemctl", "restart", "demo-web.service")
    }

    // MARK: Macha

    private func executor(at date: Date? = nil, settle: Int = 5) -> Executor {
        let reach = HostConnector(agentSocket: nil)
        return Executor(
            store: store, situation: PolicyContextLoader(inventory, store: store), folder: scratch.path("state"),
            settle: settle,
            now: { date ?? Date() }
        ) { (host) throws(ContactFailure) in try reach.transport(to: host) }
    }

    private func library() throws -> PlaybookLibrary {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "playbooks").path
        return try PlaybookLibrary.load(paths: [folder])
    }

    /// A check of one host and what follows from it, `minute` minutes from now by the controller's clock.
    private func check(_ host: FleetHost, at minute: Double = 0, settle: Int = 5) async throws -> RepairReport {
        let date = begin.addingTimeInterval(minute * 60)
        try await look(host, at: date)
        return try await Remediator(executor(at: date, settle: settle), try library(), inventory).run([host])
    }

    private func look(_ host: FleetHost, at date: Date) async throws {
        let transport = try HostConnector(agentSocket: nil).transport(to: host)
        let snapshot = await Collector(now: { date }).collect(host, over: transport)
        await transport.close()
        #expect(snapshot.contact == .reached)
        try store.record(snapshot, findings: Detectors.findings(in: snapshot), now: date)
    }

    /// What a person has asked for and agreed to.
    private func approved(_ action: Action, on host: FleetHost) async throws -> Executor.Claim {
        let reach = HostConnector(agentSocket: nil)
        let machine = try await HostSession(host) { (host) throws(ContactFailure) in try reach.transport(to: host) }
            .identify()
        let proposal = try Proposal(
            host: host.name, title: "\(action.kind.rawValue) \(action.target)", actions: [action],
            requester: .person("anna"), in: RiskContext(host: host)
        ).bound(to: MachineTarget(host, machine))
        let asked = try store.ask(
            proposal, because: Decision(.ask, .level, "asks"), at: Date(), isInsisting: true)
        guard case .asked(let approval) = asked,
            case .success(let granted) = try store.grant(approval.id, content: nil, by: "anna", at: Date())
        else { throw CancellationError() }
        return .approval(granted)
    }

    // MARK: Services

    @Test func `a service that comes back is verified`() async throws {
        let host = try host(0, .autoSafe)
        try await breakWeb(host.name)
        let report = try await check(host)
        #expect(report.restart?.run?.state == .verified, "\(report)")
        #expect(try await starts(host.name, "demo-web.service") == 1)
        #expect(try store.verifyAudit().faults.isEmpty)
    }

    @Test
    func `a service that dies three seconds after its restart has failed; after three of these a person is asked`()
        async throws
    {
        let host = try host(0, .autoSafe)
        let dies = "[Service]\\nExecStart=\\nExecStart=/bin/sh -c \"sleep 3; exit 3\"\\n"
        try await root(
            host.name, "sh", "-c",
            "mkdir -p /run/systemd/system/demo-web.service.d; printf '\(dies)' "
                + ">/run/systemd/system/demo-web.service.d/dies.conf; systemctl daemon-reload")
        try await breakWeb(host.name)
        var outcomes: [String] = []
        for round in 0..<4 {
            let entry = try await check(host, at: Double(round) * 11).restart
            outcomes.append(entry?.run?.state.rawValue ?? entry?.decision.rule.rawValue ?? "nothing")
        }
        try await healWeb(host.name)
        #expect(outcomes == ["failed", "failed", "failed", "restart-loop"])
        let waiting = try store.approvals(open: true, at: begin.addingTimeInterval(33 * 60))
        #expect(waiting.filter { $0.proposal.playbook == "restart-failed-service" }.count == 1)
        // Three of ours, and the one that healed it.
        #expect(try await starts(host.name, "demo-web.service") == 4)
    }

    @Test func `a service that was repaired by hand meanwhile is left alone`() async throws {
        let host = try host(0, .suggest)
        try await breakWeb(host.name)
        _ = try await check(host)
        guard case .success(let granted) = try store.grant(0, content: nil, by: "anna", at: begin) else {
            Issue.record("nothing was asked")
            return
        }
        try await root(host.name, "systemctl", "restart", "demo-web.service")
        let report = try await executor().carryOut(.approval(granted), on: host)
        #expect(report.state == .skipped)
        #expect(report.isNotNeeded)
        #expect(try await starts(host.name, "demo-web.service") == 1)
        #expect(try await asked(host.name).isEmpty)
    }

    @Test func `a protected unit is refused with the rule's name, at every level`() async throws {
        let host = try host(0, .autoFull)
        // A unit of the host's own: what systemd-run makes for one use is nobody's service.
        try await root(
            host.name, "sh", "-c",
            """
            printf '[Service]\\nExecStart=/bin/sh -c "exit 3"\\n' > /run/systemd/system/wg-quick-lab.service
            systemctl daemon-reload && systemctl start wg-quick-lab || true
            """)
        for _ in 0..<100 {
            let state = try await root(host.name, "systemctl", "show", "--value", "-p", "ActiveState", "wg-quick-lab")
            if state.hasPrefix("failed") { break }
        }
        let report = try await check(host)
        try await root(
            host.name, "sh", "-c",
            "rm /run/systemd/system/wg-quick-lab.service; systemctl daemon-reload; systemctl reset-failed")
        #expect(report.restart?.decision.rule == .protectedUnit)
        #expect(report.restart?.decision.outcome == .refuse)
        #expect(try await asked(host.name).isEmpty)
    }

    // MARK: Words of strangers

    @Test func `only known commands are sent to a host, whatever its name and output`() async throws {
        let host = try host(0, .autoFull)
        let corpus = ExecutorTests.corpus.filter { !$0.utf8.contains(0) && !$0.isEmpty }
        for (number, text) in corpus.enumerated() {
            // The text is a description, a log line, and, as far as systemd lets it, a part of the unit's name.
            try await root(
                host.name, "sh", "-c",
                """
                logger -p user.err -- "$2"
                unit="lab-$1-$(systemd-escape -- "$2" | cut -c1-150).service"
                printf '%s\\n' "$2" > "/run/lab-text-$1"
                {
                    printf '[Unit]\\nDescription=%s\\n' "$(printf %s "$2" | tr -d '[:cntrl:]' | sed 's/%/%%/g')"
                    printf '[Service]\\nExecStart=/bin/sh -c "cat /run/lab-text-%s >&2; exit 3"\\n' "$1"
                } > "/run/systemd/system/$unit" || true
                """, "sh", "\(number)", text)
        }
        try await root(
            host.name, "sh", "-c",
            "systemctl daemon-reload; cd /run/systemd/system && for unit in lab-*; do systemctl start -- \"$unit\" || true; done"
        )
        // The host allows everything for once, so that what it keeps a record of is all that was asked of it.
        try await sudo(host.name, "full")
        let report = try await check(host, settle: 0)
        for text in corpus {
            guard let unit = try? UnitName(text) else { continue }
            let claim = try await approved(.restartUnit(unit), on: host)
            _ = try await executor(settle: 0).carryOut(claim, on: host)
        }
        try await sudo(host.name, "limited")
        try await root(
            host.name, "sh", "-c",
            "rm -f /run/systemd/system/lab-* /run/lab-text-*; systemctl daemon-reload; systemctl reset-failed")
        let known = /\/[a-z\/-]+\/systemctl restart -- [A-Za-z0-9:_.\\@-]+\.(service|socket|timer)/
        let commands = try await asked(host.name)
        #expect(!commands.isEmpty, "\(report.entries.map { "\($0.title): \($0.decision) \($0.run?.note ?? "")" })")
        for command in commands { #expect(command.wholeMatch(of: known) != nil, "\(command)") }
    }

    private func sudo(_ host: String, _ rules: String) async throws {
        try await root(host, "install", "-m", "440", "/usr/local/lib/lab/sudoers.\(rules)", "/etc/sudoers.d/macha")
    }

    // MARK: Rebuilds

    private func configure(_ host: String, _ unit: String, _ setting: String) async throws {
        try await root(
            host, "sed", "-i", "s/\(unit) = \"[a-z0-9]*\"/\(unit) = \"\(setting)\"/", "/etc/nixos/configuration.nix")
    }

    private func systems(_ host: String) async throws -> (current: String, profile: String) {
        let lines = try await root(
            host, "readlink", "-f", "/run/current-system", "/nix/var/nix/profiles/system"
        ).split(separator: "\n").map(String.init)
        guard lines.count == 2 else { throw CancellationError() }
        return (lines[0], lines[1])
    }

    private func rebuild(_ host: FleetHost) async throws -> RunReport {
        try await look(host, at: Date())
        return try await executor(settle: 3).carryOut(
            try await approved(.rebuild(Rebuild(.switch)), on: host), on: host)
    }

    @Test func `a good rebuild is tested, kept and made the one to boot`() async throws {
        let host = try host(1, .suggest)
        let before = try await systems(host.name)
        try await configure(host.name, "demo-web", "v\(Int(begin.timeIntervalSince1970))")
        let report = try await rebuild(host)
        let after = try await systems(host.name)
        #expect(report.state == .verified, "\(report.note)")
        #expect(after.current == after.profile)
        #expect(after.current != before.current)
        #expect(try await root(host.name, "systemctl", "list-units", "--all", "--no-legend", "macha-*").isEmpty)
    }

    @Test func `a rebuild that does not build changes nothing`() async throws {
        let host = try host(1, .suggest)
        let before = try await systems(host.name)
        try await root(host.name, "sh", "-c", "echo \"error: undefined variable 'nginx'\" >/etc/lab/rebuild-fails")
        let report = try await rebuild(host)
        try await root(host.name, "rm", "/etc/lab/rebuild-fails")
        #expect(report.state == .failed)
        #expect(report.note.contains("nothing was changed"))
        #expect(report.steps.flatMap(\.lines).contains { $0.output.raw.contains("undefined variable") })
        #expect(try await systems(host.name) == before)
        #expect(try await root(host.name, "systemctl", "list-units", "--all", "--no-legend", "macha-*").isEmpty)
    }

    /// The dead man needs his time, so the three that need him run side by side.
    @Test func `a rebuild that fails to activate, breaks a unit or cuts the network is taken back by the host itself`()
        async throws
    {
        let hosts = try (0..<3).map { try host($0, .suggest) }
        try await root(hosts[0].name, "touch", "/etc/lab/activation-fails")
        try await configure(hosts[1].name, "demo-db", "crash")
        try await configure(hosts[2].name, "lab-network", "down")
        var before: [String: String] = [:]
        for host in hosts { before[host.name] = try await systems(host.name).current }
        let start = ContinuousClock.now
        let reports = try await withThrowingTaskGroup(of: RunReport.self) { group in
            for host in hosts { group.addTask { try await rebuild(host) } }
            return try await group.reduce(into: [String: RunReport]()) { $0[$1.host] = $1 }
        }
        let took = ContinuousClock.now - start
        try await root(hosts[0].name, "rm", "/etc/lab/activation-fails")
        try await configure(hosts[1].name, "demo-db", "")
        try await configure(hosts[2].name, "lab-network", "")
        for host in hosts {
            let report = try #require(reports[host.name])
            #expect(report.state == .rolledBack, "\(report.note)")
            #expect(report.note.contains("by itself"), "\(report.note)")
            let now = try await systems(host.name)
            #expect(now.current == before[host.name])
            #expect(now.profile == before[host.name])
            #expect(try await root(host.name, "systemctl", "--failed", "--no-legend").isEmpty)
        }
        #expect(reports[hosts[0].name]?.note.contains("status 2") == true)
        #expect(reports[hosts[1].name]?.note.contains("demo-db.service") == true)
        #expect(took < .seconds(DeadMan.span + 120), "\(took)")
        #expect(try store.verifyAudit().faults.isEmpty)
    }
}

extension RepairReport {
    /// What was decided and done about a failed service; the lab may make Macha propose other things beside.
    fileprivate var restart: Entry? { entries.first { $0.playbook == "restart-failed-service" } }
}
