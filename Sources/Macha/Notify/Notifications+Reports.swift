// SPDX-License-Identifier: MIT
import MachaInventory
import MachaModel
import MachaStore
import struct Foundation.Date
import struct Foundation.TimeZone

/// Fleet reports on their schedule.
///
/// That one was made, and its notices, are one transaction: it is enqueued once, and sent as every notice is. What was due
/// while nobody ran is one report, of all the time since the last one.
extension Notifications {
    /// Seconds after a start before a report that was missed is made: by then most hosts have been checked.
    private static let settling = 300.0

    /// Makes the reports that are due at `time`; returns when the next one is.
    func makeReports(at time: Date, pace: NotificationPipeline.Pace) throws(StoreError) -> Date? {
        guard let reports = settings.reports, !inventory.hosts.isEmpty else { return nil }
        let schedule = ReportSchedule(reports, zone: reportZone)
        var next: [Date] = []
        for kind in ReportKind.allCases {
            guard let due = schedule.last(kind, at: time) else { continue }
            if let wait = try make(kind, due: due, schedule, at: time, pace) {
                next.append(wait)
            } else if let date = schedule.next(kind, after: time) {
                next.append(date)
            }
        }
        return next.min()
    }

    private var reportZone: TimeZone { settings.reports?.timeZone ?? zone }

    /// Returns until when a report waits for the hosts to be checked; `nil` when it is made, or was before.
    private func make(
        _ kind: ReportKind, due: Date, _ schedule: ReportSchedule, at time: Date, _ pace: NotificationPipeline.Pace
    ) throws(StoreError) -> Date? {
        let last = try store.lastReport(kind, at: time)
        if let last, due <= last.dueAt || schedule.isSameDay(due, last.dueAt) { return nil }
        if last != nil, pace == .continuous, due < startedAt {
            let settled = startedAt.addingTimeInterval(Self.settling)
            if time < settled, time >= startedAt { return settled }
        }
        // A clock that was set back would turn the period around.
        let begin = last.flatMap { $0.madeAt < time ? $0.madeAt : nil }
        let reader = try PeriodReader(
            kind, since: begin ?? time.addingTimeInterval(-kind.span), at: time, store: store, inventory: inventory,
            analysesPerDay: analysesPerDay)
        // The first time nothing is sent: what was due was due before reports were wanted. It is the beginning of the next.
        let id = "report-\(kind.rawValue)-\(Int(due.timeIntervalSince1970))"
        let notices = last == nil ? [] : notices(reader.report, id: id)
        _ = try store.keep(
            StoredReport(kind: kind, dueAt: due, madeAt: last == nil ? due : time, mark: reader.mark), notices: notices)
        return nil
    }

    /// Sends `report` now, beside the schedule; `id` is the message's own.
    func send(_ report: PeriodReport, id: String, at time: Date) throws(StoreError) {
        try send(notices(report, id: id), at: time)
    }

    private func notices(_ report: PeriodReport, id: String) -> [PlannedNotice] {
        let message = NoticeMessage(
            PeriodText(report, zone: reportZone).document, kind: report.kind, id: id, isQuiet: report.isQuiet,
            click: settings.link, at: report.until)
        return settings.reportReceivers.map {
            PlannedNotice(receiver: $0.name, occasion: .report, message: message, alerts: [])
        }
    }
}
