// SPDX-License-Identifier: MIT
import MachaActions
import MachaModel
import Testing

@Suite struct ActionPlanTests {
    @Test func `an action that changes something has a proof, and says how it is undone`() throws {
        for action in try ActionSamples.all() where action.footprint == .changes {
            let plan = try action.plan()
            #expect(!plan.act.isEmpty, "\(action)")
            #expect(!plan.wayBack.description.isEmpty, "\(action)")
            let isBuild = action == .rebuild(Rebuild(.dryActivate))
            #expect(isBuild || !plan.proofs.isEmpty, "\(action)")
            #expect(plan.looksAfter == plan.looksAfter.sorted())
        }
    }

    @Test func `read-only actions run nothing as root`() throws {
        for action in try ActionSamples.all() where action.footprint != .changes {
            #expect(try action.plan().commands.allSatisfy { !$0.command.asRoot && !$0.command.isDetached }, "\(action)")
        }
    }

    @Test func `an action without a way back is not of low risk without a reason`() throws {
        for action in try ActionSamples.all() {
            guard case .none(let reason) = try action.plan().wayBack else { continue }
            #expect(!reason.isEmpty && !action.risk().reasons.isEmpty)
        }
    }

    @Test func `a restart is verified again a minute later`() throws {
        let plan = try Action.restartUnit(UnitName("demo.service")).plan()
        #expect(plan.looksAfter == [0, 10, 60])
        #expect(plan.checks == [.unitExists(try UnitName("demo.service"))])
        #expect(plan.proofs.contains(.unitActive(try UnitName("demo.service"))))
    }

    @Test func `the controller does not reboot itself`() throws {
        #expect(throws: PlanRefusal.self) { try Action.reboot.plan(in: RiskContext(isController: true)) }
        #expect(try Action.reboot.plan().needsNewConnection)
    }

    @Test func `garbage collection never deletes all generations`() throws {
        let plain = try Action.collectGarbage(keeping: nil).plan()
        #expect(plain.act.map(\.command.words) == [["nix-collect-garbage"]])
        let trimmed = try Action.collectGarbage(keeping: KeptGenerations("5")).plan()
        #expect(
            trimmed.act.map(\.command.words) == [
                ["nix-env", "--profile", "/nix/var/nix/profiles/system", "--delete-generations", "+5"],
                ["nix-collect-garbage"],
            ])
    }

    @Test(arguments: [Rebuild.Mode.test, .switch])
    func `a rebuild is built, armed, tested, and only then kept`(mode: Rebuild.Mode) throws {
        let plan = try Action.rebuild(Rebuild(mode)).plan()
        #expect(plan.look.map(\.command.words) == [["nixos-rebuild", "dry-activate"]])
        #expect(plan.arm.map(\.command.program) == ["systemd-run"])
        #expect(plan.arm.allSatisfy { $0.command.arguments.contains("--timer-property=AccuracySec=1s") })
        #expect(plan.act.map(\.command.words) == [["nixos-rebuild", "test"]])
        #expect(plan.act.allSatisfy { $0.isDetached })
        #expect(plan.needsNewConnection)
        #expect(plan.disarm == [DeadMan.disarm])
        #expect(plan.keep.isEmpty == (mode == .test))
    }

    @Test func `a wait ends at its limit`() throws {
        let plan = try Action.waitUntil(.clockSynchronized, within: ActionSpan("2m")).plan()
        #expect(plan.looksAfter.first == 0)
        #expect(plan.looksAfter.last == 120)
        #expect(plan.looksAfter.count < 20)
    }

    @Test func `a detached run is started under one name and read back`() throws {
        let start = DetachedRun.start(PlannedCommand("nixos-rebuild", ["test"], timeout: 60))
        #expect(start.command.words.first == "systemd-run")
        #expect(start.command.words.suffix(3) == ["--", "nixos-rebuild", "test"])
        #expect(DetachedRun.output(of: "not hex; reboot") == nil)
        #expect(DetachedRun.output(of: String(repeating: "0a", count: 16)) != nil)
        func state(_ text: String) -> DetachedState {
            DetachedState(CommandResult(standardOutput: Array(text.utf8), outcome: .status(0)))
        }
        #expect(state("LoadState=not-found\nActiveState=inactive\nSubState=dead\n") == .absent)
        #expect(
            state("LoadState=loaded\nActiveState=active\nSubState=running\nInvocationID=ab\n")
                == .running(invocation: "ab"))
        #expect(
            state(
                "LoadState=loaded\nActiveState=failed\nSubState=failed\nResult=exit-code\nExecMainCode=1\n"
                    + "ExecMainStatus=4\nInvocationID=ab\n") == .ended(invocation: "ab", status: 4, result: "exit-code")
        )
        #expect(state("garbage") == .unknown)
        #expect(DetachedState(CommandResult(outcome: .status(1))) == .unknown)
    }
}
