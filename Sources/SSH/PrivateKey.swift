// SPDX-License-Identifier: MIT
import Glibc

import struct Foundation.Data

/// A private key in memory, ready to sign. Never printed.
package struct PrivateKey: Sendable {
    /// Where it came from, for messages.
    package let path: String
    let signer: SigningKey

    /// The public half, as on the wire.
    var publicKey: [UInt8] { signer.publicKey }

    var isRSA: Bool { signer.type == "ssh-rsa" }

    /// The public key of an identity file, also of one that is encrypted or holds a public key only (ssh_config(5),
    /// IdentityFile); `nil` when neither the file nor the one beside it with `.pub` tells. Blocks on the file system.
    package static func publicKey(path: String) -> [UInt8]? {
        for candidate in [path, path + ".pub"] {
            guard let contents = try? read(candidate, isPrivate: false) else { continue }
            let text = String(decoding: contents, as: UTF8.self)
            if let file = openSSHBody(text).flatMap({ OpenSSHKeyFile($0) }) { return file.publicKey }
            let fields = text.split(whereSeparator: \.isWhitespace)
            if fields.count >= 2, let bytes = Data(base64Encoded: String(fields[1])),
                HostKey(Array(bytes))?.type == String(fields[0])
            {
                return Array(bytes)
            }
        }
        return nil
    }

    /// Why a key file cannot be used.
    package struct Failure: Error, Sendable {
        package var path: String
        /// Starts lower case.
        package var reason: String
    }

    /// Reads a key file. Blocks on the file system, so never call it from a session.
    ///
    /// What ssh would not use is not used here either, and the reason says what to do.
    package static func load(path: String) throws(Failure) -> PrivateKey {
        let contents = try read(path, isPrivate: true)
        let text = String(decoding: contents, as: UTF8.self)
        guard text.contains("PRIVATE KEY-----") else {
            throw Failure(path: path, reason: "is not a private key in OpenSSH or PEM format")
        }
        if isEncrypted(text) {
            throw Failure(path: path, reason: "is encrypted; load it into ssh-agent with ssh-add and set SSH_AUTH_SOCK")
        }
        let body = openSSHBody(text)
        let isOpenSSH = text.contains("BEGIN OPENSSH PRIVATE KEY")
        guard let signer = body.flatMap({ SigningKey(openSSH: $0) }) ?? (isOpenSSH ? nil : SigningKey(pem: contents))
        else { throw Failure(path: path, reason: unusable(body.flatMap { OpenSSHKeyFile($0)?.type })) }
        return PrivateKey(path: path, signer: signer)
    }

    private static func unusable(_ type: String?) -> String {
        switch type {
        case let type? where type.hasPrefix("sk-"):
            "is a key on a security token (\(type.printableASCII)), which only its owner's touch lets sign; "
                + "give Macha an Ed25519 key of its own"
        case let type? where type != "ssh-ed25519" && type != "ssh-rsa" && !type.hasPrefix("ecdsa-sha2-nistp"):
            "has the type \(type.printableASCII); Ed25519, ECDSA (nistp256, nistp384, nistp521) and RSA keys can be used"
        default: "is not a complete Ed25519, ECDSA or RSA key; check it with ssh-keygen -y -f"
        }
    }

    private static func read(_ path: String, isPrivate: Bool) throws(Failure) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            throw Failure(path: path, reason: "cannot be read: \(String(cString: strerror(errno)))")
        }
        defer { close(file) }
        if isPrivate, let mode = exposed(file) {
            throw Failure(
                path: path,
                reason: "is open to others (mode \(mode)), so ssh would not use it either; chmod 600 \(path)")
        }
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

    /// The mode of a file of ours that others may read or write, as ssh judges it (authfile.c, `sshkey_perm_ok`): what belongs to
    /// somebody else, such as a credential of systemd's, is theirs to protect.
    private static func exposed(_ file: CInt) -> String? {
        var status = stat()
        guard fstat(file, &status) == 0, status.st_uid == getuid(), status.st_mode & 0o077 != 0 else { return nil }
        return "0" + String(status.st_mode & 0o777, radix: 8)
    }

    /// PEM says so in a header; OpenSSH's format names its cipher in the first field (PROTOCOL.key), `none` if in clear.
    private static func isEncrypted(_ text: String) -> Bool {
        if text.contains("ENCRYPTED") { return true }
        return openSSHBody(text).flatMap { OpenSSHKeyFile($0) }.map { $0.cipher != "none" } ?? false
    }

    /// What follows the magic of a key in OpenSSH's own format; `nil` for other formats.
    private static func openSSHBody(_ text: String) -> ArraySlice<UInt8>? {
        let lines = text.split(whereSeparator: \.isNewline).map { $0.trimmingPrefix(while: \.isWhitespace) }
        let first = lines.firstIndex { $0.contains("-----BEGIN OPENSSH PRIVATE KEY-----") }
        guard let first else { return nil }
        let body = lines[(first + 1)...].prefix { !$0.hasPrefix("-----END") }.joined().filter { !$0.isWhitespace }
        let magic = Array("openssh-key-v1\0".utf8)
        guard let bytes = Data(base64Encoded: body).map(Array.init), bytes.starts(with: magic) else { return nil }
        return bytes.dropFirst(magic.count)
    }
}

extension String {
    /// A name out of a file, as messages may hold it.
    fileprivate var printableASCII: String {
        String(decoding: utf8.prefix(64).map { (0x21...0x7e).contains($0) ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
    }
}
