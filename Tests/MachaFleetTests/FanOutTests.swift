// SPDX-License-Identifier: MIT
import MachaFleet
import Synchronization
import Testing

/// Bounded work on many hosts.
@Suite(.timeLimit(.minutes(10))) struct FanOutTests {
    /// A door that opens once and lets everybody through; cancellation lets one through too.
    private final class Door: Sendable {
        private let opened = AsyncStream.makeStream(of: Void.self)

        func open() { opened.continuation.finish() }
        func pass() async { for await _ in opened.stream {} }
    }

    private final class Gauge: Sendable {
        private let counts = Mutex((now: 0, most: 0, begun: 0))

        func enter() {
            counts.withLock {
                $0.now += 1
                $0.begun += 1
                $0.most = max($0.most, $0.now)
            }
        }
        func leave() { counts.withLock { $0.now -= 1 } }
        var most: Int { counts.withLock { $0.most } }
        var begun: Int { counts.withLock { $0.begun } }
    }

    @Test(arguments: [(1, 1), (3, 3), (0, 1), (100, 20)])
    func `never more than the width are under way, and every result comes`(_ width: Int, _ most: Int) async {
        let gauge = Gauge()
        var results: Set<Int> = []
        await FanOut.run(Array(0..<20), width: width) { item in
            gauge.enter()
            await Task.yield()
            gauge.leave()
            return item
        } receive: {
            results.insert($0)
        }
        #expect(results == Set(0..<20))
        #expect(gauge.most <= most)
    }

    @Test func `the width is used in full`() async {
        let gauge = Gauge()
        let doors = (0..<4).map { _ in Door() }
        await FanOut.run(Array(0..<4), width: 4) { item in
            gauge.enter()
            // Each waits for the next to have begun, so fewer than four at once would wait for ever.
            doors[item].open()
            await doors[(item + 1) % 4].pass()
        } receive: { _ in
        }
        #expect(gauge.begun == 4)
    }

    @Test func `results come as they are ready, not in the order of the items`() async {
        let first = Door()
        var order: [Int] = []
        await FanOut.run([0, 1, 2], width: 2) { item in
            if item == 0 { await first.pass() }
            return item
        } receive: { item in
            order.append(item)
            if item == 2 { first.open() }
        }
        #expect(order == [1, 2, 0])
    }

    @Test func `an item that never finishes delays no other and ends when cancelled`() async {
        let nine = Door()
        let task = Task {
            var order: [Int] = []
            await FanOut.run(Array(0..<10), width: 2) { item in
                if item == 0 { await Door().pass() }
                return item
            } receive: { item in
                order.append(item)
                if order.count == 9 { nine.open() }
            }
            return order
        }
        await nine.pass()
        task.cancel()
        let order = await task.value
        #expect(Set(order.prefix(9)) == Set(1..<10))
        #expect(order.last == 0)
    }

    @Test func `cancelling ends what is under way and starts nothing more`() async {
        let gauge = Gauge()
        let begun = Door()
        let task = Task {
            await FanOut.run(Array(0..<50), width: 3) { _ in
                gauge.enter()
                if gauge.begun == 3 { begun.open() }
                await Door().pass()
            } receive: { _ in
            }
        }
        await begun.pass()
        task.cancel()
        await task.value
        #expect(gauge.begun == 3)
    }

    @Test func `nothing is started in a task that is cancelled already`() async {
        let gauge = Gauge()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            await FanOut.run([1, 2, 3]) { _ in
                gauge.enter()
            } receive: { _ in
            }
        }
        await task.value
        #expect(gauge.begun == 0)
    }

    @Test func `a receiver that throws ends the rest`() async {
        struct Enough: Error {}
        await #expect(throws: Enough.self) {
            try await FanOut.run([0, 1], width: 2) { item in
                if item == 1 { await Door().pass() }
            } receive: { _ in
                throw Enough()
            }
        }
    }
}
