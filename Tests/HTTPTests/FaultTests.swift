// SPDX-License-Identifier: MIT
import HTTP
import MachaTestSupport
import Testing

@Suite(.enabled(if: PythonServer.isAvailable, "needs python3")) struct FaultTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var path: String
        var code: HTTPError.Code
        var stage: HTTPStage
        var testDescription: String { path }
    }

    @Test(arguments: [
        Case(path: "/nothing", code: .connectionLost, stage: .answer),
        Case(path: "/cut", code: .connectionLost, stage: .body),
        Case(path: "/cut-chunks", code: .connectionLost, stage: .body),
        Case(path: "/bad-chunks", code: .connectionLost, stage: .body),
        Case(path: "/not-http", code: .malformed, stage: .answer),
        Case(path: "/many-headers", code: .tooLarge, stage: .answer),
        Case(path: "/big?n=20000000", code: .tooLarge, stage: .body),
    ])
    func `a malformed reply is an error that names its position`(fault: Case) async throws {
        let error = try await Odd().failure(fault.path)
        #expect(error.code == fault.code, "\(error)")
        #expect(error.stage == fault.stage, "\(error)")
        #expect(error.message.contains("http://127.0.0.1:"))
    }

    @Test(arguments: ["/silent", "/head-only", "/half"], [0, 1, 2])
    func `silence ends at its deadline, and the connection with it`(path: String, which: Int) async throws {
        let odd = try await Odd()
        let error = try await odd.failure("\(path)?id=x") {
            $0.deadlines = .long { deadlines in
                // Enough for the request to be on its way, also on a loaded machine.
                let moment = Duration.seconds(2)
                switch which {
                case 0: deadlines.total = moment
                case 1 where path == "/silent": deadlines.firstByte = moment
                case 1: deadlines.betweenPieces = moment
                default:
                    deadlines.firstByte = path == "/silent" ? moment : .seconds(600)
                    deadlines.betweenPieces = moment
                }
            }
        }
        #expect(error.code == .timedOut)
        // On a loaded machine a short deadline may pass before the server is reached at all.
        if which > 0, path != "/silent" { #expect(error.stage == .body) }
        if path == "/silent" { #expect(error.stage != .body) }
        try await odd.waitUntilGone("x")
    }

    @Test func `a server that drips is not silent`() async throws {
        let answer = try await Odd().fetch("/drip?n=2000") { request in
            request.deadlines = .long { $0.betweenPieces = .seconds(5) }
        }
        #expect(answer.body.count == 2_000)
    }

    @Test func `a slow reader is not mistaken for a silent server`() async throws {
        let odd = try await Odd()
        let response = try await odd.client.send(
            odd.request("/big?n=3000000") { request in
                request.deadlines = .long { $0.betweenPieces = .milliseconds(300) }
            })
        // Longer than the deadline, measured by another exchange that meets its own.
        _ = try await odd.failure("/silent?id=clock") { request in
            request.deadlines = .long { $0.firstByte = .milliseconds(900) }
        }
        #expect(try await response.collect().count == 3_000_000)
    }

    @Test func `a port where nothing listens is unreachable`() async throws {
        let port = try Loopback.freePort()
        let error = try await #require(throws: HTTPError.self) {
            _ = try await HTTPClient().fetch(HTTPRequest(.get, "http://127.0.0.1:\(port)/api"))
        }
        #expect(error.code == .unreachable)
        #expect(error.stage == .connect)
        #expect(!error.remedy.isEmpty)
    }

    @Test func `a socket that is not there is unreachable`() async throws {
        let request = HTTPRequest(.get, "http://localhost/", unixSocket: "/nonexistent/socket")
        let error = try await #require(throws: HTTPError.self) { _ = try await HTTPClient().fetch(request) }
        #expect(error.code == .unreachable)
        #expect(error.stage == .connect)
    }

    @Test func `a name that does not exist is not found`() async throws {
        let error = try await #require(throws: HTTPError.self) {
            _ = try await HTTPClient().fetch(HTTPRequest(.get, "http://nas.invalid/", proxy: .none))
        }
        #expect(error.code == .nameNotFound)
        #expect(error.stage == .resolve)
    }

    @Test(arguments: ["", "nas", "ftp://nas/", "file:///etc/passwd", "http://", "http://a b/", "http://a/\0b"])
    func `a text that is no HTTP URL is refused`(url: String) async throws {
        let error = try await #require(throws: HTTPError.self) {
            _ = try await HTTPClient().fetch(HTTPRequest(.get, url))
        }
        #expect(error.code == .invalidRequest)
    }

    @Test(arguments: [("A", "b\r\nC: d"), ("A", "b\nC"), ("A", "b\0"), ("A b", "c"), ("", "c"), ("A:", "b")])
    func `a header cannot bring another one along`(name: String, value: String) async throws {
        let request = HTTPRequest(.get, "http://127.0.0.1:1/", headers: [(name, value)])
        let error = try await #require(throws: HTTPError.self) { _ = try await HTTPClient().fetch(request) }
        #expect(error.code == .invalidRequest)
        #expect(!error.description.contains(value.prefix(1) + "\r"))
    }

    @Test func `an error tells neither password nor query`() async throws {
        let port = try Loopback.freePort()
        let error = try await #require(throws: HTTPError.self) {
            _ = try await HTTPClient().fetch(HTTPRequest(.get, "http://me:hunter2@127.0.0.1:\(port)/m?token=Asecret"))
        }
        #expect(error.place == "http://127.0.0.1:\(port)/m")
        #expect(!"\(error)".contains("hunter2"))
        #expect(!"\(error)".contains("Asecret"))
    }
}
