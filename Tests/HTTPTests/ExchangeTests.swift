// SPDX-License-Identifier: MIT
import Foundation
import HTTP
import MachaTestSupport
import Testing

@Suite(.enabled(if: PythonServer.isAvailable, "needs python3")) struct ExchangeTests {
    private struct Echo: Decodable {
        var method: String
        var headers: [String: String]
        var body: String
    }

    @Test(arguments: [HTTPRequest.Method.get, .post, .put, .patch, .delete])
    func `method, headers and body arrive as they were given`(method: HTTPRequest.Method) async throws {
        let odd = try await Odd()
        let hasBody = [.post, .put, .patch].contains(method)
        let answer = try await odd.fetch("/echo?a=1") {
            $0.method = method
            $0.headers = [("X-Gotify-Key", "A b"), ("X-Empty", "")]
            $0.body = hasBody ? Array("{\"a\":\"b\\0\"}".utf8) + [0] : []
        }
        let echo = try JSONDecoder().decode(Echo.self, from: Data(answer.body))
        #expect(answer.status == 200)
        #expect(echo.method == method.rawValue)
        #expect(echo.headers["x-gotify-key"] == "A b")
        #expect(echo.headers["x-empty"]?.isEmpty == true)
        #expect(echo.headers["user-agent"] == "macha")
        #expect(echo.headers["expect"] == nil)
        #expect(echo.headers["content-type"] == nil)
        #expect(echo.body == (hasBody ? "{\"a\":\"b\\0\"}\0" : ""))
    }

    @Test func `a head has no body`() async throws {
        let answer = try await Odd().fetch("/echo") { $0.method = .head }
        #expect(answer.body.isEmpty)
        #expect(answer.head["CONTENT-LENGTH"] != nil)
    }

    @Test func `an empty body is posted as a body`() async throws {
        let answer = try await Odd().fetch("/echo") { $0.method = .post }
        let echo = try JSONDecoder().decode(Echo.self, from: Data(answer.body))
        #expect(echo.headers["content-length"] == "0")
    }

    @Test(arguments: [204, 400, 401, 404, 500, 503])
    func `every status is an answer`(status: Int) async throws {
        #expect(try await Odd().fetch("/status?n=\(status)").status == status)
    }

    @Test func `interim responses are not returned as the response`() async throws {
        let answer = try await Odd().fetch("/interim")
        #expect(answer.status == 201)
        #expect(answer.head["a"] == "b")
        #expect(answer.head["link"] == nil)
        #expect(answer.text == "hello")
    }

    @Test func `a body may end with the connection`() async throws {
        #expect(try await Odd().fetch("/close").text == "until the end")
    }

    @Test func `a body may come byte by byte`() async throws {
        let answer = try await Odd().fetch("/drip?n=300")
        #expect(answer.text == (0..<300).map { "\($0 % 10)" }.joined())
    }

    @Test(arguments: ["/big?n=104857600", "/big?n=104857600&length=1"])
    func `a hundred megabytes stream through`(path: String) async throws {
        let odd = try await Odd()
        let response = try await odd.client.send(odd.request(path) { $0.bodyLimit = .max })
        var count = 0
        var sum: UInt64 = 0
        var largest = 0
        while let piece = try await response.next() {
            count += piece.count
            largest = max(largest, piece.count)
            // Every block holds each byte value equally often, so pieces out of order would still sum up; the first byte of
            // a piece must continue the row.
            if piece.first != UInt8(truncatingIfNeeded: count - piece.count) { sum += 1 }
        }
        #expect(count == 104_857_600)
        #expect(sum == 0)
        #expect(largest < 1 << 20)
    }

    @Test func `unread output applies back-pressure`() async throws {
        let odd = try await Odd()
        let response = try await odd.client.send(odd.request("/big?n=50000000") { $0.bodyLimit = .max })
        // While this answer waits, others go on; a client that read ahead would have all of it by the hundredth.
        for _ in 0..<100 { #expect(try await odd.fetch("/hello").text == "hello") }
        let first = try #require(try await response.next())
        #expect(first.count <= 512 << 10)
        #expect(try await response.collect().count + first.count == 50_000_000)
    }

    @Test func `two hundred requests go side by side`() async throws {
        let odd = try await Odd()
        let bodies = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<200 {
                let request = odd.request(number.isMultiple(of: 2) ? "/hello" : "/big?n=\(number * 1_000)")
                group.addTask { try await odd.client.fetch(request).body.count }
            }
            return try await group.reduce(into: 0, +=)
        }
        #expect(bodies == 100 * 5 + (0..<200).filter { !$0.isMultiple(of: 2) }.reduce(0) { $0 + $1 * 1_000 })
    }

    @Test func `a connection is used again`() async throws {
        let odd = try await Odd()
        for _ in 0..<20 { _ = try await odd.fetch("/hello") }
        #expect(try await odd.fetch("/open").text == "1")
    }

    @Test func `a Unix socket serves as well`() async throws {
        let scratch = try Scratch()
        let odd = try await Odd(["--unix", scratch.path("s")])
        let request = HTTPRequest(.get, "http://localhost/hello", unixSocket: scratch.path("s"))
        #expect(try await odd.client.fetch(request).text == "hello")
    }

    @Test func `a redirect is followed only when asked`() async throws {
        let odd = try await Odd()
        let plain = try await odd.fetch("/redirect?to=/hello")
        #expect(plain.status == 302)
        #expect(plain.text == "elsewhere")
        let followed = try await odd.fetch("/redirect?to=/hello") { $0.redirects = 3 }
        #expect(followed.status == 200)
        #expect(followed.text == "hello")
        #expect(try await odd.failure("/round") { $0.redirects = 3 }.code == .tooManyRedirects)
    }

    @Test func `a redirect leads to nothing but HTTP`() async throws {
        let error = try await Odd().failure("/redirect?to=file:///etc/passwd") { $0.redirects = 3 }
        #expect(error.code == .malformed)
    }
}
