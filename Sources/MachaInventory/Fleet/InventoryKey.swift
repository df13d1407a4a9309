// SPDX-License-Identifier: MIT
import MachaModel

/// Where in an inventory a key can stand.
enum InventoryLevel: Hashable, Sendable {
    case defaults
    case group(String)
    case host(String)

    /// For messages: `group 'media'`.
    var title: String {
        switch self {
        case .defaults: "defaults"
        case .group(let name): "group \(name.quoted)"
        case .host(let name): "host \(name.quoted)"
        }
    }
}

/// Every key of a host, a group or the defaults.
enum InventoryKey: String, CaseIterable {
    case address, connection, groups
    case flakeAttr = "flake-attr"
    case maxUnavailable = "max-unavailable"
    case user, port, autonomy, jump, sudo, tags, vars
    case checkInterval = "check-interval"
    case identityFile = "identity-file"
    case knownHosts = "known-hosts"
    case managedUnits = "managed-units"
    case protected
    case protectedUnits = "protected-units"
    case quietHours = "quiet-hours"
    case thresholds, intermittent
    case checkNames = "check-names"
    case checkAddresses = "check-addresses"
    case dependsOn = "depends-on"
    case maintenance

    /// The only place the key makes sense in, for keys that do not fit everywhere: an address shared by a group is a
    /// slip of the hand.
    var onlyPlace: String? {
        switch self {
        case .address, .connection, .groups, .flakeAttr: "a host"
        case .maxUnavailable: "a group"
        default: nil
        }
    }

    func fits(_ level: InventoryLevel) -> Bool {
        switch level {
        case .defaults: onlyPlace == nil
        case .group: onlyPlace == nil || self == .maxUnavailable
        case .host: self != .maxUnavailable
        }
    }

    /// Whether the key only says how to log in over SSH.
    var isForSSH: Bool {
        switch self {
        case .address, .port, .user, .identityFile, .knownHosts, .jump: true
        default: false
        }
    }
}
