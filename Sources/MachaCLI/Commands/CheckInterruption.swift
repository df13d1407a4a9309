// SPDX-License-Identifier: MIT
import Dispatch
import Glibc
import Synchronization

/// What `check`, or a review of approvals, says when it is ended by Ctrl-C or a signal: what is known, and what waits. A
/// second one ends it at once.
///
/// What is shown goes through ``show(_:)``, so that no signal cuts a page in the middle.
final class CheckInterruption: Sendable {
    private enum Answer {
        /// Say this, and end with status 130.
        case end(@Sendable () -> Void)
        /// What has begun on hosts is finished first; whoever does it ends afterwards.
        case finish(@Sendable () -> Void)
    }

    private struct State {
        var answer: Answer
        var isStruck = false
    }

    private static let endings = [SIGINT, SIGTERM]
    /// As a shell counts a program that Ctrl-C ended.
    static let status: Int32 = 130

    private let state: Mutex<State>
    /// Written by `init` and read by ``finish()``, both called by the one task that runs the check.
    nonisolated(unsafe) private var signals: CaughtSignals?

    /// `say` says what is known so far.
    init(say: @escaping @Sendable () -> Void) {
        state = Mutex(State(answer: .end(say)))
        signals = CaughtSignals(Self.endings, on: DispatchQueue(label: "macha.check")) { [self] _ in strike() }
    }

    /// From now on this is said.
    func arm(_ say: @escaping @Sendable () -> Void) { state.withLock { $0.answer = .end(say) } }

    /// Until ``arm(_:)`` a signal is only noted, by `say`.
    func hold(_ say: @escaping @Sendable () -> Void) { state.withLock { $0.answer = .finish(say) } }

    /// Whether a signal came while it was held off.
    var isStruck: Bool { state.withLock { $0.isStruck } }

    /// Runs `body` whole: a signal waits for its end.
    func show<Value>(_ body: () throws -> Value) rethrows -> Value { try state.withLock { _ in try body() } }

    /// The work is done: signals end the program as usual.
    func finish() { signals?.restore() }

    private func strike() {
        // A second one does not wait for what the first one began.
        CaughtSignals.letAct(Self.endings)
        state.withLock { state in
            state.isStruck = true
            switch state.answer {
            case .finish(let say): say()
            case .end(let say):
                say()
                _exit(Self.status)
            }
        }
    }
}
