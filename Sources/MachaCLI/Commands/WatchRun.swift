// SPDX-License-Identifier: MIT
import MachaViews
import Macha
import Synchronization

/// `check --watch`: a live table for a person, and one line a change for a pipe.
struct WatchRun {
    private let output: Output
    private let controller: Controller
    private let request: CheckRequest

    init(output: Output, _ controller: Controller, _ request: CheckRequest) {
        self.output = output
        self.controller = controller
        self.request = request
    }

    /// Runs until the person leaves or, without a terminal, until the process is ended.
    func run(on screen: LiveScreen?) async throws {
        if let screen { try await show(on: screen) } else { try await tell() }
    }

    /// One line a change, and one for what was done or has to be asked. What is as it was says nothing.
    private func tell() async throws {
        let changes = controller.subscribe(.changes).changes
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await controller.watch(request) }
            group.addTask {
                var news = WatchNews()
                for await event in changes {
                    let (lines, warnings) = news.take(event, at: event.time)
                    for warning in warnings { try output.note(Cell("warning:", .warning), Cell(warning)) }
                    for line in lines { try output.show(line: line) }
                }
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// What is on the screen; the watch and the keys both change it.
    private final class Picture: Sendable {
        struct State {
            var view: FleetView?
            var offset = 0
        }

        let state = Mutex(State())
    }

    private func show(on screen: LiveScreen) async throws {
        let picture = Picture()
        let changes = controller.subscribe(.views).changes
        try screen.enter()
        defer { screen.leave() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await controller.watch(request) }
            group.addTask {
                for await event in changes {
                    picture.state.withLock { $0.view = event.view }
                    try redraw(picture, screen)
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
            let changing = picture.state.withLock { $0.view?.remediating ?? [] }
            if !changing.isEmpty {
                try output.note(
                    Cell("finishing what has begun on \(changing.joined(separator: ", ")); Ctrl-C ends at once", .dim))
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
}
