// SPDX-License-Identifier: MIT
import MachaActions
import MachaModel
import Testing

@Suite struct CheckTests {
    private func answer(_ text: String, _ status: Int32 = 0) -> CommandResult {
        CommandResult(standardOutput: Array(text.utf8), outcome: .status(status))
    }

    private func unit(
        _ active: String, _ sub: String, id: String = "demo.service", load: String = "loaded",
        type: String = "simple", result: String = "success", restarts: Int = 0, invocation: String = "a"
    ) -> CommandResult {
        answer(
            "Id=\(id)\nLoadState=\(load)\nActiveState=\(active)\nSubState=\(sub)\nType=\(type)\nResult=\(result)\n"
                + "NRestarts=\(restarts)\nInvocationID=\(invocation)\n")
    }

    private let demo = try? UnitName("demo.service")

    @Test func `a unit that runs is active, one that died again is not`() throws {
        let check = Check.unitActive(try #require(demo))
        #expect(check.judge(unit("active", "running")).holds)
        #expect(check.judge(unit("inactive", "dead", type: "oneshot")).holds)
        #expect(!check.judge(unit("inactive", "dead")).holds)
        #expect(!check.judge(unit("inactive", "dead", type: "oneshot", result: "exit-code")).holds)
        #expect(!check.judge(unit("activating", "auto-restart")).holds)
        #expect(!check.judge(unit("failed", "failed")).holds)
        let first = unit("active", "running")
        #expect(check.judge(unit("active", "running"), first: first).holds)
        #expect(!check.judge(unit("active", "running", restarts: 1), first: first).holds)
        #expect(!check.judge(unit("active", "running", invocation: "b"), first: first).holds)
    }

    @Test func `an alias is not the unit it names`() throws {
        let check = Check.unitExists(try #require(demo))
        #expect(check.judge(unit("active", "running")).holds)
        #expect(!check.judge(unit("active", "running", id: "sshd.service")).holds)
        #expect(!check.judge(unit("inactive", "dead", load: "not-found")).holds)
        #expect(!check.judge(unit("inactive", "dead", load: "masked")).holds)
    }

    @Test func `a unit that was repaired meanwhile needs no repair`() throws {
        let check = Check.unitNeedsRepair(try #require(demo))
        #expect(check.judge(unit("failed", "failed")).holds)
        #expect(check.judge(unit("activating", "auto-restart")).holds)
        #expect(!check.judge(unit("active", "running")).holds)
    }

    @Test func `only new failures count`() {
        let before = answer("Id=a.service\n\nId=b.service\n")
        #expect(Check.noNewFailures.judge(answer("Id=b.service\n"), before: before).holds)
        #expect(!Check.noNewFailures.judge(answer("Id=c.service\n"), before: before).holds)
        #expect(Check.noNewFailures.judge(answer(""), before: before).holds)
    }

    @Test func `an unusable reply is unknown, and unknown never holds`() throws {
        for check in try ActionSamples.checks() {
            for result in [
                CommandResult(outcome: .unknown), CommandResult(outcome: .signal("KILL")), answer("", 127),
                CommandResult(standardOutput: Array("x".utf8), outcome: .status(0), isCut: true),
            ] {
                let verdict = check.judge(result, before: answer("Id=a.service\n"))
                #expect(!verdict.holds, "\(check)")
            }
        }
    }

    @Test func `the remaining checks judge their output`() throws {
        #expect(Check.clockSynchronized.judge(answer("NTPSynchronized=yes\n")).holds)
        #expect(!Check.clockSynchronized.judge(answer("NTPSynchronized=no\n")).holds)
        #expect(Check.systemIsProfile.judge(answer("/nix/store/a\n/nix/store/a\n")).holds)
        #expect(!Check.systemIsProfile.judge(answer("/nix/store/a\n/nix/store/b\n")).holds)
        #expect(Check.rebooted.judge(answer("b\n"), before: answer("a\n")).holds)
        #expect(!Check.rebooted.judge(answer("a\n"), before: answer("a\n")).holds)
        #expect(!Check.rebooted.judge(answer("a\n")).holds)
        #expect(Check.generationIs(try GenerationNumber("41")).judge(answer("system-41-link\n")).holds)
        #expect(!Check.generationIs(try GenerationNumber("41")).judge(answer("system-42-link\n")).holds)
        let disk = Check.diskBelow(try FolderPath("/srv"), try Percent("80"))
        let head = "Filesystem 1024-blocks Used Available Capacity Mounted on\n"
        #expect(disk.judge(answer(head + "/dev/sda1 100 79 21 79% /srv\n")).holds)
        #expect(!disk.judge(answer(head + "/dev/sda1 100 81 19 81% /srv\n")).holds)
    }
}
