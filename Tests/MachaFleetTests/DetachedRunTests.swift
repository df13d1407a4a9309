// SPDX-License-Identifier: MIT
import MachaActions
import MachaFleet
import MachaInventory
import MachaModel
import MachaTestSupport
import Synchronization
import Testing

/// A command that runs as a unit of its own on the host: how it ended is told by the host, and what cannot be told is not
/// taken for "not sent".
struct DetachedRunTests {
    /// A host whose systemd starts one transient unit, as `start` has it.
    private final class Host: Sendable {
        enum Start: Sendable {
            /// The unit runs at once, and systemd-run says so.
            case runs
            /// systemd-run ends so although systemd has started the unit.
            case runsUnconfirmed(CommandResult.Outcome)
            /// systemd-run says no.
            case isRefused
            /// The link is lost; the unit is there only at the look with this number, or never.
            case isLost(shownAt: Int?)
        }

        struct State: Sendable {
            var sent: [[String]] = []
            var looks = 0
            /// The invocation of the run that the host shows; it has ended well.
            var unit: String?
            var time = Duration.zero
        }

        let state = Mutex(State())
        private let start: Start
        private let forgets: Bool
        private let vanishes: Bool

        /// `earlier` is the invocation of a run that is there already; `forgets` tells whether stopping it works.
        init(_ start: Start, earlier: String? = nil, forgets: Bool = true, vanishes: Bool = false) {
            self.start = start
            self.forgets = forgets
            self.vanishes = vanishes
            state.withLock { $0.unit = earlier }
        }

        var waiting: Waiting {
            Waiting { time in
                self.state.withLock { $0.time += time }
            } elapsed: {
                self.state.withLock { $0.time }
            }
        }

        @Sendable func answer(_ command: Command) -> FakeTransport.Answer? {
            state.withLock { state in
                let words = command.words
                if words.first == "systemctl", words.contains("show") { return .output(look(&state)) }
                guard words.first == "sudo" else { return .output("") }
                state.sent.append(Array(words.dropFirst(3)))
                guard words.contains("systemd-run") else {
                    if words.contains("stop"), forgets { state.unit = nil }
                    return .output("")
                }
                state.looks = 0
                switch start {
                case .runs:
                    state.unit = vanishes ? nil : "new"
                    return .output("")
                case .runsUnconfirmed(let outcome):
                    state.unit = "new"
                    return .result(CommandResult(outcome: outcome))
                case .isRefused: return .result(CommandResult(outcome: .status(1)))
                case .isLost:
                    return .failure(
                        ContactFailure(.broken, stage: .exec, delivery: .maybeSent, message: "web1: the link was lost"))
                }
            }
        }

        private func look(_ state: inout State) -> String {
            state.looks += 1
            if case .isLost(let shown?) = start, state.looks == shown, !state.sent.isEmpty { state.unit = "new" }
            guard let unit = state.unit else { return "LoadState=not-found\nActiveState=inactive\nSubState=dead\n" }
            return "LoadState=loaded\nActiveState=active\nSubState=exited\nResult=success\nExecMainCode=1\n"
                + "ExecMainStatus=0\nInvocationID=\(unit)\n"
        }
    }

    private func outcome(_ host: Host) async throws -> CommandOutcome {
        let session = HostSession(
            FleetHost(name: "web1", connection: .ssh(SSHEndpoint(address: "192.0.2.1", user: "me")))
        ) { _ in
            FakeTransport(host: "web1") { host.answer($0) }
        }
        let runner = PlanRunner(session, waiting: host.waiting) { .unknown("not asked") }
        let command = PlannedCommand("nix-collect-garbage", [], isDetached: true, timeout: 60)
        let outcomes = await runner.run([command], as: "act")
        return try #require(outcomes.first)
    }

    private func isLost(_ ending: CommandOutcome.Ending) -> Bool {
        if case .lost(let failure) = ending { failure.delivery == .maybeSent } else { false }
    }

    private func isRefused(_ ending: CommandOutcome.Ending) -> Bool {
        if case .refused = ending { true } else { false }
    }

    @Test func `a start whose link was lost and of which the host shows nothing may have been sent`() async throws {
        let host = Host(.isLost(shownAt: nil))
        let ending = try await outcome(host).ending
        #expect(isLost(ending), "\(ending)")
        #expect(host.state.withLock { $0.sent.count { $0.contains("systemd-run") } } == 1)
    }

    @Test func `a start whose link was lost is found when it comes late`() async throws {
        #expect(try await outcome(Host(.isLost(shownAt: 3))).ending == .accepted(status: 0))
    }

    @Test func `a run that was confirmed and is not there any more is lost, not unsent`() async throws {
        let ending = try await outcome(Host(.runs, vanishes: true)).ending
        #expect(isLost(ending), "\(ending)")
    }

    @Test(arguments: [.status(1), .signal("KILL"), .unknown] as [CommandResult.Outcome])
    func `a start that systemd-run did not confirm is followed when the host shows it`(
        outcome: CommandResult.Outcome
    ) async throws {
        #expect(try await self.outcome(Host(.runsUnconfirmed(outcome))).ending == .accepted(status: 0))
    }

    @Test func `a start that is refused and left nothing is refused`() async throws {
        let ending = try await outcome(Host(.isRefused)).ending
        #expect(isRefused(ending), "\(ending)")
    }

    @Test func `an earlier run that cannot be forgotten is not taken for the new one`() async throws {
        let refused = try await outcome(Host(.isRefused, earlier: "old", forgets: false)).ending
        #expect(isRefused(refused), "\(refused)")
        let lost = try await outcome(Host(.isLost(shownAt: nil), earlier: "old", forgets: false)).ending
        #expect(isLost(lost), "\(lost)")
    }
}
