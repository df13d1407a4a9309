// SPDX-License-Identifier: MIT
import Macha
import MachaCore
import MachaStore
import Synchronization

/// `check --watch`: a live table for a person, and one line a change for a pipe.
struct WatchRun {
    let output: Output
    let watch: FleetWatch
    let hosts: [FleetHost]

    /// Runs until the person leaves or, without a terminal, until the process is ended.
    func run(on screen: LiveScreen?) async throws {
        if let screen { try await show(on: screen) } else { try await tell() }
    }

    /// One line a change, and one for what was done or has to be asked. What is as it was says nothing.
    private func tell() async throws {
        var news = WatchNews()
        try await guarded {
            try await watch.run(hosts) { event, view in
                let (lines, warnings) = news.take(event, at: view.report.generatedAt)
                for warning in warnings { try output.note(Cell("warning:", .warning), Cell(warning)) }
                for line in lines { try output.show(line: line) }
            }
        }
    }

    /// What is on the screen; the watch and the keys both change it.
    private final class Picture: Sendable {
        struct State {
            var view: FleetWatch.View?
            var offset = 0
        }

        let state = Mutex(State())
    }

    private func show(on screen: LiveScreen) async throws {
        let picture = Picture()
        try screen.enter()
        defer { screen.leave() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await guarded {
                    try await watch.run(hosts) { _, view in
                        picture.state.withLock { $0.view = view }
                        try redraw(picture, screen)
                    }
                }
            }
            group.addTask {
                for await event in screen.events {
                    switch event {
                    case .quit: return
                    case .resize: break
                    case .scroll(let lines): picture.state.withLock { $0.offset = max(0, $0.offset + lines) }
                    case .top: picture.state.withLock { $0.offset = 0 }
                    }
                    try redraw(picture, screen)
                }
            }
            defer { group.cancelAll() }
            try await group.next()
            screen.leave()
            let acting = picture.state.withLock { $0.view?.inCare.acting ?? [] }
            if !acting.isEmpty {
                try output.note(
                    Cell("finishing what has begun on \(acting.joined(separator: ", ")); Ctrl-C ends at once", .dim))
            }
        }
    }

    private func redraw(_ picture: Picture, _ screen: LiveScreen) throws {
        let (rows, terminal) = screen.size
        let frame = picture.state.withLock { state -> LiveFrame? in
            guard let view = state.view else { return nil }
            let frame = WatchPage.frame(view, offset: state.offset, terminal: terminal)
            state.offset = min(state.offset, frame.lastOffset(rows: rows))
            return frame
        }
        if let frame { try screen.draw(frame) }
    }

    /// The end of a watch that was asked for is no failure.
    private func guarded(_ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch is CancellationError {
        } catch let error as StoreError {
            throw Failure(.unavailable, "\(error)")
        }
    }
}
