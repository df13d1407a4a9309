// SPDX-License-Identifier: MIT
import Glibc

/// A conversation with ssh-agent over its socket (draft-ietf-sshm-ssh-agent), without blocking the reactor.
/// Belongs to one session actor and is used on its executor only.
final class AgentConnection {
    /// A key the agent can sign with.
    struct Identity: Hashable {
        var publicKey: [UInt8]
        var comment: String

        /// `ssh-ed25519`, `ssh-rsa`, …
        var type: String {
            var reader = WireReader(publicKey[...])
            return reader.string().map { String(decoding: $0, as: UTF8.self) } ?? ""
        }
    }

    /// The agent is not there, or not an agent.
    struct Failure: Error { var reason: String }

    private static let maximumMessage = 256 * 1024
    private let socket: Socket
    private let reactor: Reactor

    init(path: String, reactor: Reactor) throws(Failure) {
        guard let address = SocketAddress(unixPath: path) else { throw Failure(reason: "its socket path is too long") }
        guard let socket = Socket(family: AF_UNIX) else { throw Failure(reason: "no descriptors left") }
        let status = socket.connect(to: address)
        guard status == 0 else { throw Failure(reason: String(cString: strerror(status))) }
        self.socket = socket
        self.reactor = reactor
    }

    /// The keys the agent holds, in its order.
    func identities(until deadline: ContinuousClock.Instant) async throws(Failure) -> [Identity] {
        var answer = WireReader(try await ask([11], expecting: 12, until: deadline))
        guard let count = answer.uint32(), count <= 4096 else { throw Failure(reason: "its reply is malformed") }
        var found: [Identity] = []
        for _ in 0..<count {
            guard let key = answer.string(), let comment = answer.string() else {
                throw Failure(reason: "its reply is malformed")
            }
            found.append(Identity(publicKey: Array(key), comment: String(decoding: comment, as: UTF8.self)))
        }
        return found
    }

    /// The signature of `data`, without its algorithm name. RSA keys sign with the hash that the request itself names.
    func sign(_ data: [UInt8], with key: [UInt8], until deadline: ContinuousClock.Instant) async throws(Failure)
        -> [UInt8]
    {
        var request: [UInt8] = [13]
        for field in [key, data] { request += Self.uint32(field.count) + field }
        request += Self.uint32(Self.flags(for: data))
        let answer = try await ask(request, expecting: 14, until: deadline)
        var outer = WireReader(answer)
        guard let signature = outer.string() else { throw Failure(reason: "its reply is malformed") }
        var inner = WireReader(signature)
        guard inner.string() != nil, let bytes = inner.string() else { throw Failure(reason: "its reply is malformed") }
        return Array(bytes)
    }

    /// SSH_AGENT_RSA_SHA2_256 or _512, as the algorithm in an authentication request (RFC 4252, 7) says.
    private static func flags(for request: [UInt8]) -> Int {
        switch SignatureRequest.algorithm(in: request) {
        case "rsa-sha2-256": return 2
        case "rsa-sha2-512": return 4
        default: return 0
        }
    }

    private func ask(
        _ request: [UInt8], expecting kind: UInt8, until deadline: ContinuousClock.Instant
    ) async throws(Failure) -> ArraySlice<UInt8> {
        var unsent = (Self.uint32(request.count) + request)[...]
        while !unsent.isEmpty {
            let count = unsent.withUnsafeBytes { send(socket.descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL)) }
            if count > 0 { unsent = unsent.dropFirst(count) } else { try await wait(reads: false, until: deadline) }
        }
        let head = try await receive(4, until: deadline)
        var reader = WireReader(head)
        guard let length = reader.uint32(), length >= 1, length <= Self.maximumMessage else {
            throw Failure(reason: "its reply is malformed")
        }
        let body = try await receive(Int(length), until: deadline)
        guard body.first == kind else { throw Failure(reason: "it refused") }
        return body.dropFirst()
    }

    private func receive(_ count: Int, until deadline: ContinuousClock.Instant) async throws(Failure) -> ArraySlice<
        UInt8
    > {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let got = bytes.withUnsafeMutableBytes {
                recv(socket.descriptor, $0.baseAddress.map { $0 + filled }, count - filled, 0)
            }
            if got > 0 {
                filled += got
            } else if got == 0 {
                throw Failure(reason: "it closed the connection")
            } else {
                try await wait(reads: true, until: deadline)
            }
        }
        return bytes[...]
    }

    private func wait(reads: Bool, until deadline: ContinuousClock.Instant) async throws(Failure) {
        guard errno == EAGAIN || errno == EINTR else { throw Failure(reason: String(cString: strerror(errno))) }
        switch await reactor.ready(socket.descriptor, reads: reads, writes: !reads, until: deadline) {
        case .ready: return
        case .timedOut: throw Failure(reason: "it did not answer in time")
        case .cancelled: throw Failure(reason: "the request was cancelled")
        }
    }

    private static func uint32(_ value: Int) -> [UInt8] {
        withUnsafeBytes(of: UInt32(truncatingIfNeeded: value).bigEndian) { Array($0) }
    }
}
