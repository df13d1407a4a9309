// SPDX-License-Identifier: MIT
import MachaFindings
package import MachaFleet
package import MachaInventory
import MachaProbes
package import MachaStore

/// What is known of the hosts of one cycle so far. Each stage adds to it.
package struct CycleState: Sendable {
    package let hosts: [FleetHost]
    /// What was observed of each host that could be recorded.
    package internal(set) var observations: [Observation] = []
    /// The hosts as they are now; `nil` until they are observed, or when they cannot be read.
    package internal(set) var fleet: FleetReport?
    /// What was done, asked and refused; `nil` when nothing was to be done.
    package internal(set) var repairs: RepairReport?
    /// What the last remediation added to ``repairs``; `nil` when there was nothing to be done at that point.
    package internal(set) var addedRepairs: RepairReport?
    /// What models made of the hosts; empty when none was asked.
    package internal(set) var analyses: [FleetAnalysis.Entry] = []
    /// What could not be read or written on the way.
    package private(set) var troubles: [CycleTrouble] = []
    /// What could not be exported; the database has it all the same.
    package internal(set) var warnings: [String] = []

    init(_ hosts: [FleetHost]) { self.hosts = hosts }

    mutating func note(_ error: StoreError, of host: String?) {
        troubles.append(CycleTrouble(host: host, cause: .store(error)))
    }
}

/// What failed on the way of a host.
package struct CycleTrouble: Sendable, CustomStringConvertible {
    package enum Cause: Sendable {
        /// A read or write of the store.
        case store(StoreError)
        /// A part of the way took longer than it may, and was cancelled.
        case overdue
    }

    /// The host it was about; `nil` when it was about all of them.
    package var host: String?
    package var cause: Cause

    /// One sentence, safe to print.
    package var description: String {
        switch cause {
        case .store(let error): "\(error)"
        case .overdue: "it took too long and was cancelled"
        }
    }
}

/// What one host's answer came to.
package struct Observation: Sendable {
    package var report: HostReport
    /// Other names of its machine, of which this observation has shown what it is.
    var otherNames: Set<String>
    /// Since the observation before; empty when it was not requested.
    package var changes: [Change]
}

/// One host on its way through the stages of ``EachHostStage``.
struct HostPass: Sendable {
    let host: FleetHost
    var snapshot: Snapshot
    var judgement: HostJudgement?
    var observation: Observation?
    /// What could not be exported.
    var warnings: [String] = []

    init(_ host: FleetHost, _ snapshot: Snapshot) {
        self.host = host
        self.snapshot = snapshot
    }
}

/// Who follows a cycle. Called from any thread.
package struct CycleObserver: Sendable {
    package enum Event: Sendable {
        /// How many hosts have been asked.
        case collecting(FleetProgress)
        /// Hosts are about to be changed, for this reason.
        case remediating(RemediateStage.Reason)
        /// How far the analyses are.
        case analysing(FleetAnalysis.Progress)
        /// What becomes of one analysis just now.
        case analysisStep(AnalysisStep)
        /// A host's analysis is over.
        case analysed(FleetAnalysis.Entry)
    }

    let receive: @Sendable (Event) -> Void

    package init(_ receive: @escaping @Sendable (Event) -> Void) { self.receive = receive }
}
