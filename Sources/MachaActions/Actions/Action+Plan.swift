// SPDX-License-Identifier: MIT
import MachaModel

extension Action {
    /// What this action becomes on a host of which `context` is known.
    ///
    /// Sources: systemctl(1), journalctl(1), nix-collect-garbage(1), nix-env(1), nixos-rebuild(8), and
    /// switch-to-configuration-ng of nixpkgs.
    ///
    /// - Throws: when the action is refused on this host whoever asks: a reboot of the controller itself.
    package func plan(in context: RiskContext = RiskContext()) throws(PlanRefusal) -> ActionPlan {
        switch self {
        case .restartUnit(let unit): return Self.starting("restart", unit, context)
        case .startUnit(let unit): return Self.starting("start", unit, context)
        case .stopUnit(let unit):
            return ActionPlan(
                checks: [.unitExists(unit)], act: [Self.systemctl("stop", unit)],
                proofs: [.unitStopped(unit), .noNewFailures], looksAfter: [0, 5],
                wayBack: .commands([Self.systemctl("start", unit)], "start \(unit) again"))
        case .resetFailedUnit(let unit):
            return ActionPlan(
                checks: [.unitExists(unit), .unitNeedsRepair(unit)], act: [Self.systemctl("reset-failed", unit)],
                proofs: [.unitNotFailed(unit)], looksAfter: [0, 5],
                wayBack: .notNeeded("only the note of the failure is gone; the journal still has it"))
        case .collectGarbage(let kept): return Self.garbage(kept)
        case .vacuumJournal(let limit):
            let option =
                switch limit {
                case .size(let size): "--vacuum-size=\(size)"
                case .age(let age): "--vacuum-time=\(age)"
                }
            return ActionPlan(
                act: [PlannedCommand("journalctl", ["--rotate", option], timeout: 600)], proofs: [.noNewFailures],
                wayBack: .none("deleted log entries are gone"))
        case .rotateJournal:
            return ActionPlan(
                act: [PlannedCommand("journalctl", ["--rotate"])], proofs: [.noNewFailures],
                wayBack: .notNeeded("nothing is deleted"))
        case .cleanTemporaryFiles:
            return ActionPlan(
                act: [PlannedCommand("systemd-tmpfiles", ["--clean"], timeout: 600, accepted: [0, 65, 73])],
                proofs: [.noNewFailures],
                wayBack: .none("deleted temporary files are gone; the host's own rules called them old"))
        case .rebuild(let rebuild): return Self.rebuild(rebuild)
        case .rollbackGeneration(let number): return Self.rollback(number)
        case .reboot:
            guard !context.isController else {
                throw PlanRefusal(
                    description: "the controller does not reboot itself: it could not see whether it comes back; "
                        + "a person can")
            }
            return ActionPlan(
                checks: [.systemIsProfile],
                act: [PlannedCommand("systemctl", ["reboot"], timeout: 30)],
                proofs: [.rebooted, .systemIsProfile, .noNewFailures], looksAfter: [600],
                wayBack: .none("an earlier entry of the boot menu, at the machine itself"), needsNewConnection: true)
        case .diagnose(let diagnosis):
            var plan = ActionPlan(wayBack: .notNeeded("it is read-only"))
            var command = PlannedCommand("", [], asRoot: false, timeout: 20, accepted: Set(0...127))
            command.command = diagnosis.command
            plan.act = [command]
            return plan
        case .command(let command):
            return ActionPlan(
                act: [
                    PlannedCommand(
                        command.words[0], Array(command.words.dropFirst()), asRoot: command.asRoot, timeout: 600)
                ],
                proofs: [.noNewFailures], looksAfter: [0, 10],
                wayBack: .none("Macha does not know what undoes the command; the playbook may"))
        case .waitUntil(let check, let span):
            return ActionPlan(
                proofs: [check], looksAfter: Self.looks(within: span.seconds), wayBack: .notNeeded("it is read-only"))
        case .notify: return ActionPlan(wayBack: .notNeeded("nothing is sent to the host"))
        case .suggestChange: return ActionPlan(wayBack: .notNeeded("a person decides whether to apply it"))
        }
    }

    // `--` because "-.mount" is a unit, and an option otherwise.
    private static func systemctl(_ verb: String, _ unit: UnitName) -> PlannedCommand {
        PlannedCommand("systemctl", [verb, "--", unit.description], timeout: 120)
    }

    /// A unit that the host needs is never stopped, not even as a way back.
    private static func starting(_ verb: String, _ unit: UnitName, _ context: RiskContext) -> ActionPlan {
        let wayBack: WayBack =
            context.protection.reason(for: unit) == nil
            ? .commands([systemctl("stop", unit)], "stop \(unit) if it makes things worse")
            : .none("\(unit) is protected, so it is left as it is then; a person has to check")
        return ActionPlan(
            checks: [.unitExists(unit)], act: [systemctl(verb, unit)], proofs: [.unitActive(unit), .noNewFailures],
            looksAfter: [0, 10, 60], wayBack: wayBack)
    }

