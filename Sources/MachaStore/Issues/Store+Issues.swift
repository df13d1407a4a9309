// SPDX-License-Identifier: MIT
import GRDB
package import MachaFindings
package import MachaModel
package import struct Foundation.Date

extension Store {
    /// What is open now, by host and then longest first. `hosts` limits it; `nil` means all.
    package func openIssues(hosts: [String]? = nil) throws(StoreError) -> [Issue] {
        try read("cannot read the open findings") { db in
            let names =
                try hosts
                ?? String.fetchAll(
                    db, sql: "SELECT DISTINCT host FROM issue WHERE resolved_at IS NULL ORDER BY host")
            return try names.flatMap { host in
                try Row.fetchAll(
                    try db.cachedStatement(
                        sql: "SELECT * FROM issue WHERE host = ? AND resolved_at IS NULL ORDER BY first_seen, id"),
                    arguments: [host]
                ).map { try Issue($0) }
            }
        }
    }

    /// Every time this problem was there, newest first: the open issue if any, then the closed ones still remembered.
    package func history(of fingerprint: Fingerprint) throws(StoreError) -> [Issue] {
        try read("cannot read the history of \(fingerprint)") { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM issue WHERE fingerprint = ? ORDER BY resolved_at IS NULL DESC, id DESC",
                arguments: [fingerprint.description]
            ).map { try Issue($0) }
        }
    }

    /// Problems of `hosts` that were first seen or proved gone after `time`, oldest news first.
    package func issues(of hosts: [String], changedSince time: Date) throws(StoreError) -> [Issue] {
        try read("cannot read what changed") { db in
            try hosts.flatMap { host in
                try Row.fetchAll(
                    try db.cachedStatement(
                        sql: """
                            SELECT * FROM issue WHERE host = :host AND (first_seen > :time OR resolved_at > :time)
                            ORDER BY coalesce(resolved_at, first_seen), id
                            """), arguments: ["host": host, "time": time.timeIntervalSince1970]
                ).map { try Issue($0) }
            }
        }
    }
}
