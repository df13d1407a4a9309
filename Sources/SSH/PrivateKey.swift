// SPDX-License-Identifier: MIT
import Glibc

import struct Foundation.Data

/// A private key in memory, in the form its file had (OpenSSH or PEM). Never printed.
package struct PrivateKey: Sendable {
    /// Where it came from, for messages.
    package let path: String
    let contents: [UInt8]
    /// The public half as on the wire, where the file tells it in clear: OpenSSH's own format does.
    let publicKey: [UInt8]?
    /// The same as a `.pub` file has it: type and base64.
    let publicLine: String?
    /// The key itself, where it is one that we sign with ourselves.
    let signer: Ed25519Key?

    private init(path: String, contents: [UInt8]) {
        self.path = path
        self.contents = contents
        let body = Self.openSSHBody(String(decoding: contents, as: UTF8.self))
        publicKey = body.flatMap { Self.publicKey(openSSH: $0) }
        signer = body.flatMap { Ed25519Key(openSSH: $0) }
        publicLine = publicKey.flatMap { HostKey($0) }.map { "\($0.type) \($0.base64)" }
    }

    /// Whether this is an RSA key. PEM tells by its header, but PKCS #8 hides the type; OpenSSH's format names it in clear.
    var mayBeRSA: Bool {
        let text = String(decoding: contents, as: UTF8.self)
        guard let body = Self.openSSHBody(text) else {
            return text.contains("BEGIN RSA PRIVATE KEY") || text.contains("BEGIN PRIVATE KEY")
        }
        return body.firstRange(of: Array("ssh-rsa".utf8)) != nil
    }

    /// The public key of an identity file, also of one that is encrypted or holds a public key only (ssh_config(5),
    /// IdentityFile); `nil` when neither the file nor the one beside it with `.pub` tells. Blocks on the file system.
    package static func publicKey(path: String) -> [UInt8]? {
        for candidate in [path, path + ".pub"] {
            guard let contents = try? read(candidate) else { continue }
            let text = String(decoding: contents, as: UTF8.self)
            if let key = openSSHBody(text).flatMap({ publicKey(openSSH: $0) }) { return key }
            let fields = text.split(whereSeparator: \.isWhitespace)
            if fields.count >= 2, let bytes = Data(base64Encoded: String(fields[1])),
                HostKey(Array(bytes))?.type == String(fields[0])
            {
                return Array(bytes)
            }
        }
        return nil
    }

    /// Behind cipher, key derivation, its options and the number of keys (PROTOCOL.key).
    private static func publicKey(openSSH body: ArraySlice<UInt8>) -> [UInt8]? {
        var reader = WireReader(body)
        guard reader.string() != nil, reader.string() != nil, reader.string() != nil, reader.uint32() == 1 else {
            return nil
        }
        return reader.string().map(Array.init)
    }

    /// Why a key file cannot be used.
    package struct Failure: Error, Sendable {
        package var path: String
        /// Starts lower case.
        package var reason: String
    }

    /// Reads a key file. Blocks on the file system, so never call it from a session.
    ///
    /// Encrypted keys are refused here with the remedy, because the library would only say that the login failed.
    package static func load(path: String) throws(Failure) -> PrivateKey {
        let contents = try read(path)
        let text = String(decoding: contents, as: UTF8.self)
        guard text.contains("PRIVATE KEY-----") else {
            throw Failure(path: path, reason: "is not a private key in OpenSSH or PEM format")
        }
        if isEncrypted(text) {
            throw Failure(path: path, reason: "is encrypted; load it into ssh-agent with ssh-add and set SSH_AUTH_SOCK")
        }
        return PrivateKey(path: path, contents: contents)
    }

    private static func read(_ path: String) throws(Failure) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            throw Failure(path: path, reason: "cannot be read: \(String(cString: strerror(errno)))")
        }
        defer { close(file) }
        // A private key is a few kilobytes; a larger file is a mistake and not worth the memory.
        var bytes = [UInt8](repeating: 0, count: 64 * 1024)
        var filled = 0
        while filled < bytes.count {
            let count = bytes.withUnsafeMutableBytes {
                Glibc.read(file, $0.baseAddress.map { $0 + filled }, $0.count - filled)
            }
            if count < 0 { throw Failure(path: path, reason: "cannot be read: \(String(cString: strerror(errno)))") }
            if count == 0 { return Array(bytes.prefix(filled)) }
            filled += count
        }
        throw Failure(path: path, reason: "is too large to be a private key")
    }

    /// PEM says so in a header; OpenSSH's format names its cipher in the first field (PROTOCOL.key), `none` if in clear.
    private static func isEncrypted(_ text: String) -> Bool {
        if text.contains("ENCRYPTED") { return true }
        guard let body = openSSHBody(text) else { return false }
        var reader = WireReader(body)
        return reader.string().map { $0 != Array("none".utf8)[...] } ?? false
    }

    /// What follows the magic of a key in OpenSSH's own format; `nil` for other formats.
    private static func openSSHBody(_ text: String) -> ArraySlice<UInt8>? {
        guard text.contains("BEGIN OPENSSH PRIVATE KEY") else { return nil }
        let body = text.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("-") }.joined()
        let magic = Array("openssh-key-v1\0".utf8)
        guard let bytes = Data(base64Encoded: body).map(Array.init), bytes.starts(with: magic) else { return nil }
        return bytes.dropFirst(magic.count)
    }
}
