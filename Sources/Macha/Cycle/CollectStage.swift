// SPDX-License-Identifier: MIT
import MachaFleet
import MachaInventory
import MachaModel
import MachaProbes
import MachaStore

/// Asks a host how it is. What went wrong is in the snapshot.
struct CollectStage: Sendable {
    private let components: CycleComponents
    private let collector: Collector

    init(_ components: CycleComponents) {
        self.components = components
        collector = Collector(now: components.now)
    }

    func run(_ host: FleetHost) async -> Snapshot {
        await Self.awake(slept: { MachineSleep.total }) { await ask(host) }
    }

    /// Asks once more when the machine slept before the host had answered: a connection that was lost then, and a deadline
    /// that passed, say nothing of the host.
    static func awake(slept: () -> Duration, _ ask: () async -> Snapshot) async -> Snapshot {
        let before = slept()
        let snapshot = await ask()
        guard snapshot.contact != .reached, slept() - before > .seconds(5) else { return snapshot }
        return await ask()
    }

    private func ask(_ host: FleetHost) async -> Snapshot {
        do throws(ContactFailure) {
            let transport = try components.connector.transport(to: host)
            // Without the earlier snapshot every probe is asked, which costs time and nothing else.
            let earlier = try? components.store.latestReached(host.name)
            let snapshot = await collector.collect(
                host, over: transport, after: earlier, everything: components.isFresh)
            await transport.close()
            return snapshot
        } catch {
            return collector.failed(host, error)
        }
    }
}