    private static func garbage(_ kept: KeptGenerations?) -> ActionPlan {
        let forget = kept.map { number in
            PlannedCommand(
                "nix-env", ["--profile", SystemProfile.path, "--delete-generations", "+\(number)"], timeout: 600)
        }
        let collect = PlannedCommand("nix-collect-garbage", [], isDetached: true, timeout: 7200)
        let gone =
            kept.map { "all system generations but the newest \($0) are gone" } ?? "what no generation needs is gone"
        return ActionPlan(
            checks: [.systemIsProfile], act: [forget, collect].compactMap { $0 },
            proofs: [.systemIsProfile, .noNewFailures],
            wayBack: .none("\(gone); what is missed is downloaded or built again"))
    }

    /// After `test` the profile still names the old system, so activating the profile is the way back and needs no path
    /// that somebody else could choose; and keeping the tested system needs no second build.
    private static func rebuild(_ rebuild: Rebuild) -> ActionPlan {
        let flake = rebuild.flake.map { ["--flake", $0.description] } ?? []
        func build(_ mode: Rebuild.Mode) -> PlannedCommand {
            PlannedCommand("nixos-rebuild", [mode.rawValue] + flake, isDetached: true, timeout: 7200)
        }
        switch rebuild.mode {
        case .dryActivate:
            return ActionPlan(act: [build(.dryActivate)], wayBack: .notNeeded("nothing is activated"))
        case .boot:
            return ActionPlan(
                checks: [.systemIsProfile], look: [build(.dryActivate)], act: [build(.boot)], proofs: [.noNewFailures],
                wayBack: .commands(
                    [
                        PlannedCommand("nix-env", ["--profile", SystemProfile.path, "--set", "/run/current-system"]),
                        activate(SystemProfile.path, "boot"),
                    ], "the running system becomes the one to boot again"))
        case .test, .switch:
            var plan = ActionPlan(
                checks: [.systemIsProfile], look: [build(.dryActivate)], arm: [DeadMan.arm],
                act: [build(.test).accepting([0, 4])], proofs: [.noNewFailures], looksAfter: [0, 20],
                disarm: [DeadMan.disarm],
                wayBack: .deadMan("the host activates its profile's system by itself; a reboot does the same"),
                needsNewConnection: true)
            if rebuild.mode == .switch { plan.keepsRunningSystem() }
            return plan
        }
    }

    private static func rollback(_ number: GenerationNumber) -> ActionPlan {
        var plan = ActionPlan(
            checks: [.generationExists(number), .systemIsProfile],
            look: [activate(SystemProfile.link(number), "dry-activate")], arm: [DeadMan.arm],
            act: [activate(SystemProfile.link(number), "test").detached.accepting([0, 4])],
            proofs: [.systemChanged, .noNewFailures], looksAfter: [0, 20], disarm: [DeadMan.disarm],
            wayBack: .deadMan("the host activates its profile's system by itself; a reboot does the same"),
            needsNewConnection: true)
        plan.keep = [
            PlannedCommand("nix-env", ["--profile", SystemProfile.path, "--switch-generation", "\(number)"]),
            activate(SystemProfile.path, "boot"),
        ]
        plan.keepProofs = [.generationIs(number), .systemIsProfile]
        return plan
    }

    static func activate(_ system: String, _ verb: String) -> PlannedCommand {
        PlannedCommand("\(system)/bin/switch-to-configuration", [verb], timeout: 900)
    }

    /// From a second on ever less often, and in the end at the limit itself.
    private static func looks(within seconds: Int) -> [Int] {
        var looks: [Int] = [0]
        var step = 1
        while let last = looks.last, last + step < seconds {
            looks.append(last + step)
            step = min(step * 2, 60)
        }
        return looks.last == seconds ? looks : looks + [seconds]
    }
}

extension PlannedCommand {
    fileprivate var detached: PlannedCommand {
        var command = self
        command.isDetached = true
        return command
    }

    fileprivate func accepting(_ statuses: Set<Int32>) -> PlannedCommand {
        var command = self
        command.accepted = statuses
        return command
    }
}

extension ActionPlan {
    /// Makes the system that was tested the one to boot: the very same, without building again.
    fileprivate mutating func keepsRunningSystem() {
        keep = [
            PlannedCommand("nix-env", ["--profile", SystemProfile.path, "--set", "/run/current-system"]),
            Action.activate(SystemProfile.path, "boot"),
        ]
        keepProofs = [.systemIsProfile]
    }
}
