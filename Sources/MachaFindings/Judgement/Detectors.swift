// SPDX-License-Identifier: MIT
import MachaInventory
import MachaProbes

/// The rules that say what is wrong on a host. ``HostJudgement`` is the only one to ask them.
///
/// A host that was not reached has one finding, which says why. A reached host has the findings of every detector, and
/// one for each probe without a value: what is not known is never counted as healthy.
package enum Detectors {
    /// Most severe first, otherwise in the order of the detectors. An intermittent host that does not answer is away,
    /// which is no alarm. Nothing here has a default: each of these decides what is found.
    static func findings(in snapshot: Snapshot, of host: FleetHost, _ history: HostHistory) -> [Finding] {
        if let unreached = ReachDetector.finding(in: snapshot) {
            return [host.isIntermittent ? unreached.asAway(snapshot) : unreached]
        }
        let found =
            all.flatMap { $0.findings(in: snapshot, host.thresholds) }
            + Trends.findings(in: snapshot, host.thresholds, history)
        return found.enumerated()
            .sorted { ($0.element.severity, $1.offset) > ($1.element.severity, $0.offset) }
            .map(\.element)
    }

    private static let all: [any Detector.Type] = [
        UnitDetector.self, DiskDetector.self, MemoryDetector.self, LoadDetector.self, BootDetector.self,
        TimeDetector.self, NetworkDetector.self, NixOSDetector.self, JournalDetector.self, TimerDetector.self,
        MountDetector.self, ReachabilityDetector.self, ShutdownDetector.self, LoginDetector.self, CoreDumpDetector.self,
        ContainerDetector.self, TailscaleDetector.self, PoolDetector.self, SMARTDetector.self, HeatDetector.self,
        CertificateDetector.self, VulnerabilityDetector.self, UnknownDetector.self,
    ]
}
