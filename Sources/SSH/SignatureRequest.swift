// SPDX-License-Identifier: MIT
import CLibSSH2
import CSSHWatchdog
import Glibc

/// A signature that libssh2 wants in the middle of a login, and the answer to it.
///
/// libssh2 asks synchronously, yet the one who signs (ssh-agent) is a conversation away and may ask a person to touch a token.
/// The callback therefore answers EAGAIN, which libssh2 passes on (userauth.c), and the login is called again when
/// the signature is there. Touched on the reactor's thread only.
final class SignatureRequest {
    /// What is to be signed: RFC 4252, section 7.
    private var wanted: [UInt8]?
    private var signature: [UInt8]?
    /// Why there will be no signature.
    private(set) var failure: String?
    /// Whether the host has said that this key may log in, which it does before it wants a signature.
    private(set) var isAccepted = false

    /// The bytes to sign, once: `nil` when libssh2 waits for the network instead.
    func takeWanted() -> [UInt8]? {
        defer { wanted = nil }
        return wanted
    }

    /// Gives the signature, without its algorithm name.
    func answer(_ signature: [UInt8]) { self.signature = signature }

    /// Makes the login attempt fail for `reason`.
    func fail(_ reason: String) { failure = reason }

    /// The algorithm that an authentication request (RFC 4252, 7) names; empty for what is none.
    static func algorithm(in request: [UInt8]) -> String {
        var reader = WireReader(request[...])
        guard reader.string() != nil, reader.byte() != nil, reader.string() != nil, reader.string() != nil,
            reader.string() != nil, reader.byte() != nil, let algorithm = reader.string()
        else { return "" }
        return String(decoding: algorithm, as: UTF8.self)
    }

    static let callback: macha_ssh2_sign = { _, signature, length, data, count, abstract in
        guard let context = abstract?.pointee, let data else { return -1 }
        let request = Unmanaged<SignatureRequest>.fromOpaque(context).takeUnretainedValue()
        if request.failure != nil { return -1 }
        guard let answer = request.signature else {
            request.isAccepted = true
            request.wanted = Array(UnsafeBufferPointer(start: data, count: count))
            return LIBSSH2_ERROR_EAGAIN
        }
        // libssh2 frees it with the session's allocator, which is malloc's.
        guard let copy = malloc(max(answer.count, 1)) else { return LIBSSH2_ERROR_ALLOC }
        copy.copyMemory(from: answer, byteCount: answer.count)
        signature?.pointee = copy.assumingMemoryBound(to: UInt8.self)
        length?.pointee = answer.count
        return 0
    }
}
