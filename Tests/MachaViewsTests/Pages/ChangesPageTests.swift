// SPDX-License-Identifier: MIT
import Foundation
import Macha
import Testing

@testable import MachaViews

/// What `status --since` cannot know, in each of its forms.
struct ChangesPageTests {
    private func forms(_ report: ChangeReport) -> [String] {
        [
            ChangesPage.page(report).rendered(for: .wide(200)),
            // Markdown and HTML write some marks in their own way.
            ChangesPage.markdown(report).replacing("\\", with: ""), ChangesPage.html(report),
        ]
    }

    @Test func `a time before the oldest check is compared with the oldest that is kept, in every form`() {
        let (now, kept) = (SampleFleet.now, SampleFleet.now.addingTimeInterval(-3600))
        let report = ChangeReport(
            since: now.addingTimeInterval(-86_400), changes: [], comparedSince: ["web": kept], unseen: ["old"],
            summary: .init(), now: now)
        for form in forms(report) {
            #expect(form.contains("web: the oldest check kept is of \(HumanFormat.localTime(kept))"), "\(form)")
            #expect(form.contains("earlier changes are unknown"))
            #expect(form.contains("Not checked since then, so nothing is known: old"))
            #expect(!form.contains("What was resolved before"))
        }
    }

    @Test func `many such hosts take a few lines, and the time from which all are known`() {
        let now = SampleFleet.now
        let kept = (1...7).map { ("web\($0)", now.addingTimeInterval(Double($0 * 60) - 3600)) }
        let report = ChangeReport(
            since: now.addingTimeInterval(-86_400), changes: [],
            comparedSince: Dictionary(uniqueKeysWithValues: kept), unseen: [], summary: .init(), now: now)
        #expect(ChangesPage.limits(report).count == 6)
        let youngest = HumanFormat.localTime(now.addingTimeInterval(420 - 3600))
        #expect(
            forms(report).allSatisfy {
                $0.contains("The same holds for 2 more hosts; all of them have checks from \(youngest)")
            })
    }

    @Test func `the report names the time before which resolved issues are no longer kept`() {
        let (now, kept) = (SampleFleet.now, SampleFleet.now.addingTimeInterval(-90 * 86_400))
        let report = ChangeReport(
            since: now.addingTimeInterval(-200 * 86_400), changes: [], comparedSince: [:], resolvedSince: kept,
            unseen: [], summary: .init(), now: now)
        let sentence = "What was resolved before \(HumanFormat.localTime(kept)) is no longer kept"
        #expect(forms(report).allSatisfy { $0.contains(sentence) })
    }
}
