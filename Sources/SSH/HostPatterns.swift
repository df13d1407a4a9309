// SPDX-License-Identifier: MIT
import struct Foundation.Data

/// The first field of a `known_hosts` line: comma-separated patterns, or one hashed name.
struct HostPatterns: Hashable, Sendable {
    private enum Form: Hashable, Sendable {
        case patterns(wanted: [String], refused: [String])
        /// `|1|salt|HMAC-SHA1 of the name`
        case hashed(salt: [UInt8], digest: [UInt8])
    }

    private let form: Form

    init?(_ field: String) {
        if field.hasPrefix("|") {
            let parts = field.split(separator: "|", omittingEmptySubsequences: false)
            guard parts.count == 4, parts[1] == "1", let salt = Self.digest(parts[2]),
                let digest = Self.digest(parts[3])
            else { return nil }
            form = .hashed(salt: salt, digest: digest)
            return
        }
        // ssh takes a list with one name that is too long for no match at all (match.c).
        let names = field.asciiLowercased.split(separator: ",").map(String.init)
        guard names.allSatisfy({ $0.utf8.count < 1023 }) else { return nil }
        let refused = names.filter { $0.hasPrefix("!") }.map { String($0.dropFirst()) }
        let wanted = names.filter { !$0.hasPrefix("!") }
        guard !wanted.isEmpty else { return nil }
        form = .patterns(wanted: wanted, refused: refused)
    }

    /// `name` as a field that does not show it, with a salt of its own.
    static func hashed(_ name: String) -> String {
        let salt = (0..<20).map { _ in UInt8.random(in: 0...255) }
        let digest = Digest.hmacSHA1(key: salt, Array(name.utf8))
        return "|1|\(Data(salt).base64EncodedString())|\(Data(digest).base64EncodedString())"
    }

    /// Both parts of a hashed name are 20 bytes, in the one way that base64 writes them (hostfile.c).
    private static func digest(_ text: Substring) -> [UInt8]? {
        guard let data = Data(base64Encoded: String(text)), data.count == 20, data.base64EncodedString() == text else {
            return nil
        }
        return Array(data)
    }

    /// The names, when there is neither wildcard, negation nor hash: such lines can be indexed.
    var plainNames: [String]? {
        guard case .patterns(let wanted, let refused) = form, refused.isEmpty,
            !wanted.contains(where: { $0.contains("*") || $0.contains("?") })
        else { return nil }
        return wanted
    }

    func matches(_ name: String) -> Bool {
        switch form {
        case .hashed(let salt, let digest): Digest.hmacSHA1(key: salt, Array(name.utf8)) == digest
        case .patterns(let wanted, let refused):
            !refused.contains { Self.glob($0, name) } && wanted.contains { Self.glob($0, name) }
        }
    }

    /// `*` and `?` (ssh_config(5), PATTERNS), in time linear to pattern times name.
    private static func glob(_ pattern: String, _ name: String) -> Bool {
        let (pattern, name) = (Array(pattern.utf8), Array(name.utf8))
        var (p, n) = (0, 0)
        var retry: (p: Int, n: Int)?
        while n < name.count {
            if p < pattern.count, pattern[p] == UInt8(ascii: "*") {
                retry = (p + 1, n)
                p += 1
            } else if p < pattern.count, pattern[p] == name[n] || pattern[p] == UInt8(ascii: "?") {
                (p, n) = (p + 1, n + 1)
            } else if let last = retry {
                retry = (last.p, last.n + 1)
                (p, n) = (last.p, last.n + 1)
            } else {
                return false
            }
        }
        return pattern[p...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}

extension String {
    /// Lower case as OpenSSH makes it: A to Z only.
    var asciiLowercased: String {
        String(decoding: utf8.map { (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    }
}
