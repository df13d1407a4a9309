// SPDX-License-Identifier: MIT
package import Macha
import MachaAnalyst
import Synchronization

/// How far the analyses are, as one line for a terminal, or as lines for a pipe when something changes.
package final class AnalysisBoard: Sendable {
    private struct Row {
        var model: String
        var stage: AnalysisStep.Stage
        /// When this kind of stage began.
        var since: ContinuousClock.Instant
    }

    private struct State {
        var done = 0
        var total = 0
        var rows: [String: Row] = [:]
        /// Endpoints that are waited for.
        var waiting: [String: Row] = [:]
    }

    private let state = Mutex(State())

    /// Nothing is under way yet.
    package init() {}

    /// Jobs to be done; 0 while no model is asked.
    package var total: Int { state.withLock { $0.total } }

    /// Takes how many jobs are done, and which hosts are still worked on.
    package func update(_ progress: FleetAnalysis.Progress) {
        state.withLock { state in
            (state.done, state.total) = (progress.done, progress.total)
            state.rows = state.rows.filter { progress.waiting.contains($0.key) }
        }
    }

    /// Takes a step. Returns a line about it when it is of another kind than the host's last one.
    package func take(_ step: AnalysisStep, at now: ContinuousClock.Instant) -> String? {
        state.withLock { state in
            guard !step.host.isEmpty else {
                defer {
                    state.waiting[step.model] =
                        state.waiting[step.model] ?? Row(model: step.model, stage: step.stage, since: now)
                }
                return state.waiting[step.model] == nil
                    ? "\(step.model): \(Self.words(step.stage, since: nil, at: now))" : nil
            }
            let old = state.rows[step.host]
            let isSame = old.map { Self.kind($0.stage) == Self.kind(step.stage) } ?? false
            state.rows[step.host] = Row(
                model: step.model, stage: step.stage, since: isSame ? old?.since ?? now : now)
            state.waiting = state.waiting.filter { !step.model.hasPrefix($0.key + "/") }
            return isSame ? nil : "\(step.host): \(Self.words(step.stage, since: nil, at: now)) (\(step.model))"
        }
    }

    /// `analysing 1/8 · gitea: writing 420 of at most 1400 tokens, 5.7/s · nas: reading 3300 tokens, 70 s`
    package func line(at now: ContinuousClock.Instant) -> String {
        state.withLock { state in
            let rows = (state.waiting.sorted { $0.key < $1.key } + state.rows.sorted { $0.key < $1.key })
                .map { "\($0.key): \(Self.words($0.value.stage, since: $0.value.since, at: now))" }
            let rest = state.total - state.done - state.rows.count
            let others = rest > 0 && !rows.isEmpty ? ["\(rest) more waiting"] : []
            return (["analysing \(state.done)/\(state.total)"] + rows + others).joined(separator: " · ")
        }
    }

    private static func kind(_ stage: AnalysisStep.Stage) -> Int {
        switch stage {
        case .journal: 0
        case .model(.reading(tokens: _)): 1
        case .model(.thinking(tokens: _)): 2
        case .model(.writing(tokens: _, atMost: _)): 3
        case .lookingUp: 4
        case .waiting: 5
        }
    }

    /// `since` adds how long it goes on already.
    private static func words(
        _ stage: AnalysisStep.Stage, since: ContinuousClock.Instant?, at now: ContinuousClock.Instant
    ) -> String {
        let seconds = since.map { $0.duration(to: now) / .seconds(1) }
        let span = seconds.map { ", " + HumanFormat.duration(seconds: $0) } ?? ""
        switch stage {
        case .journal: return "reading the journal" + span
        case .lookingUp: return "running the model's queries" + span
        case .model(.reading(tokens: let tokens)): return "reading \(tokens) tokens" + span
        case .model(.thinking(tokens: let tokens)): return "thinking, \(tokens) tokens" + span
        case .model(.writing(tokens: let tokens, atMost: let most)):
            guard let seconds, seconds > 0 else { return "writing, at most \(most) tokens" }
            return "writing \(tokens) of at most \(most) tokens, \(HumanFormat.decimal(Double(tokens) / seconds))/s"
        case .waiting("loading"): return "loading the model" + span
        case .waiting: return "waiting for a free slot" + span
        }
    }
}
