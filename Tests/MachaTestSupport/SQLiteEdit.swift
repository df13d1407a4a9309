// SPDX-License-Identifier: MIT
import Foundation

/// A hand that edits a database from outside, past triggers and constraints.
package enum SQLiteEdit {
    package static func run(_ sql: String, in database: String) async throws {
        let script = """
            import sqlite3, sys
            db = sqlite3.connect(sys.argv[1], isolation_level=None)
            db.execute("PRAGMA ignore_check_constraints = ON")
            saved = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for name, _ in saved: db.execute('DROP TRIGGER "%s"' % name)
            db.executescript(sys.argv[2])
            for _, sql in saved: db.execute(sql)
            """
        guard let python = which("python3") else { throw ChildProcess.Failure(reason: "there is no python3") }
        let status = await (try ChildProcess(python, ["-c", script, database, sql])).finished()
        guard status == 0 else { throw ChildProcess.Failure(reason: "the edit ended with status \(status)") }
    }
}
