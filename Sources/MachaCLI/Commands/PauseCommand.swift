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
        try options.output.show(state) { PausePage.page($0) }
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
        try options.output.show(state) { PausePage.page($0) }
    }
}

/// What is paused.
enum PausePage {
    static func page(_ state: PauseState) -> Page {
        var page = Page()
        if let fleet = state.fleet {
            page.text(Cell("the whole fleet is paused", .warning), Cell(by(fleet), .dim))
        }
        for (host, entry) in state.hosts.sorted(by: { $0.key.naturallyPrecedes($1.key) }) {
            page.text(Cell("\(host) is paused", .warning), Cell(by(entry), .dim))
        }
        if state.fleet == nil, state.hosts.isEmpty { page.text(Cell("nothing is paused", .ok)) }
        return page
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
