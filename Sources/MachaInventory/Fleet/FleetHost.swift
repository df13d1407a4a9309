// SPDX-License-Identifier: MIT

/// A managed machine as the inventory resolves it: host over groups over defaults.
package struct FleetHost: Hashable, Codable, Sendable, Identifiable {
    /// Unique in the inventory; what reports, selectors and the database call the host.
    package var name: String
    package var connection: Connection
    package var autonomy: AutonomyLevel
    /// In the order the inventory names them; a later group's settings won.
    package var groups: [String]
    package var tags: [String]
    /// Free values for playbooks.
    package var vars: [String: String]
    /// How often the daemon looks at this host, in seconds.
    package var checkInterval: Int
    /// Local times of day without automatic changes.
    package var quietHours: QuietHours?
    /// Attribute of the fleet's flake that builds this host; `nil` uses the host's own configuration.
    package var flakeAttr: String?
    /// Units no automatic decision may touch, in addition to the built-in ones.
    package var protectedUnits: [String]
    /// No automatic decision changes anything on this host; a person has to approve each change.
    package var isProtected: Bool
    /// Units that Macha may start, stop and restart here, for the host's sudo rules; empty when nobody has said.
    package var managedUnits: [String]
    /// Whether `sudo -n` may be tried for what needs root.
    package var sudo: Bool
    /// The figures at which a reading of this host becomes a finding.
    package var thresholds: Thresholds
    /// It is off now and then on purpose: unreachable is then no alarm, and never healthy.
    package var isIntermittent: Bool
    /// DNS names that the host must be able to resolve.
    package var checkNames: [String]
    /// `host:port`, `[IPv6]:port` or a bare host: what the host must be able to reach.
    package var checkAddresses: [String]
    /// Fleet hosts without which this one cannot be reached or run, apart from its jump host: a router, a machine it is
    /// a guest of.
    package var dependsOn: [String]
    /// Hours of the week in which nothing is repaired and no alarm is raised, by the host's own time.
    package var maintenance: [MaintenanceHours]

    package var id: String { name }

    package init(
        name: String, connection: Connection, autonomy: AutonomyLevel = .suggest, groups: [String] = [],
        tags: [String] = [], vars: [String: String] = [:], checkInterval: Int = 300, quietHours: QuietHours? = nil,
        flakeAttr: String? = nil, protectedUnits: [String] = [], isProtected: Bool = false,
        managedUnits: [String] = [], sudo: Bool = true, thresholds: Thresholds = Thresholds(),
        isIntermittent: Bool = false, checkNames: [String] = [], checkAddresses: [String] = [],
        dependsOn: [String] = [],
        maintenance: [MaintenanceHours] = []
    ) {
        self.name = name
        self.connection = connection
        self.autonomy = autonomy
        self.groups = groups
        self.tags = tags
        self.vars = vars
        self.checkInterval = checkInterval
        self.quietHours = quietHours
        self.flakeAttr = flakeAttr
        self.protectedUnits = protectedUnits
        self.isProtected = isProtected
        self.managedUnits = managedUnits
        self.sudo = sudo
        self.thresholds = thresholds
        self.isIntermittent = isIntermittent
        self.checkNames = checkNames
        self.checkAddresses = checkAddresses
        self.dependsOn = dependsOn
        self.maintenance = maintenance
    }
}

/// How a host is reached.
package enum Connection: Hashable, Codable, Sendable {
    /// The controller itself.
    case local
    case ssh(SSHEndpoint)
}

/// Where and as whom to log in over SSH. Paths are absolute, `~` already expanded.
package struct SSHEndpoint: Hashable, Codable, Sendable {
    /// Host name, IPv4 or IPv6 address (without brackets).
    package var address: String
    package var port: UInt16
    package var user: String
    /// Private key files, tried in order, before the agent's keys.
    package var identityFiles: [String]
    /// Files in `known_hosts` format, all consulted.
    package var knownHosts: [String]
    /// The host to go through: a fleet host's name, or what ssh calls it (an alias, `user@host:port`).
    package var jump: String?
    /// The jump host and those before it, the one the controller connects to first; empty when ``jump`` is no fleet host.
    package var hops: [SSHHop] = []
    /// What nothing in the inventory names: the user's configuration of ssh may say it, else the value here counts.
    package var unset: [SSHSetting] = []

    package init(
        address: String, port: UInt16 = 22, user: String, identityFiles: [String] = [], knownHosts: [String] = [],
        jump: String? = nil
    ) {
        self.address = address
        self.port = port
        self.user = user
        self.identityFiles = identityFiles
        self.knownHosts = knownHosts
        self.jump = jump
    }
}

/// A fleet host on the way to another.
package struct SSHHop: Hashable, Codable, Sendable {
    package var name: String
    package var endpoint: SSHEndpoint

    package init(name: String, endpoint: SSHEndpoint) {
        self.name = name
        self.endpoint = endpoint
    }
}

/// The settings of an endpoint, by the inventory's names.
package enum SSHSetting: String, Hashable, Codable, Sendable, CaseIterable {
    case address, port, user
    case identityFile = "identity-file"
    case knownHosts = "known-hosts"
    case jump
}

/// A span of the host's local day, in minutes after midnight; `start > end` runs over midnight.
package struct QuietHours: Hashable, Codable, Sendable {
    /// 0…1439.
    package var start: Int
    /// 0…1439, not included.
    package var end: Int

    package init(start: Int, end: Int) {
        self.start = start
        self.end = end
    }

    /// Whether `minute` (0…1439, after midnight) lies inside.
    package func contains(minute: Int) -> Bool {
        start <= end ? (start..<end).contains(minute) : minute >= start || minute < end
    }
}
