// SPDX-License-Identifier: MIT
import MachaStore
import Synchronization

import struct Foundation.Date

/// Deletes what is too old to keep, of every host, also of those no longer in the inventory; at most once an hour.
struct RetainStage: CycleStage {
    /// How long a finished job and its partial results are kept, in seconds.
    private static let jobSpan = 30.0 * 86_400
    /// How long notices that were sent, and the reasons of those that were not, are kept, in seconds.
    private static let noticeSpan = 90.0 * 86_400
    private static let interval = 3_600.0

    private let components: CycleComponents
    private let last = LastTime()

    /// Shared by copies of the stage.
    private final class LastTime: Sendable {
        private let time = Mutex<Date?>(nil)

        /// Whether it is due at `now`, which then counts as the last time. A clock that was set back makes it due.
        func isDue(at now: Date) -> Bool {
            time.withLock { last in
                if let known = last, (0..<interval).contains(now.timeIntervalSince(known)) { return false }
                last = now
                return true
            }
        }
    }

    init(_ components: CycleComponents) { self.components = components }

    func run(_ state: inout CycleState, _ observer: CycleObserver) async throws(StoreError) {
        let now = components.now()
        guard last.isDue(at: now) else { return }
        do throws(StoreError) {
            try components.store.prune(.standard, now: now)
            try components.store.pruneNotices(before: now.addingTimeInterval(-Self.noticeSpan))
            try components.demand?.queue.prune(endedBefore: now.addingTimeInterval(-Self.jobSpan))
        } catch {
            // What cannot be deleted now is deleted in an hour; what was observed is no less true.
            state.note(error, of: nil)
        }
    }
}
