// SPDX-License-Identifier: MIT
import Foundation
import MachaFindings
import MachaInventory
import MachaModel
import Testing

@testable import MachaActions

@Suite struct PolicyTests {
    private let now = Date(timeIntervalSince1970: 1_790_000_000)

    private func context(
        _ level: AutonomyLevel = .autoFull, _ history: [ActionRecord] = [],
        _ change: (inout PolicyContext) -> Void = { _ in }
    ) -> PolicyContext {
        let host = FleetHost(
            name: "web", connection: .ssh(SSHEndpoint(address: "web", user: "macha")), autonomy: level)
        var context = PolicyContext(now: now, host: host, standing: .known, maintenance: .off, history: history)
        change(&context)
        return context
    }

    private func restart(_ unit: String = "demo.service") throws -> Action { .restartUnit(try UnitName(unit)) }

    private func decide(
        _ action: Action, _ context: PolicyContext, _ requester: Requester = .macha,
        _ terms: Proposal.Terms = Proposal.Terms()
    ) -> Decision {
        Policy.decide(action, risk: action.risk().risk, requester: requester, terms: terms, in: context)
    }

    @Test(arguments: [
        (AutonomyLevel.observe, [Decision.Outcome.refuse, .refuse, .refuse]), (.suggest, [.ask, .ask, .ask]),
        (.autoSafe, [.run, .ask, .ask]), (.autoFull, [.run, .run, .ask]),
    ])
    func `the table is the documented one`(level: AutonomyLevel, expected: [Decision.Outcome]) {
        #expect(Risk.allCases.map { Policy.outcome(level, $0) } == expected)
    }

    @Test(arguments: [
        "sshd.service", "sshd.socket", "sshd@1.service", "systemd-networkd.service", "NetworkManager.service",
        "systemd-resolved.service", "dbus.service", "dbus-broker.service", "systemd-logind.service",
        "systemd-journald.service", "firewall.service", "nftables.service", "tailscaled.service",
        "wg-quick-wg0.service",
        "polkit.service", "display-manager.service", "multi-user.target", "system.slice", "srv.mount", "init.scope",
        "nix-daemon.service", "nixos-upgrade.service",
    ])
    func `units that a host depends on are protected`(unit: String) throws {
        let action = Action.startUnit(try UnitName(unit))
        #expect(decide(action, context()) == decide(action, context(.autoSafe)))
        #expect(decide(action, context()).rule == .protectedUnit)
        #expect(decide(action, context()).outcome == .refuse)
        #expect(decide(action, context(), .person("anna")).outcome == .ask)
    }

