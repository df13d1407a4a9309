// SPDX-License-Identifier: MIT
import Foundation
import MachaFindings
import MachaModel
import MachaProbes
import MachaTestSupport

@testable import MachaStore

/// A folder of its own for one test, gone with the test.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "macha-store-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var database: String { path + "/state/macha.db" }

    var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path).sorted()) ?? [] }
}

/// Minutes after an arbitrary start: what tests use for time.
func minute(_ count: Double) -> Date { Date(timeIntervalSince1970: 1_800_000_000 + count * 60) }

func reached(_ host: String, at time: Date) -> Snapshot {
    Snapshot(host: host, takenAt: time, duration: 0.25, sections: [])
}

func unreachable(_ host: String, at time: Date, stage: ContactStage = .connect) -> Snapshot {
    Snapshot(
        host: host, takenAt: time, duration: 10,
        failure: ContactFailure(
            .unreachable, stage: stage, message: "connecting to \(host): refused", remedy: "start sshd"))
}

extension Finding {
    static func disk(on host: String, _ summary: String = "/ is 91 % full", _ severity: Severity = .warning) -> Finding
    {
        Finding(
            .diskSpace, host: host, subject: "/", severity, summary,
            evidence: ["/dev/sda1 91%", "über\u{0}\u{1b}[31m"],
            remedy: "collect garbage")
    }

    static func unit(on host: String, _ unit: String = "nginx.service") -> Finding {
        Finding(.unitFailed, host: host, subject: unit, .critical, "\(unit) has failed")
    }
}
