// SPDX-License-Identifier: MIT
import MachaFindings
import Foundation
import MachaActions
import MachaInventory
import MachaModel

/// Every combination of what policy looks at, by level. Each dimension holds at least one state for each answer that its
/// rule can give.
struct PolicySpace {
    /// One question, without the level.
    struct Case {
        var action: Action
        var risk: Risk
        var requester: Requester
        var terms: Proposal.Terms
        var context: PolicyContext
        var isProtectedUnit: Bool

        func decision(at level: AutonomyLevel, raisedTo claimed: Risk = .low) -> Decision {
            var context = context
            context.host.autonomy = level
            var terms = terms
            terms.risk = max(terms.risk, claimed)
            return Policy.decide(
                action, risk: max(risk, terms.risk), requester: requester, playbook: "demo", terms: terms, in: context)
        }
    }

    static let now = Date(timeIntervalSince1970: 1_790_000_000)

    enum Past: CaseIterable {
        case fresh, cooling, looping, interrupted, busyHost, tiredHost, tiredFleet, everything

        func records(_ action: Action) -> [ActionRecord] {
            func record(
                _ age: Double, host: String = "web", _ outcome: ActionRecord.Outcome = .failed, target: String? = nil
            )
                -> ActionRecord
            {
                ActionRecord(
                    host: host, kind: action.kind, target: target ?? action.target, footprint: .changes,
                    playbook: "other",
                    isAutomatic: true, startedAt: PolicySpace.now.addingTimeInterval(-age), outcome: outcome)
            }
            return switch self {
            case .fresh: []
            case .cooling: [record(60)]
            case .looping: [record(1000), record(2000), record(3000)]
            case .interrupted: [record(90_000, .interrupted)]
            case .busyHost: [record(100_000, .running, target: "another")]
            case .tiredHost: (0..<6).map { record(700 + Double($0), target: "other-\($0)") }
            case .tiredFleet: (0..<30).map { record(700 + Double($0), host: "h\($0)", target: "other") }
            case .everything: Past.allCases.filter { $0 != .everything }.flatMap { $0.records(action) }
            }
        }
    }

    enum Quiet: CaseIterable {
        case none, inside, outside, unknown, meantForInside, meantForOutside
    }

    /// Calls `body` with every case.
    static func forEach(_ body: (Case) -> Void) throws {
        let actions: [(Action, Risk)] = [
            (.restartUnit(try UnitName("demo.service")), .low), (.restartUnit(try UnitName("sshd.service")), .high),
            (.collectGarbage(keeping: try KeptGenerations("5")), .medium), (.rebuild(Rebuild(.switch)), .high),
            (.diagnose(.memory), .low), (.notify(try NoteText("look")), .low),
        ]
        let standings: [HostStanding] = [.known, .unknown("silent"), .untrusted]
        let requesters: [Requester] = [.macha, .model("m"), .person("anna")]
        for (action, risk) in actions {
            // Only for a protected unit it matters whether the playbook names it.
            let isGuarded = action.unit?.description == "sshd.service"
            // Quiet hours concern changes only.
            let changes = action.footprint == .changes
            for past in Past.allCases {
                let history = past.records(action)
                for (standing, requester) in product(standings, requesters) {
                    for (groups, quiet) in product(groupStates, changes ? Quiet.allCases : [.none]) {
                        for (pause, protectsHost) in product([PauseState(), paused], [false, true]) {
                            for (level, namesUnit) in product(
                                [AutonomyLevel.observe, .autoFull], isGuarded ? [false, true] : [false])
                            {
                                var host = FleetHost(name: "web", connection: .local, isProtected: protectsHost)
                                host.connection = .ssh(SSHEndpoint(address: "web", user: "macha"))
                                host.quietHours = quiet == .none ? nil : QuietHours(start: 0, end: 60)
                                let minute = minute(quiet)
                                let context = PolicyContext(
                                    now: now, host: host, standing: standing, maintenance: .off, localMinute: minute,
                                    pause: pause,
                                    history: history, groups: groups)
                                var terms = Proposal.Terms(autonomy: level)
                                terms.protectedUnits = namesUnit ? ["sshd.service"] : []
                                terms.isForQuietHours = quiet == .meantForInside || quiet == .meantForOutside
                                body(
                                    Case(
                                        action: action, risk: risk, requester: requester, terms: terms,
                                        context: context,
                                        isProtectedUnit: isGuarded))
                            }
                        }
                    }
                }
            }
        }
    }

    private static let paused = PauseState(fleet: .init(by: "anna", since: now))

    private static let groupStates: [[GroupAvailability]] = {
        let group = FleetGroup(name: "media", maxUnavailable: 1)
        return [
            [GroupAvailability(group: group)], [GroupAvailability(group: group, changing: ["other"])],
            [GroupAvailability(group: group, down: ["other"])],
        ]
    }()

    private static func minute(_ quiet: Quiet) -> Int? {
        switch quiet {
        case .none, .unknown: nil
        case .inside, .meantForInside: 30
        case .outside, .meantForOutside: 600
        }
    }

    private static func product<A, B>(_ left: [A], _ right: [B]) -> [(A, B)] {
        left.flatMap { a in right.map { (a, $0) } }
    }
}
