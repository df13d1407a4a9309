// SPDX-License-Identifier: MIT
import GRDB
package import MachaModel
package import struct Foundation.Date

extension JobQueue {
    /// `endpoint` failed in a way that says nothing about the job: it gets no work for a while, longer each time, and at
    /// least as long as the server itself asks for (`atLeast`, in seconds).
    ///
    /// Returns until when. `code` is the error's word; `random` is from 0 to 1.
    @discardableResult
    package func setAside(
        endpoint: String, reason: String, code: String, atLeast: Double?, random: Double, now: Date
    ) throws(StoreError) -> Date {
        try store.write("cannot set the endpoint \(endpoint) aside") { db in
            let known = try Int.fetchOne(db, sql: "SELECT failures FROM endpoint WHERE name = ?", arguments: [endpoint])
            // Beyond a million the pause grows no more, and an edited number ends nothing.
            let failures = min(max(0, known ?? 0), 1_000_000) + 1
            // A model that is being loaded is asked again soon, however often.
            let steps = code == "loading" ? 1 : failures
            let delay = rules.endpointRetry.delay(after: steps, random: random)
            let until = now.timeIntervalSince1970 + max(delay, min(atLeast ?? 0, Self.longestWish))
            try db.execute(
                sql: """
                    INSERT INTO endpoint (name, failures, set_aside_until, reason, code)
                    VALUES (:name, :failures, :until, :reason, :code)
                    ON CONFLICT (name) DO UPDATE
                    SET failures = :failures, set_aside_until = :until, reason = :reason, code = :code
                    """,
                arguments: ["name": endpoint, "failures": failures, "until": until, "reason": reason, "code": code])
            return Date(timeIntervalSince1970: until)
        }
    }

    /// The longest wait in seconds that a server may ask for.
    private static let longestWish = 3_600.0

    /// `endpoint` works.
    package func restore(endpoint: String) throws(StoreError) {
        try store.write("cannot restore the endpoint \(endpoint)") { try absolve(endpoint, $0) }
    }

    /// How the endpoints stand that serve something or have failed, by name.
    package func endpoints() throws(StoreError) -> [EndpointHealth] {
        try store.read("cannot read the endpoints") { try endpoints($0) }
    }

    func endpoints(_ db: Database) throws -> [EndpointHealth] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT name, ifnull(failures, 0) AS failures, set_aside_until, endpoint.reason AS reason,
                    (SELECT count(*) FROM job WHERE state = 'running' AND job.endpoint = name) AS running
                FROM (SELECT name FROM endpoint UNION SELECT endpoint FROM job WHERE state = 'running')
                LEFT JOIN endpoint USING (name) ORDER BY name
                """
        ).map { row in
            EndpointHealth(
                name: try row.value("name"), running: try row.value("running"), failures: try row.value("failures"),
                setAsideUntil: try row.time(ifAny: "set_aside_until"),
                reason: try row.value("reason"))
        }
    }

    func absolve(_ endpoint: String?, _ db: Database) throws {
        try db.cachedStatement(
            sql:
                "UPDATE endpoint SET failures = 0, set_aside_until = NULL, reason = NULL, code = NULL WHERE name = ? AND failures > 0"
        ).execute(arguments: [endpoint])
    }
}
