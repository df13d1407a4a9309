// SPDX-License-Identifier: MIT
import Foundation
import MachaStore
import MachaTestSupport
import Testing

@testable import Macha

/// A day of the daemon in minutes: what breaks becomes an issue, a notice on the right route, and a repair where the level
/// allows it. Only with `MACHA_DAY`: `short` is seven faults on five hosts, in a minute; `full` forty on twenty.
@Suite(
    .serialized, .timeLimit(.minutes(60)),
    .enabled(if: LightLab.isAvailable && DayReceivers.python != nil, "needs sshd, flock, python3 and script/bootstrap"),
    .enabled(if: ProcessInfo.processInfo.environment["MACHA_DAY"] != nil, "needs MACHA_DAY, short or full"))
struct DayTests {
    @Test func `every fault of a day becomes one issue and one notice on its route`() async throws {
        let name = ProcessInfo.processInfo.environment["MACHA_DAY"] ?? "short"
        let day = try await FleetDay(try DayScript(named: name), interval: "30m", step: 10)
        try await day.run { try await $0.liveThrough() }
        let outcome = try await DayOutcome(day)
        print("The day \(name):\n\(outcome.table)")
        #expect(
            outcome.mistakes.isEmpty,
            "\(outcome.mistakes.joined(separator: "\n"))\n\(day.log.all.joined(separator: "\n"))")
        #expect(try day.store.verifyAudit().faults.isEmpty)
        #expect(try day.store.damages().isEmpty)
    }
}
