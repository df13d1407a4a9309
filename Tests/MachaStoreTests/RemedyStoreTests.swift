// SPDX-License-Identifier: MIT
import Foundation
import GRDB
import MachaFindings
import MachaModel
import MachaProbes
import MachaTestSupport
import Testing

@testable import MachaStore

struct RemedyStoreTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func `commands and exact figures are kept apart from the sentence`() throws {
        let store = try Store.open(at: folder.database)
        let finding = Finding(
            .diskSpace, host: "nas", subject: "/", .critical, "/ is full.", figures: [.size: 118_112_681_984],
            remedy: "Find what grew.", commands: ["du -xh /", "df -h"])
        let taken = Date(timeIntervalSince1970: 1_800_000_000)
        let snapshot = Snapshot(host: "nas", takenAt: taken, duration: 1, sections: [])
        _ = try store.record(snapshot, findings: [finding], now: taken)
        let stored = try #require(try store.latest(hosts: ["nas"]).first?.findings.first)
        #expect(stored == finding)
        #expect(try store.openIssues(hosts: ["nas"]).first?.finding == finding)
    }

    @Test func `a database from before keeps its remedies as they were`() throws {
        let path = folder.database
        try FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        do {
            let queue = try DatabaseQueue(path: path)
            try Schema.migrator.migrate(queue, upTo: "6 machines")
            try queue.write { db in
                try db.execute(
                    sql: """
                        INSERT INTO sighting VALUES
                            (1, '0123456789abcdef', 'nas', 'k', NULL, 'info', 's', 'see: df', '[]', '{}', 1, 1, 1, NULL);
                        """)
            }
            try queue.close()
        }
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        let store = try Store.open(at: path)
        let finding = try #require(try store.openIssues(hosts: ["nas"]).first?.finding)
        #expect(finding.remedy == "see: df" && finding.commands.isEmpty && finding.figures.isEmpty)
    }
}
