// SPDX-License-Identifier: MIT
package import MachaModel
package import struct Foundation.Date

/// What is known while the fleet is watched.
package struct FleetView: Sendable {
    package var report: FleetReport
    /// Hosts that are being asked now, in inventory order.
    package var observing: [String]
    /// Hosts that are being changed now.
    package var remediating: [String]
    /// Hosts about which a model is being asked.
    package var analysing: [String]
    /// What was done, asked and left alone after the last observation of each host, and what was done within the last hour,
    /// in inventory order.
    package var repairs: [Repair]
    /// Approvals that wait, of all hosts.
    package var waitingApprovals: Int
    /// What failed so far; the watch goes on.
    package var troubleCount: Int
    package var lastTrouble: CycleTrouble?
    /// Seconds until the next observation; `nil` while all hosts are under way.
    package var nextObservation: Double?

    /// What came of one proposal.
    package struct Repair: Sendable {
        package var entry: RepairReport.Entry
        /// When it had been done; `nil` when it was not.
        package var doneAt: Date?
    }
}

/// How time passed otherwise than by the second, as the scheduler noticed it.
package enum TimeGap: Hashable, Sendable {
    /// The machine slept or the process was stopped for so many seconds.
    case slept(Double)
    /// Somebody set the wall clock by so many seconds; less than none when it was set back.
    case clockSet(Double)
}

/// Something happened to the fleet.
package struct ControllerEvent: Sendable {
    package enum Kind: Sendable {
        case observed(Observation)
        /// What was done and asked on a host.
        case remediated(host: String, RepairReport)
        /// What is known from models of a host now; `isNew` when one was asked just now.
        case analysed(host: String, AnalysisReport?, isNew: Bool)
        /// What a host answered could not be kept, or it could not be seen to: it is asked again when it is due.
        case trouble(CycleTrouble)
        /// Something could not be exported.
        case warning(String)
        /// Time did not pass as it does.
        case time(TimeGap)
        /// Other hosts are watched from now on, or the same with other settings.
        case reloaded
        /// Time passed.
        case tick
    }

    package var kind: Kind
    /// By the controller's wall clock.
    package var time: Date
    /// What is known with this event. For a subscriber to ``ControllerEvents/Detail/changes`` it can be a while old.
    package var view: FleetView
    /// Counts up by one with every event: a subscriber that finds a gap was too slow to take what was in it.
    package var sequence: Int
}