    @Test func `nothing is done unasked on a host in maintenance, and a person still may`() throws {
        let window = MaintenanceWindow(
            id: 1, host: "web", span: MutedSpan(from: now, until: now.addingTimeInterval(60)), by: "anna",
            reason: "disks")
        let hours = MaintenanceHours(days: [.sun], start: 0, end: 60)
        for state in [Maintenance.window(window), .hours(hours), .unknown] {
            let context = context(.autoFull) { $0.maintenance = state }
            let action = try restart()
            #expect(decide(action, context).outcome == .refuse && decide(action, context).rule == .maintenance)
            #expect(
                decide(action, context, .person("bert")).outcome
                    == decide(action, self.context(), .person("bert")).outcome)
            #expect(decide(.diagnose(.memory), context).outcome == .run)
        }
        #expect(decide(try restart(), context()).rule != .maintenance)
    }

    @Test func `a playbook that names a protected unit may ask for it`() throws {
        let action = try restart("systemd-resolved.service")
        let terms = Proposal.Terms(protectedUnits: ["systemd-resolved.service"])
        #expect(decide(action, context(), .macha, terms).outcome == .ask)
        #expect(decide(try restart("sshd.service"), context(), .macha, terms).outcome == .refuse)
        let mount = Action.startUnit(try UnitName("srv.mount"))
        #expect(decide(mount, context(), .macha, Proposal.Terms(protectedUnits: ["*.mount"])).outcome == .ask)
    }

    @Test func `the inventory's own units are protected by name and pattern, of every kind`() throws {
        let guarded = context { $0.host.protectedUnits = ["jellyfin", "media-*", "broken["] }
        for unit in ["jellyfin.service", "jellyfin.timer", "media-a.service"] {
            #expect(decide(try restart(unit), guarded).rule == .protectedUnit, "\(unit)")
        }
        // A pattern that cannot be read protects everything rather than nothing.
        #expect(decide(try restart("other.service"), guarded).rule == .protectedUnit)
    }

    @Test func `a command does not get round the protection of a unit it names`() throws {
        let words = ["systemctl", "restart", "sshd"]
        let command = Action.command(try OwnerCommand(words, asRoot: true, risk: .low, because: "harmless"))
        #expect(decide(command, context()).rule == .protectedUnit)
        #expect(decide(command, context()).outcome == .refuse)
    }

    @Test(arguments: [
        ["sh", "-c", "systemctl restart dbus.service"], ["bash", "-lc", "x"], ["/bin/busybox", "ash"],
        ["python3.12", "-c", "pass"], ["env", "A=b", "true"], ["nice", "true"], ["timeout", "5", "true"],
        ["xargs", "true"], ["sudo", "true"], ["ssh", "db", "true"], ["systemd-run", "true"], ["nsenter", "true"],
        ["/run/current-system/sw/bin/.perl-wrapped", "x"], ["reboot"], ["/sbin/poweroff"], ["systemctl", "reboot"],
        ["systemctl", "isolate", "x"], ["systemctl", "rescue"], ["systemctl", "--force", "restart", "a"],
        ["systemctl", "mask", "a.service"], ["systemctl", "kill", "a.service"], ["loginctl", "terminate-user", "a"],
        ["mytool", "--then", "reboot"], ["mytool", "a;reboot"], ["mytool", "--run=sh -c x"],
        ["pkill", "-f", "ss.d"], ["find", "/x", "-exec", "true"], ["systemctl", "restart", "ngin?"],
        ["ip", "link", "set", "eth0", "down"], ["nix-env", "--rollback"], ["A=b", "true"], ["busctl", "call", "x"],
    ])
    func `a command that can do anything is of high risk whatever is declared`(words: [String]) throws {
        for declared in [Risk.low, .medium] {
            let command = Action.command(try OwnerCommand(words, asRoot: true, risk: declared, because: "harmless"))
            #expect(command.risk().risk == .high)
            #expect(decide(command, context()).outcome != .run)
        }
    }

    @Test(arguments: [
        ["resolvectl", "flush-caches"], ["restic-home", "unlock"], ["/opt/own/tool", "--mode", "fast"],
        ["find", "/nix/var/log/nix/drvs", "-xdev", "-type", "f", "-mtime", "+30", "-delete"],
        ["systemctl", "restart", "nginx.service"], ["journalctl", "--rotate"],
    ])
    func `a command that does what it says keeps the risk its author gave it`(words: [String]) throws {
        let command = Action.command(try OwnerCommand(words, asRoot: true, risk: .low, because: "harmless"))
        #expect(command.risk().risk == .low)
        #expect(decide(command, context()).outcome == .run)
    }

    @Test(arguments: [
        ["sh", "-c", "systemctl restart dbus.service"], ["sh", "-c", "systemctl restart 'sshd'; true"],
        ["systemctl", "restart", "dbus*"], ["systemctl", "restart", "*"], ["systemctl", "stop", "ssh[d]"],
        ["systemctl", "stop", "syst?md-resolved.service"], ["mytool", "--unit=sshd.service"], ["mytool", "-usshd"],
        ["mytool", "a,dbus.socket"], ["cp", "x", "/etc/systemd/system/sshd.service"],
        ["systemctl", "restart", "jelly*"], ["systemctl", "restart", "JELLYFIN.service"],
    ])
    func `no word of a command gets round the protection of a unit`(words: [String]) throws {
        let guarded = context { $0.host.protectedUnits = ["jellyfin"] }
        let command = Action.command(try OwnerCommand(words, asRoot: true, risk: .low, because: "harmless"))
        #expect(decide(command, guarded).rule == .protectedUnit)
        #expect(decide(command, guarded).outcome == .refuse)
        #expect(decide(command, guarded, .person("anna")).outcome == .ask)
    }

    @Test(arguments: [
        "netbird.service", "tincd.service", "tinc.home.service", "strongswan-swanctl.service", "ipsec.service",
        "cloudflared-tunnel-home.service", "headscale.service", "teleport.service", "xrdp-sesman.service",
        "hostapd.service", "pppd-wan.service", "ppp@wan.service", "openvpn-home.service", "zerotierone.service",
        "nebula@home.service", "iwd.service", "connman.service", "dropbear.socket", "serial-getty@ttyS0.service",
        "console-getty.service", "unbound.service", "dnsmasq.service", "kresd@1.service", "blocky.service",
        "AdGuardHome.service", "adguardhome.service", "pihole-FTL.service", "coredns.service", "named.service",
        "bind.service", "bind9.service", "stubby.service", "dnscrypt-proxy.service", "dnscrypt-proxy2.service",
        "nscd.service", "nsncd.service", "messagebus.service", "dbus-broker.service", "br0-netdev.service",
        "networkmanager.service", "iptables.service", "ufw.service",
    ])
    func `every way in, every resolver and the firewall is protected`(unit: String) throws {
        #expect(decide(try restart(unit), context()).outcome == .refuse)
        #expect(decide(try restart(unit), context()).rule == .protectedUnit)
    }

    @Test(arguments: [
        "nginx", "jellyfin", "postgresql", "home-assistant", "gitea", "restic-backups-home", "podman-web", "docker",
        "mosquitto", "bindfs-media", "lyrion", "torrent", "frigate", "navidrome", "knowledge", "grafana",
    ])
    func `an ordinary service is not protected`(unit: String) throws {
        #expect(decide(try restart(unit), context()).outcome == .run)
    }

    @Test func `rollback steps are decided like the steps themselves`() throws {
        func proposal(_ rollback: [Action]) throws -> Proposal {
            try Proposal(
                host: "web", title: "t", actions: [try restart()], rollback: rollback, requester: .macha,
                in: RiskContext())
        }
        #expect(Policy.decide(try proposal([]), in: context(.autoSafe)).outcome == .run)
        #expect(try proposal([.reboot]).risk == .high)
        #expect(try proposal([.reboot]).riskReasons.contains { $0.hasPrefix("if it fails: ") })
        #expect(Policy.decide(try proposal([.reboot]), in: context()).outcome == .ask)
        let protected = Policy.decide(try proposal([try restart("dbus.service")]), in: context())
        #expect(protected.outcome == .refuse)
        #expect(protected.rule == .protectedUnit)
        // That it was done a moment ago is no reason to leave half done what has begun.
        let stop = Action.stopUnit(try UnitName("other.service"))
        let cooling = context(.autoFull, [record(60, "other.service", kind: .stopUnit)])
        #expect(Policy.decide(try proposal([stop]), in: cooling).outcome == .run)
    }

    @Test func `a unit that systemd would move along is protected as if it were named`() throws {
        let demo = try UnitName("demo.service")
        func decision(_ answer: Companions.Answer, _ terms: Proposal.Terms = .init()) throws -> Decision {
            let risk = RiskContext(companions: Companions([demo: answer]))
            return Policy.decide(
                try Proposal(
                    host: "web", title: "t", actions: [.restartUnit(demo)], requester: .macha, terms: terms, in: risk),
                in: context())
        }
        #expect(try decision(.known([UnitName("other.service")], ending: nil)).outcome == .run)
        let dragged = try decision(.known([UnitName("sshd.service")], ending: nil))
        #expect(dragged.outcome == .refuse)
        #expect(dragged.rule == .protectedUnit)
        #expect(dragged.sentence.contains("sshd.service, which systemd would also change,"))
        #expect(
            try decision(.known([UnitName("sshd.service")], ending: nil), .init(protectedUnits: ["sshd.service"]))
                .outcome == .ask)
        #expect(try decision(.unknown("the host does not say")).outcome == .ask)
        #expect(try decision(.known([], ending: "SuccessAction=reboot")).outcome == .ask)
    }

    @Test(arguments: AutonomyLevel.allCases)
    func `nothing that only a model asks for runs`(level: AutonomyLevel) throws {
        for actions in [[try restart()], [.diagnose(.memory)], [.notify(try NoteText("look"))]] {
            let proposal = try Proposal(
                host: "web", playbook: "p", title: "t", actions: actions, requester: .model("m"), in: RiskContext())
            let decision = Policy.decide(proposal, in: context(level))
            #expect(decision.outcome != .run)
            guard case .run = Policy.authorize(proposal, in: context(level)) else { continue }
            Issue.record("a model's proposal may run")
        }
        // A look that Macha itself designed is asked for one at a time, and reads.
        #expect(decide(.diagnose(.memory), context(level), .model("m")).outcome == .run)
    }

    @Test func `a host we cannot trust or see gets nothing, not even a question`() throws {
        for (standing, rule) in [
            (HostStanding.untrusted, PolicyRule.untrustedHost), (.unknown("silent"), .unknownState),
        ] {
            for action in [try restart(), .diagnose(.memory)] {
                let decision = decide(action, context { $0.standing = standing }, .person("anna"))
                #expect(decision.outcome == .refuse)
                #expect(decision.rule == rule)
            }
        }
    }

    @Test func `a model cannot write commands`() throws {
        let command = Action.command(try OwnerCommand(["true"], risk: .low, because: "harmless"))
        #expect(
            decide(command, context(), .model("m"))
                == Decision(
                    .refuse, .impossible, "a model cannot write commands; it can name a playbook"))
        #expect(decide(command, context()).outcome == .run)
    }

    @Test func `the controller is not rebooted`() {
        let own = context { $0.host.connection = .local }
        #expect(decide(.reboot, own).rule == .impossible)
        #expect(decide(.reboot, own, .person("anna")).outcome == .refuse)
        #expect(decide(.reboot, context(), .person("anna")).outcome == .ask)
    }

    private func record(
        _ age: Double, _ unit: String = "demo.service", kind: Action.Kind = .restartUnit,
        _ outcome: ActionRecord.Outcome = .verified, automatic: Bool = true, playbook: String? = nil
    ) -> ActionRecord {
        ActionRecord(
            host: "web", kind: kind, target: unit, footprint: .changes, playbook: playbook, isAutomatic: automatic,
            startedAt: now.addingTimeInterval(-age), outcome: outcome)
    }

    @Test func `a cooldown holds for the same host, action and target only`() throws {
        #expect(decide(try restart(), context(.autoFull, [record(599)])).rule == .cooldown)
        #expect(decide(try restart(), context(.autoFull, [record(600)])).outcome == .run)
        #expect(decide(try restart("other"), context(.autoFull, [record(10)])).outcome == .run)
        #expect(decide(try restart(), context(.autoFull, [record(10, kind: .stopUnit)])).outcome == .run)
        // A start is no way round the cooldown of a restart.
        #expect(decide(try restart(), context(.autoFull, [record(10, kind: .startUnit)])).rule == .cooldown)
        #expect(decide(try restart(), context(.autoFull, [record(10)]), .person("anna")).outcome == .ask)
    }

    @Test func `a clock that was set back ends no cooldown early`() throws {
        let alittle = decide(try restart(), context(.autoFull, [record(-300)]))
        #expect(alittle.rule == .cooldown)
        #expect(alittle.outcome == .refuse)
        // By a day, and nobody knows how long ago it was: a person decides, instead of a refusal that lasts a day.
        let much = decide(try restart(), context(.autoFull, [record(-100_000)]))
        #expect(much.rule == .cooldown)
        #expect(much.outcome == .ask)
    }

    @Test func `after three attempts within an hour a person is asked`() throws {
        let three = [record(700), record(1500), record(3599)]
        #expect(decide(try restart(), context(.autoFull, three)).rule == .restartLoop)
        #expect(decide(try restart(), context(.autoFull, three)).outcome == .ask)
        #expect(decide(try restart(), context(.autoFull, [record(700), record(1500), record(3600)])).outcome == .run)
    }

    @Test func `an interrupted attempt is never repeated unasked, however long ago`() throws {
        let interrupted = [record(1_000_000, kind: .restartUnit, .interrupted)]
        #expect(decide(try restart(), context(.autoFull, interrupted)).rule == .interrupted)
        #expect(decide(try restart(), context(.autoFull, interrupted + [record(5000)])).outcome == .run)
    }

    @Test func `a host, the fleet and a playbook have their limits`() throws {
        let six = (0..<6).map { record(1000 + Double($0), "u\($0).service", playbook: "p") }
        #expect(decide(try restart(), context(.autoFull, six)).rule == .hostRate)
        let byHand = six.map { record in
            var record = record
            record.isAutomatic = false
            return record
        }
        #expect(decide(try restart(), context(.autoFull, byHand)).outcome == .run)
        let terms = Proposal.Terms(perHour: 2)
        let limited = Policy.decide(
            try restart(), risk: .low, requester: .macha, playbook: "p", terms: terms,
            in: context(.autoFull, Array(six.prefix(2))))
        #expect(limited.rule == .hostRate)
        let thirty = (0..<30).map { number in
            var record = record(1000)
            record.host = "h\(number)"
            return record
        }
        #expect(decide(try restart(), context(.autoFull, thirty)).rule == .fleetRate)
    }

    @Test func `a host has one change at a time, and a group as many as it allows`() throws {
        #expect(
            decide(try restart(), context(.autoFull, [record(9000, "x", kind: .reboot, .running)])).rule == .hostBusy)
        let group = FleetGroup(name: "media", maxUnavailable: 2)
        func decision(_ changing: Set<String>, _ down: Set<String>, _ requester: Requester = .macha) throws -> Decision
        {
            let standing = GroupAvailability(group: group, changing: changing, down: down)
            return decide(try restart(), context { $0.groups = [standing] }, requester)
        }
        #expect(try decision(["a"], []).outcome == .run)
        #expect(try decision(["a", "b"], []).rule == .maxUnavailable)
        #expect(try decision(["a"], ["b"]).outcome == .refuse)
        #expect(try decision(["a"], ["b"], .person("anna")).outcome == .ask)
        #expect(try decision(["a", "b"], [], .person("anna")).outcome == .refuse)
        // The host itself may be down: that is why it is repaired.
        #expect(try decision(["a"], ["web"]).outcome == .run)
    }

    @Test func `a pause names who made it and how it ends`() throws {
        let paused = context { $0.pause = PauseState(hosts: ["web": .init(by: "anna", since: now, reason: "films")]) }
        let decision = decide(try restart(), paused, .person("anna"))
        #expect(decision.rule == .paused)
        #expect(decision.sentence == "the host is paused by anna (films); 'macha resume' ends it")
        #expect(decide(.diagnose(.memory), paused).outcome == .run)
    }

    @Test func `a proposal is as cautious as its most cautious step`() throws {
        let proposal = try Proposal(
            host: "web", playbook: "p", title: "t", actions: [restart(), .reboot, .diagnose(.memory)],
            requester: .macha,
            in: RiskContext())
        #expect(Policy.decisions(proposal, in: context()).map(\.outcome) == [.run, .ask, .run])
        #expect(Policy.decide(proposal, in: context()).outcome == .ask)
        guard case .ask(let decision) = Policy.authorize(proposal, in: context()) else {
            Issue.record("it was not asked")
            return
        }
        #expect(decision.rule == .level)
        let empty = try Proposal(host: "web", title: "t", actions: [], requester: .macha, in: RiskContext())
        #expect(Policy.decide(empty, in: context()).outcome == .refuse)
    }
}
