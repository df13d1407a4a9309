// SPDX-License-Identifier: MIT

/// How fast and how often we log in to one address, whoever asks. Shared by all connections of a process.
///
/// - At most `width` logins are under way at one address: sshd drops connections at random when ten are (MaxStartups
///   10:30:100), and hosts on one address, or sessions with one jump host, come in storms.
/// - A server that hangs up before the key exchange is tried again, a few times and at odd intervals; nothing has been asked
///   of it then.
/// - An address that refused a login is left alone for at least a minute, twice as long each time up to ten minutes: sshd
///   punishes who keeps failing (PerSourcePenalties, OpenSSH 9.8), and a retry would only prolong that.
package actor LoginLimits {
    /// Logins at one address at once.
    private static let width = 8
    /// Attempts in all when the server hangs up early.
    private static let attempts = 4
    private static let shortestRest = Duration.seconds(60)
    private static let longestRest = Duration.seconds(600)

    private struct Door {
        var inside = 0
        var queue: [UInt64] = []
        var refusals = 0
        var closedUntil: ContinuousClock.Instant?
        var reason = ""
    }

    private let reactor = Reactor.shared
    private var doors: [String: Door] = [:]

    package nonisolated var unownedExecutor: UnownedSerialExecutor { reactor.asUnownedSerialExecutor() }

    package init() {}

    /// As ``SSHSession/connect(to:timeouts:through:)``, within the limits.
    package func connect(
        to target: SSHTarget, timeouts: SSHTimeouts = SSHTimeouts(), through jump: JumpHost? = nil
    ) async throws(SSHError) -> SSHSession {
        let door = "\(jump?.name ?? "") \(target.address) \(target.port)"
        var attempt = 1
        while true {
            try await enter(door, target)
            do throws(SSHError) {
                let session = try await SSHSession.connect(to: target, timeouts: timeouts, through: jump)
                leave(door)
                open(door)
                return session
            } catch {
                leave(door)
                if isRefusal(error) { close(door, error) }
                guard error.mayReconnect, attempt < Self.attempts else { throw error }
                try await rest(after: attempt, error, target)
                attempt += 1
            }
        }
    }

    private func enter(_ door: String, _ target: SSHTarget) async throws(SSHError) {
        try checkOpen(door, target)
        guard doors[door, default: Door()].inside >= Self.width else {
            doors[door, default: Door()].inside += 1
            return
        }
        let id = reactor.makeID()
        doors[door]?.queue.append(id)
        // Each that is inside has limits for its stages, so the queue moves.
        let wake = await reactor.park(id, until: .now + .seconds(600))
        guard case .ready = wake else {
            if let index = doors[door]?.queue.firstIndex(of: id) {
                doors[door]?.queue.remove(at: index)
            } else {
                leave(door)  // the place was handed over in the moment of giving up
            }
            throw gaveUp(wake, target)
        }
        do throws(SSHError) {
            try checkOpen(door, target)
        } catch {
            leave(door)
            throw error
        }
    }

    /// Hands the place to the next in line.
    private func leave(_ door: String) {
        guard var state = doors[door] else { return }
        if state.queue.isEmpty { state.inside -= 1 } else { reactor.wake(state.queue.removeFirst()) }
        doors[door] = state.inside == 0 && state.refusals == 0 ? nil : state
    }

    // MARK: Refusals

    private func isRefusal(_ error: SSHError) -> Bool {
        switch error.code {
        case .authenticationRefused, .moreFactorsWanted, .hungUpOnLogin: true
        case .connectionLost: error.stage == .authentication
        default: false
        }
    }

    private func open(_ door: String) {
        doors[door]?.refusals = 0
        doors[door]?.closedUntil = nil
        if doors[door]?.inside == 0 { doors[door] = nil }
    }

    private func close(_ door: String, _ error: SSHError) {
        var state = doors[door, default: Door()]
        // Those who were inside together count once.
        if let until = state.closedUntil, until > .now { return }
        let rest = min(Self.shortestRest * (1 << min(state.refusals, 4)), Self.longestRest)
        state.refusals += 1
        state.closedUntil = .now + rest
        state.reason = error.message
        doors[door] = state
    }

    private func checkOpen(_ door: String, _ target: SSHTarget) throws(SSHError) {
        guard let state = doors[door], let until = state.closedUntil else { return }
        let left = ContinuousClock.now.duration(to: until)
        guard left > .zero else { return }
        let seconds = Int((left / .seconds(1)).rounded(.up))
        throw SSHError(
            .authenticationRefused, .authentication, host: target.name,
            "\(target.name) was not tried: \(target.address) port \(target.port) refused a login moments ago, and sshd "
                + "penalizes repeated failures (PerSourcePenalties); try again in \(seconds) s. "
                + "The reason then: \(state.reason)",
            remedy: "fix the login: the right user, and its public key on the host")
    }

    // MARK: Waiting

    /// A pause of odd length, so that those who were dropped together do not come back together.
    private func rest(after attempt: Int, _ error: SSHError, _ target: SSHTarget) async throws(SSHError) {
        let longest = 200 << (2 * attempt)
        let pause = Duration.milliseconds(Int.random(in: longest / 4...longest))
        let wake = await reactor.park(reactor.makeID(), until: .now + pause)
        if case .cancelled = wake { throw gaveUp(wake, target) }
    }

    private func gaveUp(_ wake: Reactor.Wake, _ target: SSHTarget) -> SSHError {
        if case .cancelled = wake {
            return SSHError(.cancelled, .connect, host: target.name, "\(target.name): connecting was cancelled")
        }
        return SSHError(
            .timedOut, .connect, host: target.name,
            "\(target.name): too many logins to \(target.address) are under way", remedy: "reduce --width")
    }
}
