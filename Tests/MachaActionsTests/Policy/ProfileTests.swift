// SPDX-License-Identifier: MIT
import MachaFindings
import Foundation
import MachaActions
import MachaInventory
import MachaModel
import Testing

/// The four ways to set a host up that the guides name, from the inventory to the decision.
@Suite struct ProfileTests {
    private struct Profile: CustomTestStringConvertible {
        var name: String
        var level: AutonomyLevel
        var interval: Int
        /// What becomes of a failed service, of a unit that is to be stopped, of a rebuild, and of a look.
        var outcomes: [Decision.Outcome]
        var testDescription: String { name }
    }

    private static let profiles = [
        Profile(name: "media", level: .autoSafe, interval: 180, outcomes: [.run, .ask, .ask, .run]),
        Profile(name: "development", level: .observe, interval: 600, outcomes: [.refuse, .refuse, .refuse, .run]),
        Profile(name: "production", level: .suggest, interval: 120, outcomes: [.ask, .ask, .ask, .run]),
        Profile(name: "experimental", level: .autoFull, interval: 300, outcomes: [.run, .run, .ask, .run]),
    ]

    @Test(arguments: profiles)
    private func `a profile is a level and an interval, and decides what runs, asks and is left alone`(
        profile: Profile
    ) throws {
        let inventory = try Inventory.parse(
            sources: [
                (
                    "fleet.yaml",
                    """
                    groups: { own: { autonomy: \(profile.level.rawValue), check-interval: \(profile.interval)s } }
                    hosts: { web: { address: 192.0.2.1, groups: [own] } }
                    """
                )
            ], home: "/home/me", user: "me")
        let host = try #require(inventory["web"])
        #expect(host.checkInterval == profile.interval)
        let context = PolicyContext(
            now: Date(timeIntervalSince1970: 1_790_000_000), host: host, standing: .known, maintenance: .off)
        let unit = try UnitName("jellyfin.service")
        let actions: [Action] = [.restartUnit(unit), .stopUnit(unit), .rebuild(Rebuild(.switch)), .diagnose(.memory)]
        let outcomes = actions.map { action in
            Policy.decide(action, risk: action.risk().risk, requester: .macha, in: context).outcome
        }
        #expect(outcomes == profile.outcomes)
    }
}
