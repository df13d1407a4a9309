// SPDX-License-Identifier: MIT
import Foundation
import HTTP
import MachaTestSupport
import Testing

@Suite(.enabled(if: PythonServer.isAvailable, "needs python3")) struct LeavingTests {
    @Test(arguments: ["/silent", "/head-only", "/half"])
    func `a task that is cancelled hangs up`(path: String) async throws {
        let odd = try await Odd()
        let request = odd.request("\(path)?id=x") { $0.deadlines = .long { _ in } }
        let task = Task { try await odd.client.fetch(request) }
        // Asked on a second connection: the first is there once the server counts two.
        while try await odd.fetch("/open").text != "2" {}
        task.cancel()
        let error = await #expect(throws: HTTPError.self) { try await task.value }
        #expect(error?.code == .cancelled)
        try await odd.waitUntilGone("x")
    }

    @Test func `a response without a reader is abandoned`() async throws {
        let odd = try await Odd()
        do {
            let response = try await odd.client.send(odd.request("/half?id=x"))
            #expect(response.status == 200)
        }
        try await odd.waitUntilGone("x")
    }

    @Test func `a client that goes ends what is under way`() async throws {
        let odd = try await Odd()
        var client: HTTPClient? = HTTPClient()
        let response = try #require(try await client?.send(odd.request("/half?id=x")))
        let reading = Task { try await response.collect() }
        client = nil
        let error = await #expect(throws: HTTPError.self) { try await reading.value }
        #expect(error?.code == .closed)
        try await odd.waitUntilGone("x")
    }

    @Test func `requests cancelled at any moment leave nothing open`() async throws {
        let odd = try await Odd()
        var random = SeededRandom(seed: 7)
        for round in 0..<10 {
            var tasks: [Task<Int?, Never>] = []
            for number in 0..<40 {
                let paths = ["/hello", "/half?id=\(round).\(number)", "/big?n=3000000", "/drip?n=200", "/silent"]
                let request = odd.request(paths.randomElement(using: &random) ?? "/hello")
                let client = odd.client
                tasks.append(
                    Task {
                        do throws(HTTPError) {
                            return try await client.fetch(request).body.count
                        } catch {
                            return error.code == .cancelled ? nil : -1
                        }
                    })
                for _ in 0..<Int.random(in: 0..<4, using: &random) { await Task.yield() }
                // Most are left in the middle, some before they began and some after they ended.
                tasks.randomElement(using: &random)?.cancel()
            }
            for task in tasks {
                task.cancel()
                #expect(await task.value != -1)
            }
        }
        // Only idle connections are left; the one this asks on is among them.
        while (Int(try await odd.fetch("/open").text) ?? 99) > 16 {}
        #expect(try await odd.fetch("/hello").text == "hello")
    }

    @Test func `a client that goes closes every descriptor`() async throws {
        let odd = try await Odd()
        do {
            let client = HTTPClient()
            _ = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<20 { group.addTask { try await client.fetch(odd.request("/hello")).status } }
                return try await group.reduce(0, +)
            }
        }
        // The server's own count: this client's connection alone.
        while try await odd.fetch("/open").text != "1" {}
    }
}
