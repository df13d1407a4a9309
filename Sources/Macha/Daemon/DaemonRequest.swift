// SPDX-License-Identifier: MIT

/// How the daemon is to work. Nothing here has a default: what is left out would decide.
package struct DaemonRequest: Sendable {
    /// Hosts asked at once; `nil` for what the configuration says.
    package var width: Int?
    /// Do what may be done, and ask for the rest.
    package var acts: Bool
    package var asksModels: Bool

    package init(width: Int?, acts: Bool, asksModels: Bool) {
        self.width = width
        self.acts = acts
        self.asksModels = asksModels
    }
}
