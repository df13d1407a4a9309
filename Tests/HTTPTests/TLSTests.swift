// SPDX-License-Identifier: MIT
import Foundation
import HTTP
import MachaTestSupport
import Testing

@Suite(.enabled(if: PythonServer.isAvailable && which("openssl") != nil, "needs python3 and openssl"))
struct TLSTests {
    /// A server with a certificate of its own making for `name`.
    private func serve(_ name: String) async throws -> (PythonServer, certificate: String) {
        let scratch = try Scratch("macha-tls")
        try run(
            which("openssl") ?? "openssl",
            [
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=\(name)", "-addext",
                "subjectAltName=DNS:\(name)", "-keyout", scratch.path("key"), "-out", scratch.path("certificate"),
            ])
        try scratch.write(try scratch.read("key") + (try scratch.read("certificate")), to: "both")
        let server = try await PythonServer(
            "http/odd_server.py", ["--certificate", scratch.path("both")], scratch: scratch)
        return (server, scratch.path("certificate"))
    }

    @Test func `a certificate of an untrusted issuer is refused`() async throws {
        let (server, _) = try await serve("localhost")
        let error = try await #require(throws: HTTPError.self) {
            _ = try await HTTPClient().fetch(
                HTTPRequest(.get, "https://localhost:\(server.port)/hello", deadlines: .long { _ in }))
        }
        #expect(error.code == .untrusted)
        #expect(error.stage == .tls)
    }

    @Test func `a certificate named by file is trusted`() async throws {
        let (server, certificate) = try await serve("localhost")
        let request = HTTPRequest(
            .get, "https://localhost:\(server.port)/hello", deadlines: .long { _ in }, trust: .file(certificate))
        #expect(try await HTTPClient().fetch(request).text == "hello")
    }

    @Test func `a certificate of another name is refused`() async throws {
        let (server, certificate) = try await serve("nas.lan")
        let request = HTTPRequest(
            .get, "https://localhost:\(server.port)/hello", deadlines: .long { _ in }, trust: .file(certificate))
        let error = try await #require(throws: HTTPError.self) { _ = try await HTTPClient().fetch(request) }
        #expect(error.code == .untrusted)
    }

    @Test func `a server without TLS is distinguished from a bad certificate`() async throws {
        let listener = try Loopback.Listener()
        defer { listener.close() }
        listener.serve(Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8))
        let error = try await #require(throws: HTTPError.self) {
            _ = try await HTTPClient().fetch(
                HTTPRequest(.get, "https://127.0.0.1:\(listener.port)/hello", deadlines: .long { _ in }))
        }
        #expect(error.code == .tlsFailed)
        #expect(error.stage == .tls)
    }
}
