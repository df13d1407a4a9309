// SPDX-License-Identifier: MIT
package import MachaActions
package import MachaInventory
package import MachaStore

extension Controller {
    /// The newest entries of the record, oldest first: at most `limit` of these `kinds` about `hosts`, where `nil` is all;
    /// with `sequence` the first ones after it.
    package func auditEntries(
        kinds: [AuditEntry.Kind]?, of hosts: [FleetHost]?, after sequence: Int?, limit: Int
    ) throws(ControllerError) -> [AuditEntry] {
        let store = try environment.store()
        return try storing { () throws(StoreError) in
            try store.audit(kinds: kinds, hosts: hosts?.map(\.name), after: sequence, limit: limit)
        }
    }

    /// Compares the record with itself, with its exports, with the heads that the configuration keeps elsewhere, and with
    /// `heads`.
    package func verifyAudit(heads: [KeptHead]) throws(ControllerError) -> AuditVerification {
        let exporter = try environment.exporter()
        let store = try environment.store()
        return try storing { () throws(StoreError) in try exporter.verify(store, heads: heads) }
    }

    /// Goes on with a database that is older than its exports. Returns the exports that were put aside.
    package func acceptDatabase(reason: String) throws(ControllerError) -> [String] {
        let (store, now) = (try environment.store(), environment.now())
        let exports = Exports(folder: environment.stateFolder)
        let names = try storing { () throws(StoreError) in
            try exports.accept(store, by: CurrentUser.name(), because: reason, at: now)
        }
        guard let names else {
            throw ControllerError(.usage, "nothing to accept: the database has everything its exports have")
        }
        for failure in try environment.exporter().keepHead(of: store, at: now) {
            environment.warn(.notExported(failure))
        }
        return names
    }
}
