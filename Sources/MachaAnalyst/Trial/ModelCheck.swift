// SPDX-License-Identifier: MIT
import MachaModel
import Synchronization

/// What one model is worth here: whether it answers, finds the one line that matters in a prompt as long as an analysis,
/// chooses tools, and how fast it is.
package struct ModelCheck: Sendable {
    package var name: ModelName
    /// `nil` when the model could not even be asked what it is.
    package var description: ModelDescription?
    package var speed: Speed?
    /// Questions of a person that it sends to the right tool; `nil` when it was not asked.
    package var routing: Routing?
    /// Why there is no answer, or none that can be used.
    package var failure: ModelError?

    package struct Routing: Hashable, Sendable {
        package var asked: Int
        /// With the shape of the answer given.
        package var routed: Int
        /// With the server's own tools; `nil` when it says that the model has none.
        package var native: Int?
    }

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
        /// What an analysis would take: reading its prompt, and writing as much as it may. `nil` where the server does not
        /// report what it read.
        package var reading: Duration?
        package var writing: Duration?
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

    /// Asks for a description, for an answer to a prompt as long as an analysis, and for tools; of a model that only embeds,
    /// for one embedding.
    package static func run(_ model: any LanguageModel, clock: ContinuousClock = ContinuousClock())
        async -> ModelCheck
    {
        var check = await describe(model)
        guard let description = check.description else { return check }
        do throws(ModelError) {
            guard description.mayDo(.chat) else {
                check.speed = try await embedding(of: model, clock)
                return check
            }
            let (speed, complaint) = try await answer(of: model, description, clock)
            (check.speed, check.failure) = (speed, complaint)
            let routed = try await RoutingTrial.routed(model)
            let native = description.mayDo(.tools) ? try await RoutingTrial.native(model) : nil
            check.routing = Routing(asked: RoutingTrial.count, routed: routed, native: native)
        } catch {
            check.failure = error
        }
        return check
    }

    /// How fast it is, and what speaks against using it.
    private static func answer(
        of model: any LanguageModel, _ description: ModelDescription, _ clock: ContinuousClock
    ) async throws(ModelError) -> (Speed, ModelError?) {
        let (request, shape) = ModelTrial.request(in: description.context)
        let begin = clock.now
        let first = FirstMoment()
        let answer = try await model.answer(request, as: shape) { _ in first.note(clock.now) }
        let total = begin.duration(to: clock.now)
        let usage = answer.answer.usage
        let wait = first.moment.map { begin.duration(to: $0) }
        var speed = Speed(
            firstPiece: wait, total: total, promptTokens: usage.promptTokens,
            answerTokens: usage.answerTokens,
            answerTokensPerSecond: rate(usage.answerTokens, told(usage.answer) ?? total - (wait ?? .zero)),
            promptTokensPerSecond: rate(usage.promptTokens, told(usage.prompt) ?? wait ?? .zero))
        speed.reading = speed.promptTokensPerSecond.map {
            .seconds(Double(ModelTrial.analysis) / max(0.001, $0))
        }
        let most = Double(description.answerLimit ?? Analyst.Limits().analysis)
        speed.writing = speed.answerTokensPerSecond.map { .seconds(most / max(0.001, $0)) }
        return (speed, complaint(about: answer.value, model.name))
    }

    /// What a server that measures nothing says is no measure.
    private static func told(_ time: Duration?) -> Duration? { time.flatMap { $0 > .zero ? $0 : nil } }

    private static func complaint(about answer: JSONValue, _ name: ModelName) -> ModelError? {
        let cited = answer["evidence"]?.array?.compactMap(\.string) ?? []
        let severity = answer["severity"]?.string ?? ""
        let said = answer["explanation"]?.string?.printable(limit: 160) ?? ""
        let fault: String
        if !cited.contains(ModelTrial.planted.id) {
            fault = "did not find the one line about a failing disk among the ordinary ones"
        } else if severity == Severity.info.rawValue {
            fault = "calls a file system error \"info\""
        } else {
            return nil
        }
        return ModelError(
            .unusable(.unfit), name, "\(name) answers, but \(fault); it said: \(said.quoted)",
            remedy: "take a larger model: analyses of this one will be dropped or say nothing")
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
