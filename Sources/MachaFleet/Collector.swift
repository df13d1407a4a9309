// SPDX-License-Identifier: MIT
package import MachaInventory
package import MachaModel
package import MachaProbes
package import struct Foundation.Date

/// Asks hosts how they are: one connection and one command each.
package struct Collector: Sendable {
    /// How long a host may take in all, from the first connection attempt to the script's last byte. The stages before
    /// have shorter limits of their own; a host that needs longer is not healthy. Slow probes that are due add their own
    /// limits.
    package static let scriptTime = Duration.seconds(60)

    private let now: @Sendable () -> Date

    /// `now` is the controller's wall clock.
    package init(now: @escaping @Sendable () -> Date = { Date() }) { self.now = now }

    /// Takes one host's snapshot. Never throws: what went wrong is in the snapshot.
    ///
    /// `earlier` is the host's newest snapshot that was reached: what is not due yet keeps its answer from there, and the
    /// journal is read from where it ended. Without it, or for `everything`, all probes are asked.
    package func collect(
        _ host: FleetHost, over transport: any Transport, after earlier: Snapshot? = nil, everything: Bool = false
    ) async -> Snapshot {
        let takenAt = now()
        let request = ProbeRequest(host, after: earlier, now: takenAt, everything: everything)
        let begun = ContinuousClock.now
        let answer: Result<(sections: [ProbeSection], hostKey: String?), ContactFailure>
        do throws(ContactFailure) {
            answer = .success(try await ask(host, request, transport))
        } catch {
            answer = .failure(error)
        }
        let duration = begun.duration(to: .now) / .seconds(1)
        switch answer {
        case .success(let answer):
            let snapshot = Snapshot(
                host: host.name, takenAt: takenAt, duration: duration, sections: answer.sections, asked: request.probes,
                earlier: earlier, hostKey: answer.hostKey)
            // What another machine said, and where its journal ended, is nothing of this one.
            if let earlier, snapshot.machine.isAnother(than: earlier.machine) {
                return await collect(host, over: transport, after: nil, everything: true)
            }
            return snapshot
        case .failure(let failure):
            return Snapshot(host: host.name, takenAt: takenAt, duration: duration, failure: failure)
        }
    }

    /// The snapshot of a host to which there is no way.
    package func failed(_ host: FleetHost, _ failure: ContactFailure) -> Snapshot {
        Snapshot(host: host.name, takenAt: now(), duration: 0, failure: failure)
    }

    private func ask(
        _ host: FleetHost, _ request: ProbeRequest, _ transport: any Transport
    ) async throws(ContactFailure) -> (sections: [ProbeSection], hostKey: String?) {
        let text = ProbeScript.text(for: request)
        let script = Command("sh", ["-s"], input: Array(text.utf8), outputLimit: 16 << 20)
        let time = Self.scriptTime + .seconds(request.extraTime)
        let result = try await transport.run(script, until: .now + time)
        let answer = ProbeAnswer(result.standardOutput)
        // Sections that arrived whole are worth keeping; none at all means that the script did not run.
        guard answer.sections.isEmpty else { return (answer.sections, result.hostKey) }
        let said = String(decoding: result.standardError.prefix(400), as: UTF8.self)
        throw ContactFailure(
            .broken, stage: .collect, delivery: .maybeSent,
            message: "\(host.name) did not run the probe script: \(describe(result.outcome)) \(said)",
            remedy: "log in as the same user and try: sh -c 'echo hello'; the account needs a POSIX shell")
    }

    private func describe(_ outcome: CommandResult.Outcome) -> String {
        switch outcome {
        case .status(let code): "status \(code)"
        case .signal(let name): "signal \(name)"
        case .unknown: "no status"
        }
    }
}

extension ProbeRequest {
    /// What `host` is to be asked at `now`, with what the inventory says of it.
    package init(_ host: FleetHost, after earlier: Snapshot?, now: Date, everything: Bool) {
        self.init(
            names: host.checkNames, targets: host.checkAddresses, mayUseSudo: host.sudo, after: earlier, now: now,
            everything: everything)
    }
}
