// SPDX-License-Identifier: MIT
import Foundation
import MachaFindings
import MachaModel
import Testing

struct AnnouncementTests {
    private static let now = Date(timeIntervalSince1970: 1_800_000_000)

    private func isTold(_ severity: Severity, _ earlier: [(Severity, minutesAgo: Double)]) -> Bool {
        let past = earlier.map { Announcement.Earlier(severity: $0, closed: Self.now.addingTimeInterval(-60 * $1)) }
        return Announcement(of: severity, at: Self.now, earlier: past) == .tell
    }

    @Test(arguments: [
        ([], true), ([59], false), ([61], true), ([61, 300], false), ([119, 300], false), ([121, 300], true),
        ([121, 300, 400], false), ([1500], true), ([1300, 1301, 1302, 1303, 1304, 1305, 1306], false),
    ])
    func `a recurring problem is announced when it was gone long enough`(minutesAgo: [Double], expected: Bool) {
        #expect(isTold(.warning, minutesAgo.map { (.warning, $0) }) == expected)
    }

    @Test func `a recurring problem is announced at once if it is worse, not if it is milder`() {
        #expect(isTold(.critical, [(.warning, 5), (.warning, 10)]))
        #expect(!isTold(.warning, [(.critical, 5)]))
    }

    @Test func `a held-back announcement gives its reason`() throws {
        let earlier = [Announcement.Earlier(severity: .warning, closed: Self.now.addingTimeInterval(-600))]
        guard case .hold(let reason) = Announcement(of: .warning, at: Self.now, earlier: earlier) else {
            Issue.record("it was told")
            return
        }
        #expect(
            reason
                == "it came and went once within a day, most recently 10 minutes ago; it is reported again after 1 h of quiet"
        )
    }

    @Test func `a flapping problem is announced a few times a day at most`() {
        var past: [Announcement.Earlier] = []
        var told = 0
        for tick in 0..<144 {
            let now = Self.now.addingTimeInterval(Double(tick) * 600)
            if Announcement(of: .warning, at: now, earlier: past) == .tell { told += 1 }
            past.append(Announcement.Earlier(severity: .warning, closed: now.addingTimeInterval(300)))
        }
        #expect(told == 1)
    }
}
