// SPDX-License-Identifier: MIT

/// A value and where the inventory says it.
struct Setting<Value: Sendable>: Sendable {
    var value: Value
    var position: SourcePosition
}

/// What one place (the defaults, a group or a host) sets; `nil` and empty where it is silent.
struct InventoryLayer: Sendable {
    var level: InventoryLevel
    /// Where a host begins; `nil` for other layers.
    var position: SourcePosition?
    var address: Setting<String>?
    var connection: Setting<ConnectionKind>?
    var groups: [Setting<String>] = []
    var flakeAttr: Setting<String?>?
    var maxUnavailable: Setting<Int>?
    var user: Setting<String>?
    var port: Setting<UInt16>?
    var autonomy: Setting<AutonomyLevel>?
    var jump: Setting<Jump>?
    var sudo: Setting<Bool>?
    var tags: [Setting<String>] = []
    var vars: [String: Setting<String>] = [:]
    var checkInterval: Setting<Int>?
    var identityFiles: Setting<[String]>?
    var knownHosts: Setting<[String]>?
    var protectedUnits: [Setting<String>] = []
    var managedUnits: [Setting<String>] = []
    var isProtected: Setting<Bool>?
    var quietHours: Setting<QuietHours?>?
    /// By the names of ``ThresholdKey``.
    var thresholds: [String: Setting<Double>] = [:]
    var intermittent: Setting<Bool>?
    var checkNames: Setting<[String]>?
    var checkAddresses: Setting<[String]>?
    var dependsOn: Setting<[Setting<String>]>?
    var maintenance: [Setting<MaintenanceHours>] = []
    /// The keys that only concern SSH, in the order of the file.
    var keysForSSH: [Setting<InventoryKey>] = []

    init(_ level: InventoryLevel) { self.level = level }
}

enum ConnectionKind: String, CaseIterable, Sendable {
    case local, ssh
}

enum Jump: Hashable, Sendable {
    /// `none`: straight, whatever a group or the defaults say.
    case direct
    case through(String)
}
