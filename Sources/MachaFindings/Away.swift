// SPDX-License-Identifier: MIT
import MachaModel
import MachaProbes

/// A host that its owner switches off: `intermittent: true` in the inventory.
///
/// Silence is then what is expected and no alarm, and still nothing is known: its state is unknown, never healthy.
/// Whatever else keeps us out (a changed key, a refused login) says that it is there, and stays an alarm.
extension Finding {
    /// This finding of a host that was not reached, if its silence is expected.
    func asAway(_ snapshot: Snapshot) -> Finding {
        guard case .failed(let failure) = snapshot.contact, failure.kind == .unreachable else { return self }
        return Finding(
            .away, host: host, .info,
            "\(host.printable(limit: 80)) is away, as expected: it is marked intermittent.",
            telling: evidence)
    }
}
