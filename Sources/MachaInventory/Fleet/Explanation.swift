// SPDX-License-Identifier: MIT
import MachaModel

/// One setting of a host as it counts in the end, and where it comes from.
package struct Explanation: Hashable, Sendable {
    /// The key in the inventory; `vars.NAME` for a variable.
    package var key: String
    /// As text, safe to print.
    package var value: String
    package var origin: Origin

    package init(key: String, value: String, origin: Origin) {
        self.key = key
        self.value = value.printable(limit: 1000)
        self.origin = origin
    }
}

/// What decided a setting.
package enum Origin: Hashable, Sendable {
    /// Nothing in the inventory names it.
    case builtIn
    /// Nothing in the inventory, but the configuration.
    case configuration
    case defaults(SourcePosition)
    case group(String, SourcePosition)
    case host(SourcePosition)

    /// `defaults`, `group media`, `host` or `built in`.
    package var layer: String {
        switch self {
        case .builtIn: "built in"
        case .configuration: "the configuration"
        case .defaults: "defaults"
        case .group(let name, _): "group \(name)"
        case .host: "host"
        }
    }

    package var position: SourcePosition? {
        switch self {
        case .builtIn, .configuration: nil
        case .defaults(let position), .group(_, let position), .host(let position): position
        }
    }
}

extension Origin: CustomStringConvertible {
    /// `inventory/fleet.yaml:4:12 (group media)` or `built in`.
    package var description: String { position.map { "\($0) (\(layer))" } ?? layer }
}
