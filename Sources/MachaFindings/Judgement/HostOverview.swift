// SPDX-License-Identifier: MIT
package import MachaModel
package import MachaProbes
package import struct Foundation.Date

/// What a report shows of a host beside its findings: made once, when its snapshot is recorded, so that a page of the
/// fleet reads neither snapshots nor histories. It holds what was observed only, nothing that changes with time.
package struct HostOverview: Hashable, Codable, Sendable {
    package let takenAt: Date
    /// Why the host could not be checked; `nil` when it answered.
    package let contactFailure: ContactFailure?
    /// The probes without a value that `HostState/essentials` needs, in order of their names.
    package let blind: [String]
    package let figures: HostFigures

    /// `diskUntilFull` in seconds; `nil` when it is unknown, or not requested.
    package init(_ snapshot: Snapshot, diskUntilFull: Double?) {
        takenAt = snapshot.takenAt
        contactFailure = if case .failed(let failure) = snapshot.contact { failure } else { nil }
        blind = Set(snapshot.failures.map { $0.probe }).intersection(HostState.essentials.map { $0.name }).sorted()
        var figures = HostFigures(snapshot)
        figures.diskUntilFull = diskUntilFull
        self.figures = figures
    }

    /// With the forecast that `judgement` gives of its fullest file system.
    package init(_ judgement: HostJudgement) {
        let mount = HostFigures.fullest(judgement.snapshot)?.target ?? "/"
        self.init(judgement.snapshot, diskUntilFull: judgement.outlook(on: mount).forecast?.seconds)
    }
}
