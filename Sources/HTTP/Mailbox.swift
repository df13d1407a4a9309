// SPDX-License-Identifier: MIT
import Synchronization

/// What the driver's thread hands over to the one task that reads an answer.
final class Mailbox: Sendable {
    /// Bytes that wait here before the connection is paused.
    static let highWater = 256 << 10

    private struct State {
        var head: HTTPHead?
        var isHeadRead = false
        var body: [UInt8] = []
        /// `nil` while the exchange goes on; then no error, or one.
        var end: End?
        var isPaused = false
        var reader: CheckedContinuation<Void, Never>?
    }

    private enum End {
        case whole
        /// What had come before is still handed over.
        case broken(HTTPError)
        /// Nothing more is handed over: the reader has left.
        case abandoned(HTTPError)
    }

    private let state = Mutex(State())

    // MARK: The reader's side

    enum HeadNews {
        case head(HTTPHead)
        case failed(HTTPError)
        case nothing
    }

    func head() -> HeadNews {
        state.withLock { state in
            switch (state.head, state.end) {
            case (_, .abandoned(let error)), (nil, .broken(let error)): return .failed(error)
            case (let head?, _):
                state.isHeadRead = true
                return .head(head)
            // An exchange cannot end well without a head; the transfer sees to that.
            case (nil, .whole), (nil, nil): return .nothing
            }
        }
    }

    enum BodyNews {
        /// `resumes` says that the connection was paused and can go on.
        case piece([UInt8], resumes: Bool)
        case end
        case failed(HTTPError)
        case nothing
    }

    func take() -> BodyNews {
        state.withLock { state in
            if case .abandoned(let error) = state.end { return .failed(error) }
            if !state.body.isEmpty {
                var piece: [UInt8] = []
                swap(&piece, &state.body)
                let resumes = state.isPaused
                state.isPaused = false
                return .piece(piece, resumes: resumes)
            }
            switch state.end {
            case .whole: return .end
            case .broken(let error), .abandoned(let error): return .failed(error)
            case nil: return .nothing
            }
        }
    }

    /// Suspends until there may be news. One reader at a time.
    func wait() async {
        await withCheckedContinuation { continuation in
            let isNews = state.withLock { state in
                precondition(state.reader == nil, "two tasks read one answer")
                // A head is news only once: its reader asks for the body next.
                let isIdle = state.end == nil && state.body.isEmpty && (state.head == nil || state.isHeadRead)
                guard isIdle else { return true }
                state.reader = continuation
                return false
            }
            if isNews { continuation.resume() }
        }
    }

    // MARK: The driver's side

    func put(_ head: HTTPHead) { tell { $0.head = head } }

    /// Answers false when there is no room: the piece must be offered again after a pause.
    func put(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var reader: CheckedContinuation<Void, Never>?
        let isTaken = state.withLock { state in
            guard state.body.count < Self.highWater else {
                state.isPaused = true
                return false
            }
            state.body.append(contentsOf: bytes)
            reader = state.reader.take()
            return true
        }
        reader?.resume()
        return isTaken
    }

    func finish() { tell { $0.end = $0.end ?? .whole } }

    func fail(_ error: HTTPError) { tell { $0.end = $0.end ?? .broken(error) } }

    /// For the reader's side as well: whatever waits here is dropped.
    func abandon(_ error: HTTPError) {
        tell { state in
            guard state.end == nil else { return }
            state.end = .abandoned(error)
            state.body = []
        }
    }

    private func tell(_ change: (inout sending State) -> Void) {
        let reader = state.withLock { state in
            change(&state)
            return state.reader.take()
        }
        reader?.resume()
    }
}
