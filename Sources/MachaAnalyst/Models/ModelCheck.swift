// SPDX-License-Identifier: MIT
import Synchronization

/// A tiny question to one model: whether it answers, keeps to a schema, and how fast it is.
package struct ModelCheck: Sendable {
    package var name: ModelName
    /// `nil` when the model could not even be asked what it is.
    package var description: ModelDescription?
    package var speed: Speed?
    /// Why there is no answer, or none that can be used.
    package var failure: ModelError?

    /// Figures of the structured answer, or of the embedding.
    package struct Speed: Hashable, Sendable {
        /// From asking to the first piece.
        package var firstPiece: Duration?
        package var total: Duration
        package var promptTokens: Int?
        package var answerTokens: Int?
        /// By the server's own clock where it tells, else by ours.
        package var answerTokensPerSecond: Double?
        package var promptTokensPerSecond: Double?
    }

    /// Only asks for the description.
    package static func describe(_ model: any LanguageModel) async -> ModelCheck {
        var check = ModelCheck(name: model.name)
        do throws(ModelError) {
            check.description = try await model.describe()
        } catch {
            check.failure = error
        }
        return check
    }

    /// Asks for a description and for one short structured answer; of a model that only embeds, for one embedding.
    package static func run(_ model: any LanguageModel, clock: ContinuousClock = ContinuousClock()) async -> ModelCheck
    {
        var check = await describe(model)
        guard let description = check.description else { return check }
        do throws(ModelError) {
            check.speed =
                description.mayDo(.chat)
                ? try await answer(of: model, clock) : try await embedding(of: model, clock)
        } catch {
            check.failure = error
        }
        return check
    }

    private static let schema = JSONSchema.object([
        .init("explanation", .string(atMost: 300), "one sentence on what the log line means"),
        .init("severity", .choice(["info", "warning", "critical"])),
    ])

    private static func answer(of model: any LanguageModel, _ clock: ContinuousClock) async throws(ModelError) -> Speed
    {
        let request = ChatRequest(
            [
                .system("You explain log lines of Linux machines. Answer with JSON."),
                .user(
                    "Explain this line:\nkernel: EXT4-fs error (device sda1): ext4_find_entry: reading directory lblock 0"
                ),
            ], answerLimit: 256)
        let begin = clock.now
        let first = FirstMoment()
        let answer = try await model.answer(request, as: schema) { _ in first.note(clock.now) }
        let total = begin.duration(to: clock.now)
        let usage = answer.answer.usage
        let wait = first.moment.map { begin.duration(to: $0) }
        return Speed(
            firstPiece: wait, total: total, promptTokens: usage.promptTokens, answerTokens: usage.answerTokens,
            answerTokensPerSecond: rate(usage.answerTokens, usage.answer ?? total - (wait ?? .zero)),
            promptTokensPerSecond: rate(usage.promptTokens, usage.prompt ?? .zero))
    }

    private static func embedding(
        of model: any LanguageModel, _ clock: ContinuousClock
    ) async throws(ModelError) -> Speed {
        let begin = clock.now
        _ = try await model.embed(["reading directory failed"])
        return Speed(total: begin.duration(to: clock.now))
    }

    private static func rate(_ tokens: Int?, _ time: Duration) -> Double? {
        guard let tokens, time > .zero else { return nil }
        return Double(tokens) / (time / .seconds(1))
    }
}

/// Remembers the first of many moments.
private final class FirstMoment: Sendable {
    private let stored = Mutex<ContinuousClock.Instant?>(nil)

    var moment: ContinuousClock.Instant? { stored.withLock { $0 } }

    func note(_ moment: ContinuousClock.Instant) { stored.withLock { $0 = $0 ?? moment } }
}
