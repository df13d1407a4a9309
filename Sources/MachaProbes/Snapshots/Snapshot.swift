// SPDX-License-Identifier: MIT
package import MachaModel
package import struct Foundation.Date

/// All answers of one host at one time.
package struct Snapshot: Sendable {
    package let host: String
    /// When the collection of this host began, by the controller's clock.
    package let takenAt: Date
    /// Seconds from the first connection attempt to the last byte.
    package let duration: Double
    package let contact: Contact
    /// Of the session that asked: its host key's fingerprint; `nil` over a local connection, or when nobody was reached.
    package let hostKey: String?
    private var readings: [String: any Sendable]
    /// When the answers that are older than this snapshot were given.
    private var keptFrom: [String: Date] = [:]

    /// A snapshot of a host that answered, from the sections it sent.
    ///
    /// What was not `asked` keeps its answer from `earlier`, this host's newest snapshot that was reached, and the
    /// journal goes on where it ended there.
    package init(
        host: String, takenAt: Date, duration: Double, sections: [ProbeSection],
        asked: [any Probe.Type] = ProbeCatalog.all, earlier: Snapshot? = nil, hostKey: String? = nil
    ) {
        self.hostKey = hostKey
        self.host = host
        self.takenAt = takenAt
        self.duration = duration
        contact = .reached
        readings = [:]
        let byName = Dictionary(sections.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let names = Set(asked.map { $0.name })
        for probe in ProbeCatalog.all {
            if names.contains(probe.name) { read(probe, from: byName) } else { keep(probe, from: earlier) }
        }
        if let before = earlier?[JournalProbe.self].value, case .known(let journal) = self[JournalProbe.self] {
            readings[JournalProbe.name] = Reading.known(journal.following(before))
        }
    }

    /// A snapshot of a host that could not be asked.
    package init(host: String, takenAt: Date, duration: Double, failure: ContactFailure) {
        self.host = host
        self.takenAt = takenAt
        self.duration = duration
        contact = .failed(failure)
        hostKey = nil
        readings = [:]
    }

    /// What `probe` learnt. Unknown when the host was not reached or the section did not arrive.
    package subscript<P: Probe>(_ probe: P.Type) -> Reading<P.Value> {
        if let reading = readings[P.name] as? Reading<P.Value> { return reading }
        switch contact {
        case .reached: return .unknown(because: ProbeFailure(.missing))
        case .failed: return .unknown(because: ProbeFailure(.notCollected))
        }
    }

    /// Probes without a value, with the reason, in catalogue order.
    package var failures: [(probe: String, failure: ProbeFailure)] {
        ProbeCatalog.all.compactMap { probe in failure(of: probe).map { (probe.name, $0) } }
    }

    /// What the probes with a value could not understand, in catalogue order.
    package var unreadItems: [(probe: String, items: [UnreadItem])] {
        ProbeCatalog.all.compactMap { probe in
            unread(in: probe).flatMap { $0.isEmpty ? nil : (probe.name, $0) }
        }
    }

    /// When `probe` was asked for the answer that stands here, by the controller's clock; `nil` when it never was.
    package func askedAt<P: Probe>(_ probe: P.Type) -> Date? {
        readings[P.name] == nil ? nil : keptFrom[P.name] ?? takenAt
    }

    /// The machine that was asked.
    package var machine: MachineIdentity {
        MachineIdentity(hostKey: hostKey, machineID: self[BootProbe.self].value?.machineID)
    }

    /// Whether `probe` has a value.
    package func isKnown<P: Probe>(_ probe: P.Type) -> Bool { self[probe].value != nil }

    private func failure<P: Probe>(of probe: P.Type) -> ProbeFailure? { self[probe].failure }

    private func unread<P: Probe>(in probe: P.Type) -> [UnreadItem]? {
        (self[probe].value as? any PartlyRead)?.unread
    }

    private mutating func keep<P: Probe>(_ probe: P.Type, from earlier: Snapshot?) {
        guard let earlier, let reading = earlier.readings[P.name], let asked = earlier.askedAt(probe) else {
            readings[P.name] = Reading<P.Value>.unknown(because: ProbeFailure(.notCollected))
            // Never asked, so due at the next occasion.
            keptFrom[P.name] = .distantPast
            return
        }
        readings[P.name] = reading
        keptFrom[P.name] = asked
    }

    private mutating func read<P: Probe>(_ probe: P.Type, from sections: [String: ProbeSection]) {
        readings[P.name] = sections[P.name].map { probe.read($0) } ?? .unknown(because: ProbeFailure(.missing))
    }
}

extension Snapshot: Codable {
    private enum CodingKeys: String, CodingKey { case host, takenAt, duration, contact, hostKey, readings, keptFrom }
    private struct Name: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        host = try container.decode(String.self, forKey: .host)
        takenAt = try container.decode(Date.self, forKey: .takenAt)
        duration = try container.decode(Double.self, forKey: .duration)
        contact = try container.decode(Contact.self, forKey: .contact)
        hostKey = try container.decodeIfPresent(String.self, forKey: .hostKey)
        keptFrom = try container.decodeIfPresent([String: Date].self, forKey: .keptFrom) ?? [:]
        readings = [:]
        let stored = try container.nestedContainer(keyedBy: Name.self, forKey: .readings)
        for probe in ProbeCatalog.all { try decode(probe, from: stored) }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(host, forKey: .host)
        try container.encode(takenAt, forKey: .takenAt)
        try container.encode(duration, forKey: .duration)
        try container.encode(contact, forKey: .contact)
        try container.encodeIfPresent(hostKey, forKey: .hostKey)
        if !keptFrom.isEmpty { try container.encode(keptFrom, forKey: .keptFrom) }
        var stored = container.nestedContainer(keyedBy: Name.self, forKey: .readings)
        for probe in ProbeCatalog.all { try encode(probe, into: &stored) }
    }

    // A probe that this version reads differently than the one that stored it is unknown, never an error:
    // an old snapshot must not make the fleet report unreadable.
    private mutating func decode<P: Probe>(_ probe: P.Type, from stored: KeyedDecodingContainer<Name>) throws {
        let key = Name(stringValue: P.name)
        guard stored.contains(key) else { return }
        let reading = try? stored.decode(Reading<P.Value>.self, forKey: key)
        readings[P.name] = reading ?? .unknown(because: ProbeFailure(.unparsable, "stored by another version"))
    }

    private func encode<P: Probe>(_ probe: P.Type, into stored: inout KeyedEncodingContainer<Name>) throws {
        guard let reading = readings[P.name] as? Reading<P.Value> else { return }
        try stored.encode(reading, forKey: Name(stringValue: P.name))
    }
}
