// SPDX-License-Identifier: MIT
package import struct Foundation.Date

/// What one host is asked this time, and with which settings.
package struct ProbeRequest: Sendable {
    /// In the order of ``ProbeCatalog``.
    package var probes: [any Probe.Type]
    /// Where the journal was read up to; `nil` for its last hour.
    package var cursor: JournalCursor?
    /// Host names that must resolve on the host.
    package private(set) var names: [String]
    /// Hosts that must answer the host's ping, and `host:port` where a connection must be accepted.
    package private(set) var targets: [String]
    /// Whether `sudo -n` may be tried for what needs root.
    package var mayUseSudo: Bool

    /// Names and targets beyond this many are left out.
    package static let listLimit = 8

    /// Asks `probes`. A name or target that is no plain word is left out: it stands in a shell script.
    package init(
        probes: [any Probe.Type] = ProbeCatalog.all, cursor: JournalCursor? = nil, names: [String] = [],
        targets: [String] = [], mayUseSudo: Bool = false
    ) {
        self.probes = probes
        self.cursor = cursor
        self.names = Array(names.filter(Self.isPlain).prefix(Self.listLimit))
        self.targets = Array(targets.filter(Self.isPlain).prefix(Self.listLimit))
        self.mayUseSudo = mayUseSudo
    }

    /// What a host is to be asked at `now`, when `earlier` is its newest snapshot that was reached: everything that is due
    /// by its rhythm, and the journal from where `earlier` ended. `everything` asks the slow probes too.
    package init(
        names: [String], targets: [String], mayUseSudo: Bool, after earlier: Snapshot?, now: Date, everything: Bool
    ) {
        let due = ProbeCatalog.all.filter { probe in
            guard !everything, let earlier, let asked = earlier.askedAt(probe) else { return true }
            return probe.rhythm.isDue(
                askedAt: asked.timeIntervalSince1970, isKnown: earlier.isKnown(probe), now: now.timeIntervalSince1970)
        }
        self.init(
            probes: due, cursor: earlier?[JournalProbe.self].value?.cursor, names: names, targets: targets,
            mayUseSudo: mayUseSudo)
    }

    /// The most seconds the slow ones among the probes may take; the others share the collection's own limit.
    package var extraTime: Int { probes.filter { $0.rhythm != .everyCheck }.reduce(0) { $0 + $1.timeout } }

    /// A host name or an address, in brackets where a port follows, and nothing a shell could take for more.
    private static func isPlain(_ word: String) -> Bool {
        (1...253).contains(word.utf8.count) && word.first != "-"
            && word.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
                    || [0x2d, 0x2e, 0x3a, 0x5b, 0x5d, 0x5f].contains(byte)
            }
    }
}
