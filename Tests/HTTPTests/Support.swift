// SPDX-License-Identifier: MIT
import HTTP
import MachaTestSupport
import Testing

/// A server that behaves as asked and a client of its own, for one test.
struct Odd {
    let server: PythonServer
    let client = HTTPClient()

    init(_ arguments: [String] = []) async throws { server = try await PythonServer("http/odd_server.py", arguments) }

    func request(_ path: String, _ change: (inout HTTPRequest) -> Void = { _ in }) -> HTTPRequest {
        var request = HTTPRequest(.get, server.url + path)
        change(&request)
        return request
    }

    func fetch(_ path: String, _ change: (inout HTTPRequest) -> Void = { _ in }) async throws -> HTTPAnswer {
        try await client.fetch(request(path, change))
    }

    /// The error that `path` ends with.
    func failure(_ path: String, _ change: (inout HTTPRequest) -> Void = { _ in }) async throws -> HTTPError {
        let request = request(path, change)
        let status: Int
        do throws(HTTPError) {
            status = try await client.fetch(request).status
        } catch {
            return error
        }
        throw Unexpected(what: "\(path) was answered with \(status)")
    }

    /// Returns once the server has seen the client of the request `id` hang up.
    func waitUntilGone(_ id: String) async throws {
        #expect(try await fetch("/gone?id=\(id)").text == "gone")
    }
}

struct Unexpected: Error { var what: String }

extension HTTPDeadlines {
    /// Deadlines that no test meets, but for those it sets.
    static func long(_ change: (inout HTTPDeadlines) -> Void) -> HTTPDeadlines {
        var deadlines = HTTPDeadlines(
            connect: .seconds(600), firstByte: .seconds(600), betweenPieces: .seconds(600), total: .seconds(600))
        change(&deadlines)
        return deadlines
    }
}
