// SPDX-License-Identifier: MIT

/// Every probe without a value. What we do not see is said, with the way to see it.
enum UnknownDetector: Detector {
    static func findings(in snapshot: Snapshot, _ thresholds: Thresholds) -> [Finding] {
        snapshot.failures.map { probe, failure in
            Finding(
                "probe-unknown", host: snapshot.host, subject: probe, severity(of: probe, failure.reason),
                "It is not known how \(subjects[probe] ?? "\(probe) stands"): \(reason(failure.reason)).",
                evidence: failure.detail.raw.isEmpty ? [] : [failure.detail.raw],
                remedy: remedy(probe, failure.reason))
        }
    }

    /// A program that is not installed is usually somebody's choice, except for what a verdict rests on.
    private static func severity(of probe: String, _ reason: ProbeFailure.Reason) -> Severity {
        switch reason {
        case .toolMissing: HostState.essentials.contains { $0.name == probe } ? .warning : .info
        case .permission, .timedOut, .failed, .unparsable, .tooLarge, .missing, .notCollected: .warning
        }
    }

    private static let subjects = [
        "units": "its units stand", "disks": "full its disks are", "memory": "much memory is left",
        "journal": "its journal looks", "load": "busy it is", "cpu": "busy its processors are",
        "pressure": "much its programs have to wait", "boot": "long it has run", "nixos": "its generations stand",
        "network": "its network stands", "time": "its clock is kept", "system": "its system is called",
    ]

    private static func reason(_ reason: ProbeFailure.Reason) -> String {
        switch reason {
        case .notCollected: "it was not asked"
        case .toolMissing: "the program for it is not on the host"
        case .permission: "the account may not see it"
        case .timedOut: "the answer took too long"
        case .failed: "the program for it failed"
        case .unparsable: "the answer was not understood"
        case .tooLarge: "the answer was too long"
        case .missing: "the answer did not arrive whole"
        }
    }

    private static func remedy(_ probe: String, _ reason: ProbeFailure.Reason) -> String {
        switch (probe, reason) {
        case ("journal", .permission): "add the account to group systemd-journal"
        case (_, .permission): "give the account the right to read what the evidence names"
        case (_, .toolMissing): "install what the evidence names, or leave it: this finding goes with it"
        case (_, .timedOut): "look why it hangs: a dead disk or network mount, or a very busy host"
        case (_, .missing), (_, .notCollected): "ask again: macha check HOST"
        case (_, .failed), (_, .unparsable), (_, .tooLarge): "run it by hand on the host and look at what it prints"
        }
    }
}
