// SPDX-License-Identifier: MIT
import ArgumentParser
import Foundation
import Macha
import MachaCore
import MachaStore

/// Nothing may change, from now on.
struct PauseCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause", abstract: "Let Macha change nothing, at once, until you resume.")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "Which hosts; the whole fleet unless named.")
    var selector: [String] = []

    @Option(name: .shortAndLong, help: "Why, for the others.")
    var reason = ""

    func execute() async throws {
        // Without a selector no inventory is needed: stopping must not fail over a mistake in a file.
        let hosts =
            selector.isEmpty
            ? nil : try options.hosts(selector, in: try options.loadInventory()).map(\.name)
        let store = try options.openStore()
        let state = try await withStore {
            try store.pause(hosts: hosts, by: Person.name(), because: reason.printable(limit: 300), at: Date())
            return try store.pauseState()
        }
        try options.export(store)
        try options.output.show(PauseView(state, options.statePath)) { PausePage.page($0) }
    }
}

/// Changes are allowed again.
struct ResumeCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Let Macha change hosts again, as far as their level allows.")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "Which hosts; every pause unless named.")
    var selector: [String] = []

    func execute() async throws {
        let hosts =
            selector.isEmpty
            ? nil : try options.hosts(selector, in: try options.loadInventory()).map(\.name)
        let store = try options.openStore()
        let state = try await withStore { try store.resume(hosts: hosts, by: Person.name(), at: Date()) }
        try options.export(store)
        try options.output.show(PauseView(state, options.statePath)) { PausePage.page($0) }
    }
}

/// What is paused, in which state folder, and which others there are.
struct PauseView: Encodable {
    var state: PauseState
    var stateFolder: String
    var otherStateFolders: [StateFolders.Other]

    init(_ state: PauseState, _ folder: String) {
        self.state = state
        stateFolder = folder
        otherStateFolders = StateFolders(own: folder).others
    }

    private enum CodingKeys: String, CodingKey { case stateFolder, otherStateFolders }

    func encode(to encoder: any Encoder) throws {
        try state.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(stateFolder, forKey: .stateFolder)
        try container.encode(otherStateFolders, forKey: .otherStateFolders)
    }
}

/// What is paused.
enum PausePage {
    static func page(_ view: PauseView) -> Page {
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
