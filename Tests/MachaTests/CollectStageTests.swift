// SPDX-License-Identifier: MIT
import Foundation
import MachaModel
import MachaProbes
import Testing

@testable import Macha

struct CollectStageTests {
    private static let failure = ContactFailure(
        .unreachable, stage: .connect, delivery: .maybeSent, message: "the connection closed")

    private func snapshot(isReached: Bool) -> Snapshot {
        let time = Date(timeIntervalSince1970: 1_800_000_000)
        return isReached
            ? Snapshot(host: "nas", takenAt: time, duration: 1, sections: [])
            : Snapshot(host: "nas", takenAt: time, duration: 1, failure: Self.failure)
    }

    @Test(arguments: [
        (answers: [false, true], slept: Duration.seconds(28_800), asked: 2, isReached: true),
        (answers: [false, false, true], slept: .seconds(28_800), asked: 2, isReached: false),
        (answers: [true], slept: .seconds(28_800), asked: 1, isReached: true),
        (answers: [false], slept: .zero, asked: 1, isReached: false),
    ])
    func `a host that could not answer because the controller slept is asked once more`(
        answers: [Bool], slept: Duration, asked: Int, isReached: Bool
    ) async {
        var (total, count) = (Duration.seconds(60), 0)
        let snapshot = await CollectStage.awake(slept: { total }) {
            // The machine sleeps during the first question only.
            if count == 0 { total += slept }
            count += 1
            return self.snapshot(isReached: answers[count - 1])
        }
        #expect(count == asked)
        #expect((snapshot.contact == .reached) == isReached)
    }

    @Test func `the time that the machine slept is not negative and stands still while it is awake`() {
        let before = MachineSleep.total
        #expect(before > .seconds(-1))
        #expect(MachineSleep.total - before < .seconds(1))
    }
}
