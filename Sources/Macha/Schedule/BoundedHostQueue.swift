// SPDX-License-Identifier: MIT
import MachaInventory

/// A FIFO of hosts, of which only a few are in progress at once; each waits once, and is in progress once at a time.
struct BoundedHostQueue {
    private var waiting: [FleetHost] = []
    private(set) var inProgress: Set<String> = []
    private let width: Int

    /// At most `width` hosts are in progress.
    init(width: Int) { self.width = max(1, width) }

    mutating func add(_ host: FleetHost) {
        if let index = waiting.firstIndex(where: { $0.name == host.name }) {
            waiting[index] = host
        } else {
            waiting.append(host)
        }
    }

    /// Takes those whose turn it is.
    mutating func begin() -> [FleetHost] {
        var taken: [FleetHost] = []
        while inProgress.count < width, let index = waiting.firstIndex(where: { !inProgress.contains($0.name) }) {
            let host = waiting.remove(at: index)
            inProgress.insert(host.name)
            taken.append(host)
        }
        return taken
    }

    mutating func finish(_ host: String) { inProgress.remove(host) }

    /// Drops those that wait and are not among `names`.
    mutating func keep(_ names: Set<String>) { waiting.removeAll { !names.contains($0.name) } }
}
