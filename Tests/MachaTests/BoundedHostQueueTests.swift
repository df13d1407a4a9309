// SPDX-License-Identifier: MIT
import MachaInventory
import Testing

@testable import Macha

struct BoundedHostQueueTests {
    private let hosts = ["a", "b", "c"].map { FleetHost(name: $0, connection: .local) }

    @Test func `hosts are served at most width at a time, the longest waiting first, each once`() {
        var line = BoundedHostQueue(width: 2)
        for host in hosts + hosts { line.add(host) }
        #expect(line.begin().map(\.name) == ["a", "b"])
        #expect(line.begin().isEmpty)
        line.finish("b")
        #expect(line.begin().map(\.name) == ["c"])
        line.finish("a")
        line.finish("c")
        #expect(line.begin().isEmpty)
        #expect(line.inProgress.isEmpty)
    }

    @Test func `a host in progress waits for its next turn and delays no other`() {
        var line = BoundedHostQueue(width: 2)
        line.add(hosts[0])
        _ = line.begin()
        line.add(hosts[0])
        line.add(hosts[1])
        #expect(line.begin().map(\.name) == ["b"])
        line.finish("a")
        #expect(line.begin().map(\.name) == ["a"])
    }
}
