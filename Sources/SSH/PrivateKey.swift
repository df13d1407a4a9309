// SPDX-License-Identifier: MIT
import Glibc

import struct Foundation.Data

/// A private key in memory, in the form its file had (OpenSSH or PEM). Never printed.
package struct PrivateKey: Sendable {
    /// Where it came from, for messages.
    package let path: String
    let contents: [UInt8]

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
        guard text.contains("BEGIN OPENSSH PRIVATE KEY") else { return false }
        let body = text.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("-") }.joined()
        guard let bytes = Data(base64Encoded: body).map(Array.init), bytes.starts(with: Array("openssh-key-v1\0".utf8))
        else { return false }
        var reader = WireReader(bytes.dropFirst(15))
        return reader.string().map { $0 != Array("none".utf8)[...] } ?? false
    }
}
