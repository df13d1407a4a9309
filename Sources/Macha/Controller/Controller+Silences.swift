// SPDX-License-Identifier: MIT
package import MachaFindings
import MachaInventory
package import MachaModel
import MachaStore
package import struct Foundation.Date

extension Controller {
    /// A silence as people and programs read it.
    package struct SilenceDocument: Sendable, Encodable {
        package let silence: Silence
        /// `nil` for one of the inventory, which only its file ends.
        package let id: Int64?
        package let endedBy: String?
        package let isActive: Bool

        private enum CodingKeys: String, CodingKey {
            case id, hosts, kind, subject, since, until, by, reason, active, endedBy
        }

        package func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encodeIfPresent(id, forKey: .id)
            try container.encode("\(silence.selector)", forKey: .hosts)
            try container.encodeIfPresent(silence.kind, forKey: .kind)
            try container.encodeIfPresent(silence.subject?.text, forKey: .subject)
            if id != nil { try container.encode(silence.span.from, forKey: .since) }
            try container.encodeIfPresent(silence.span.until, forKey: .until)
            try container.encode(silence.by, forKey: .by)
            try container.encode(silence.reason, forKey: .reason)
            try container.encode(isActive, forKey: .active)
            try container.encodeIfPresent(endedBy, forKey: .endedBy)
        }
    }

    /// A host's maintenance as people and programs read it.
    package struct MaintenanceDocument: Sendable, Encodable {
        package var host: String
        package var since: Date?
        package var until: Date?
        package var by: String
        package var reason: UntrustedText
        /// The hours that the inventory gives to it.
        package var hours: [String]
        package var active: Bool
    }

    /// Raises no alarm about what fits, until `until`.
    package func silence(
        _ selector: String, kind: String?, subject: String?, until: Date, reason: String
    ) throws(ControllerError) -> SilenceDocument {
        _ = try hosts(selector)
        if let kind { try Self.requireMutable(kind) }
        let reason = Self.text(reason, limit: 300)
        guard !reason.isEmpty else { throw ControllerError(.usage, "the reason is empty; say why, for the others") }
        let (chosen, glob) = (try Self.selector(selector), try Self.glob(subject))
        let (store, now) = (try environment.store(), environment.now())
        let stored = try storing { () throws(StoreError) in
            try store.silence(
                chosen, kind: kind, subject: glob, until: until, by: CurrentUser.name(), because: reason, at: now)
        }
        try export()
        return Self.document(stored, at: now)
    }

    /// The silences that hold, those of the inventory among them; with `all` also what is over.
    package func silences(all: Bool) throws(ControllerError) -> [SilenceDocument] {
        let (store, now) = (try environment.store(), environment.now())
        let stored = try storing { () throws(StoreError) in try store.silences() }
        let standing = try environment.inventory().silences.map {
            SilenceDocument(silence: Silence($0), id: nil, endedBy: nil, isActive: true)
        }
        return standing + stored.map { Self.document($0, at: now) }.filter { all || $0.isActive }
    }

    /// Ends the silence `id` now.
    package func expireSilence(_ id: Int64) throws(ControllerError) -> SilenceDocument {
        let (store, now) = (try environment.store(), environment.now())
        let ended = try storing { () throws(StoreError) in try store.expire(id, by: CurrentUser.name(), at: now) }
        guard let ended else {
            throw ControllerError(.usage, "there is no silence \(id) that still holds; see: macha silence list")
        }
        try export()
        return Self.document(ended, at: now)
    }

    /// Nothing is repaired on `selector` unasked, and no alarm is raised about it, until `until`.
    package func beginMaintenance(
        _ selector: String, until: Date, reason: String
    ) throws(ControllerError) -> [MaintenanceDocument] {
        let chosen = try hosts(selector)
        let (store, now) = (try environment.store(), environment.now())
        try storing { () throws(StoreError) in
            try store.maintain(
                chosen.map(\.name), until: until, by: CurrentUser.name(), because: Self.text(reason, limit: 300),
                at: now)
        }
        try export()
        return try maintenance(of: chosen)
    }

    /// Ends the maintenance of `selector` now. Returns the hosts that were in it.
    package func endMaintenance(_ selector: String) throws(ControllerError) -> [String] {
        let chosen = try hosts(selector)
        let (store, now) = (try environment.store(), environment.now())
        let ended = try storing { () throws(StoreError) in
            try store.endMaintenance(of: chosen.map(\.name), by: CurrentUser.name(), at: now)
        }
        guard !ended.isEmpty else {
            throw ControllerError(.usage, "nobody began maintenance there; see: macha maintenance list")
        }
        try export()
        return ended
    }

    /// The hosts that are in maintenance, or have hours for it.
    package func maintenance() throws(ControllerError) -> [MaintenanceDocument] {
        try maintenance(of: try environment.inventory().hosts).filter { $0.active || !$0.hours.isEmpty }
    }

    private func maintenance(of hosts: [FleetHost]) throws(ControllerError) -> [MaintenanceDocument] {
        let muting = try muting()
        return hosts.map { host in
            let state = muting.maintenance(of: host)
            var document = MaintenanceDocument(
                host: host.name, since: nil, until: nil, by: "", reason: "", hours: host.maintenance.map(\.text),
                active: state != .off && state != .unknown)
            if case .window(let window) = state {
                (document.since, document.until) = (window.span.from, window.span.until)
                (document.by, document.reason) = (window.by, window.reason)
            }
            return document
        }
    }

    private static func document(_ stored: StoredSilence, at now: Date) -> SilenceDocument {
        SilenceDocument(
            silence: stored.silence, id: stored.id, endedBy: stored.endedBy,
            isActive: stored.silence.span.contains(now))
    }

    private static func requireMutable(_ kind: String) throws(ControllerError) {
        if let complaint = SilenceKinds.complaint(about: kind) { throw ControllerError(.usage, complaint) }
    }

    private static func glob(_ text: String?) throws(ControllerError) -> SubjectGlob? {
        do throws(ValueValidationError) {
            return try text.map { (text) throws(ValueValidationError) in try SubjectGlob(text) }
        } catch {
            throw ControllerError(.usage, "--subject: \(error.description)")
        }
    }
}
