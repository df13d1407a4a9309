// SPDX-License-Identifier: MIT
package import Macha
import MachaActions
import MachaModel

/// What is paused.
package enum PausePage {
    /// What is paused, and by whom.
    package static func page(_ view: Controller.PauseView) -> Page {
        let state = view.state
        var page = Page()
        if let fleet = state.fleet {
            page.text(Cell("the whole fleet is paused", .warning), Cell(by(fleet), .dim))
        }
        for (host, entry) in state.hosts.sorted(by: { $0.key.naturallyPrecedes($1.key) }) {
            page.text(Cell("\(host) is paused", .warning), Cell(by(entry), .dim))
        }
        if state.fleet == nil, state.hosts.isEmpty { page.text(Cell("nothing is paused", .ok)) }
        page.text(Cell("state folder \(view.stateFolder)", .dim, limit: 4_000))
        for line in others(view.otherStateFolders) { page.text(contentsOf: line) }
        return page
    }

    /// One line for each other state folder: a pause counts in its own only.
    static func others(_ others: [StateFolders.Other]) -> [[Cell]] {
        others.map { other in
            let name = Cell(other.path, limit: 4_000)
            return switch other.isPaused {
            case true?: [Cell("another state folder is paused:", .warning), name]
            case false?: [Cell("another state folder is not paused:", .warning), name]
            case nil: [Cell("another state folder, which you may not read:", .warning), name]
            }
        }
    }

    /// What is paused, in one line.
    static func cells(_ state: PauseState) -> [Cell] {
        if let fleet = state.fleet { return [Cell("the whole fleet is paused", .warning), Cell(by(fleet), .dim)] }
        let hosts = state.hosts.sorted { $0.key.naturallyPrecedes($1.key) }
        return [Cell("paused:", .warning)] + hosts.map { Cell("\($0.key) \(by($0.value))", .warning) }
    }

    private static func by(_ entry: PauseState.Entry) -> String {
        "by \(entry.by)" + (entry.reason.isEmpty ? "" : ": \(entry.reason)")
    }
}
