// SPDX-License-Identifier: MIT
import MachaCore
import Testing

@testable import Macha

struct CareLineTests {
    private let hosts = ["a", "b", "c"].map { FleetHost(name: $0, connection: .local) }

    @Test func `so many at once, the longest waiting first, and each waits once`() {
        var line = CareLine()
        for host in hosts + hosts { line.add(host) }
        #expect(line.next(atMost: 2).map(\.name) == ["a", "b"])
        #expect(line.next(atMost: 2).isEmpty)
        line.finish("b")
        #expect(line.next(atMost: 2).map(\.name) == ["c"])
        line.finish("a")
        line.finish("c")
        #expect(line.next(atMost: 2).isEmpty)
        #expect(line.busy.isEmpty)
    }

    @Test func `a host that is being seen to waits for its next turn and holds nobody up`() {
        var line = CareLine()
        line.add(hosts[0])
        _ = line.next(atMost: 2)
        line.add(hosts[0])
        line.add(hosts[1])
        #expect(line.next(atMost: 2).map(\.name) == ["b"])
        line.finish("a")
        #expect(line.next(atMost: 2).map(\.name) == ["a"])
    }
}
