// SPDX-License-Identifier: MIT
package import struct Foundation.Date

/// Where nothing may change until a person says so: the whole fleet, or single hosts.
package struct PauseState: Hashable, Codable, Sendable {
    package struct Entry: Hashable, Codable, Sendable {
        /// Login name.
        package var by: String
        package var since: Date
        /// May be empty.
        package var reason: String

        package init(by: String, since: Date, reason: String = "") {
            self.by = by
            self.since = since
            self.reason = reason
        }
    }

    package var fleet: Entry?
    /// By host name.
    package var hosts: [String: Entry]

    package init(fleet: Entry? = nil, hosts: [String: Entry] = [:]) {
        self.fleet = fleet
        self.hosts = hosts
    }

    /// Why nothing may change on `host`; `nil` when it may.
    package func entry(for host: String) -> Entry? { fleet ?? hosts[host] }
}
