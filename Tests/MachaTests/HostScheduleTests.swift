// SPDX-License-Identifier: MIT
import MachaCore
import Testing

@testable import Macha

struct WatchScheduleTests {
    private let start = ContinuousClock.now
    private let hosts = [
        FleetHost(name: "fast", connection: .local, checkInterval: 10),
        FleetHost(name: "slow", connection: .local, checkInterval: 60),
    ]

    @Test func `all hosts are looked at first, at most as many at once as there is room`() {
        var schedule = WatchSchedule(hosts, now: start)
        #expect(schedule.begin(atMost: 1, now: start).map(\.name) == ["fast"])
        #expect(schedule.begin(atMost: 1, now: start).map(\.name) == ["slow"])
        #expect(schedule.begin(atMost: 9, now: start).isEmpty)
        #expect(schedule.underWay == ["fast", "slow"])
        #expect(schedule.nextDue == nil)
    }

    @Test func `each host has its own interval, counted from where its look began`() {
        var schedule = WatchSchedule(hosts, now: start)
        _ = schedule.begin(atMost: 9, now: start)
        schedule.finish("fast")
        schedule.finish("slow")
        #expect(schedule.nextDue == start + .seconds(10))
        #expect(schedule.begin(atMost: 9, now: start + .seconds(9)).isEmpty)
        #expect(schedule.begin(atMost: 9, now: start + .seconds(10)).map(\.name) == ["fast"])
        schedule.finish("fast")
        #expect(schedule.begin(atMost: 9, now: start + .seconds(60)).map(\.name) == ["fast", "slow"])
    }

    @Test func `a look that takes longer than the interval is not doubled, and delays nobody else`() {
        var schedule = WatchSchedule(hosts, now: start)
        _ = schedule.begin(atMost: 9, now: start)
        schedule.finish("slow")
        #expect(schedule.begin(atMost: 9, now: start + .seconds(60)).map(\.name) == ["slow"])
        schedule.finish("fast")
        #expect(schedule.begin(atMost: 9, now: start + .seconds(61)).map(\.name) == ["fast"])
    }
}
