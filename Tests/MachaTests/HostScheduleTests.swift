// SPDX-License-Identifier: MIT
import MachaInventory
import Testing

import struct Foundation.Date

@testable import Macha

struct HostScheduleTests {
    private let start = ContinuousClock.now
    private let hosts = [
        FleetHost(name: "fast", connection: .local, checkInterval: 10),
        FleetHost(name: "slow", connection: .local, checkInterval: 60),
    ]

    @Test func `all hosts are due at first, limited by the width`() {
        var schedule = HostSchedule(hosts, now: start) { _ in .zero }
        #expect(schedule.begin(atMost: 1, now: start).map(\.name) == ["fast"])
        #expect(schedule.begin(atMost: 1, now: start).map(\.name) == ["slow"])
        #expect(schedule.begin(atMost: 9, now: start).isEmpty)
        #expect(schedule.underWay == ["fast", "slow"])
        #expect(schedule.nextDue == nil)
    }

    @Test func `each host has its own interval, counted from the start of its check`() {
        var schedule = HostSchedule(hosts, now: start) { _ in .zero }
        _ = schedule.begin(atMost: 9, now: start)
        schedule.finish("fast")
        schedule.finish("slow")
        #expect(schedule.nextDue == start + .seconds(10))
        #expect(schedule.begin(atMost: 9, now: start + .seconds(9)).isEmpty)
        #expect(schedule.begin(atMost: 9, now: start + .seconds(10)).map(\.name) == ["fast"])
        schedule.finish("fast")
        #expect(schedule.begin(atMost: 9, now: start + .seconds(60)).map(\.name) == ["fast", "slow"])
    }

    @Test func `a check longer than its interval is not started twice and delays no other host`() {
        var schedule = HostSchedule(hosts, now: start) { _ in .zero }
        _ = schedule.begin(atMost: 9, now: start)
        schedule.finish("slow")
        #expect(schedule.begin(atMost: 9, now: start + .seconds(60)).map(\.name) == ["slow"])
        schedule.finish("fast")
        #expect(schedule.begin(atMost: 9, now: start + .seconds(61)).map(\.name) == ["fast"])
    }

    @Test func `jitter moves the time of the next observation`() {
        var schedule = HostSchedule(hosts, now: start) { $0 / 10 }
        _ = schedule.begin(atMost: 9, now: start)
        schedule.finish("fast")
        schedule.finish("slow")
        #expect(schedule.begin(atMost: 9, now: start + .seconds(10)).isEmpty)
        #expect(schedule.begin(atMost: 9, now: start + .seconds(11)).map(\.name) == ["fast"])
        #expect(schedule.begin(atMost: 9, now: start + .seconds(66)).map(\.name) == ["slow"])
    }

    @Test func `hosts that are replaced keep their time, new ones are due at once, and one under way is ended first`() {
        var schedule = HostSchedule(hosts, now: start) { _ in .zero }
        _ = schedule.begin(atMost: 9, now: start)
        schedule.finish("fast")
        var slow = hosts[1]
        slow.checkInterval = 3_600
        let new = FleetHost(name: "new", connection: .local, checkInterval: 10)
        schedule.replace(with: [hosts[0], new], now: start + .seconds(1))
        #expect(schedule.begin(atMost: 9, now: start + .seconds(1)).map(\.name) == ["new"])
        #expect(schedule.underWay.sorted() == ["new", "slow"])
        schedule.finish("slow")
        #expect(schedule.begin(atMost: 9, now: start + .seconds(90)).map(\.name) == ["fast"], "slow is gone")
        schedule.replace(with: [hosts[0], slow], now: start + .seconds(90))
        #expect(schedule.begin(atMost: 9, now: start + .seconds(90)).map(\.name) == ["slow"])
    }

    @Test func `hosts that are due together follow one another, within the span and within their interval`() {
        let many = (0..<100).map { FleetHost(name: "h\($0)", connection: .local, checkInterval: $0 == 99 ? 10 : 60) }
        var schedule = HostSchedule(many, now: start) { _ in .zero }
        schedule.spread(over: .seconds(30), now: start, lastChecked: [:])
        #expect(schedule.begin(atMost: 999, now: start).map(\.name) == ["h0"])
        #expect(schedule.begin(atMost: 999, now: start + .milliseconds(9_900)).count == 34, "h99 is due every 10 s")
        #expect(schedule.begin(atMost: 999, now: start + .milliseconds(29_700)).count == 65)
        for host in many { schedule.finish(host.name) }
        // Long after all were due, as after a night in which the machine slept.
        let morning = start + .seconds(30_000)
        schedule.spread(over: .seconds(300), now: morning, lastChecked: [:])
        #expect(schedule.begin(atMost: 999, now: morning).count == 1)
        #expect(schedule.begin(atMost: 999, now: morning + .seconds(5)).count == 10, "half a second apart")
    }

    @Test func `after a start the host that was not checked for longest is checked first`() {
        var schedule = HostSchedule(hosts, now: start) { _ in .zero }
        let now = Date(timeIntervalSince1970: 1_800_000_000)
        let names = hosts.map(\.name)
        // The last one of the inventory has never been checked, the first one just now.
        let lastChecked = Dictionary(
            uniqueKeysWithValues: names.dropLast().enumerated().map { ($1, now.addingTimeInterval(-Double($0))) })
        schedule.spread(over: .seconds(30), now: start, lastChecked: lastChecked)
        var order: [String] = []
        for step in 0..<names.count {
            order += schedule.begin(atMost: 1, now: start + .milliseconds(500 * step)).map(\.name)
        }
        #expect(order == Array(names.reversed()))
    }

    @Test func `an interval that was made shorter counts at once`() {
        var schedule = HostSchedule(hosts, now: start) { _ in .zero }
        _ = schedule.begin(atMost: 9, now: start)
        schedule.finish("slow")
        var slow = hosts[1]
        slow.checkInterval = 5
        schedule.replace(with: [slow], now: start + .seconds(1))
        #expect(schedule.begin(atMost: 9, now: start + .seconds(6)).map(\.name) == ["slow"])
    }
}
