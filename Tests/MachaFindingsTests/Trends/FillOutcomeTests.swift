// SPDX-License-Identifier: MIT
import MachaFindings
import Testing

@Suite(.timeLimit(.minutes(30))) struct FillOutcomeTests {
    private static let week = 7 * 86_400.0
    /// Sixteen of each kind that fills and eleven of each that does not: two hundred.
    private static let filling = DiskHistory.Course.allCases.filter(\.fills)
        .flatMap { course in (0..<16).map { DiskHistory(course, seed: $0) } }

    private func outlook(_ history: DiskHistory, at now: Int) -> FillOutcome {
        let known = history.known(at: now)
        return FillOutcome(hourly: known.hourly, recent: known.recent)
    }

    @Test func `the time until full is near the truth on a hundred histories that fill`() throws {
        var errors: [Double] = []
        var byCourse: [String: [Double]] = [:]
        var refused: [String] = []
        for history in Self.filling {
            let now = DiskHistory.length - 1
            let truth = try #require(history.truth(at: now), "\(history)")
            switch outlook(history, at: now) {
            case .open(let reason): refused.append("\(history) \(reason.rawValue), \(Int(truth / 3600)) h")
            case .fills(let forecast):
                let error = abs(forecast.seconds - truth) / truth
                errors.append(error)
                byCourse[history.course.rawValue, default: []].append(error)
            }
        }
        errors.sort()
        for (course, errors) in byCourse.sorted(by: { $0.key < $1.key }) {
            let sorted = errors.sorted()
            print(
                "\(course): \(sorted.count), median \(percent(sorted[sorted.count / 2])), worst \(percent(sorted[sorted.count - 1]))"
            )
        }
        print(
            "time until full: \(errors.count) of \(Self.filling.count) forecast, error median "
                + "\(percent(errors[errors.count / 2])), 90 % within \(percent(errors[errors.count * 9 / 10])), worst "
                + "\(percent(errors[errors.count - 1])); refused: \(refused)")
        #expect(errors.count * 100 >= Self.filling.count * 95)
        #expect(errors[errors.count / 2] <= 0.1)
        #expect(errors[errors.count * 9 / 10] <= 0.3)
    }

    @Test(arguments: DiskHistory.Course.allCases.filter { !$0.fills })
    func `a history that never fills raises no alarm at any time`(course: DiskHistory.Course) {
        var alarms: [String] = []
        for seed in 0..<11 {
            let history = DiskHistory(course, seed: seed)
            // Every 41 hours, so that all times of the day are met.
            // What has never been swept yet looks like what never will be: no rule can know before the first time.
            let first = course == .weeklySweep ? 10 : 2
            for now in stride(from: first * 288, to: DiskHistory.length, by: 41 * 12) {
                guard let forecast = outlook(history, at: now).forecast, forecast.seconds <= Self.week else { continue }
                alarms.append(
                    "\(history) day \(now / 288): \(Int(forecast.seconds / 3600)) h by \(Int(forecast.span / 3600)) h")
            }
        }
        #expect(alarms.isEmpty)
    }

    private func percent(_ share: Double) -> String { "\((share * 1000).rounded() / 10) %" }
}
