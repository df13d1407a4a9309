// SPDX-License-Identifier: MIT
import HTTP
import MachaAnalyst
import MachaTestSupport
import Testing

/// An answer that takes longer than `timeout` and is being written all the while.
@Suite(.enabled(if: PythonServer.isAvailable, "needs python3")) struct SlowAnswerTests {
    private static let rules =
        #"{"default": {"reply": "The disk of the machine is full, and so is the one beside it."}}"#

    @Test func `an answer that is being written is not cut by the clock`() async throws {
        // Each of its ten and more tokens takes 150 ms, and all of them more than the second that the answer may take.
        let double = try await OllamaDouble(rules: Self.rules, ["--ms-per-token", "150"])
        let model = At.ollama(double.url) { $0.deadlines.total = .seconds(1) }
        let begun = ContinuousClock.now
        let answer = try await model.chat(.ask())
        #expect(answer.text.hasSuffix("beside it."))
        #expect(begun.duration(to: .now) > .seconds(1))
    }

    @Test func `an answer that has not begun by then is given up`() async throws {
        let double = try await OllamaDouble(rules: Self.rules, ["--fault", "hang"])
        let model = At.ollama(double.url) { $0.deadlines.firstByte = .seconds(1) }
        let error = try await failure { () async throws(ModelError) in try await model.chat(.ask()) }
        #expect(error.code == .timedOut)
    }
}
