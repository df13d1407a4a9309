// SPDX-License-Identifier: MIT
package import MachaInventory

/// What a cycle is to do. Nothing here has a default: what is left out would decide.
package struct CheckRequest: Sendable {
    package var hosts: [FleetHost]
    /// Hosts asked at once.
    package var width: Int
    /// Do what may be done, and ask for the rest.
    package var acts: Bool
    package var asksModels: Bool
    /// Ask a model again although nothing has changed since its last analysis.
    package var asksAgain: Bool
    /// Ask the slow probes too, whether they are due or not.
    package var isFresh: Bool
    /// Say what changed on each host since the observation before.
    package var comparesChanges: Bool
    /// Seconds a change is watched at most; `nil` for as long as its plan says.
    package var settle: Int?
    /// Analyses that are asked for within 24 hours at most; `nil` for as many as are needed.
    package var analysesPerDay: Int?

    package init(
        hosts: [FleetHost], width: Int, acts: Bool, asksModels: Bool, asksAgain: Bool, isFresh: Bool,
        comparesChanges: Bool, settle: Int?, analysesPerDay: Int?
    ) {
        self.hosts = hosts
        self.width = width
        self.acts = acts
        self.asksModels = asksModels
        self.asksAgain = asksAgain
        self.isFresh = isFresh
        self.comparesChanges = comparesChanges
        self.settle = settle
        self.analysesPerDay = analysesPerDay
    }
}
