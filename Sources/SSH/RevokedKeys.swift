// SPDX-License-Identifier: MIT
import Glibc

/// Host keys that must not be trusted whatever else says so: the files of `RevokedHostKeys` (ssh_config(5)).
///
/// A file is a list of public keys, one a line, or OpenSSH's binary revocation list. One that is missing, cannot be read or
/// understood revokes every key, as ssh has it: nobody knows what it forbids.
package struct RevokedKeys: Hashable, Sendable {
    package private(set) var files: [String] = []
    private var lists: [String: RevocationList] = [:]

    /// Revokes nothing.
    package init() {}

    /// Reads the files. Blocks on the file system.
    package static func load(files: [String]) throws(SSHError) -> RevokedKeys {
        var revoked = RevokedKeys()
        for file in files {
            let bytes = try contents(of: file)
            guard let list = RevocationList(bytes) else {
                throw SSHError(
                    .localFile, .hostKey, host: "",
                    "\(file), which RevokedHostKeys of ssh's configuration names, is neither a list of public keys nor a "
                        + "key revocation list that Macha understands, so every host key counts as revoked",
                    remedy:
                        "fix the file (to see how ssh reads it: ssh-keygen -Q -l -f \(file)), or take it out of "
                        + "ssh's configuration")
            }
            revoked.files.append(file)
            revoked.lists[file] = list
        }
        return revoked
    }

    /// The file that revokes `key`.
    func file(revoking key: HostKey) -> String? { files.first { lists[$0]?.revokes(key) ?? false } }

    private static func contents(of path: String) throws(SSHError) -> [UInt8] {
        guard let file = fopen(path, "re") else { throw unreadable(path) }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let count = fread(&block, 1, block.count, file)
            bytes += block.prefix(count)
            if count < block.count { break }
        }
        guard ferror(file) == 0 else { throw unreadable(path) }
        return bytes
    }

    private static func unreadable(_ path: String) -> SSHError {
        SSHError(
            .localFile, .hostKey, host: "",
            "cannot read \(path), which RevokedHostKeys of ssh's configuration names "
                + "(\(String(cString: strerror(errno)).lowercased())), so every host key counts as revoked",
            remedy: "restore the file and make it readable, or remove it from ssh's configuration")
    }
}

/// What one file of ``RevokedKeys`` lists.
struct RevocationList: Hashable, Sendable {
    private var keys: Set<[UInt8]> = []
    private var sha1: Set<[UInt8]> = []
    private var sha256: Set<[UInt8]> = []

    /// `nil` when a part cannot be understood.
    init?(_ contents: [UInt8]) {
        let magic = Array("SSHKRL\n\0".utf8)
        let isRead = contents.starts(with: magic) ? readBinary(contents.dropFirst(magic.count)) : readLines(contents)
        guard isRead else { return nil }
    }

    func revokes(_ key: HostKey) -> Bool {
        if keys.contains(key.bytes) { return true }
        if !sha256.isEmpty, sha256.contains(Digest.sha256(key.bytes)) { return true }
        return !sha1.isEmpty && sha1.contains(Digest.sha1(key.bytes))
    }

    // MARK: Public keys, one a line

    private mutating func readLines(_ contents: [UInt8]) -> Bool {
        let text = String(decoding: contents, as: UTF8.self)
        for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
            let fields = line.fields
            guard let first = fields.first, first.first != UInt8(ascii: "#") else { continue }
            guard fields.count >= 2 else { return false }
            do throws(HostKey.TextFailure) {
                keys.insert(try HostKey(type: first, base64: fields[1]).bytes)
            } catch {
                // ssh passes over a key it would never accept, and gives up on everything else.
                guard error == .tooShort else { return false }
            }
        }
        return true
    }

    // MARK: The binary format (PROTOCOL.krl)

    private enum Section {
        static let certificates: UInt8 = 1, keys: UInt8 = 2, sha1: UInt8 = 3, sha256: UInt8 = 5,
            `extension`: UInt8 = 255
    }

    private mutating func readBinary(_ body: ArraySlice<UInt8>) -> Bool {
        var reader = WireReader(body)
        // Format, then version, time and flags of eight bytes each, a reserved field and a comment.
        guard reader.uint32() == 1, reader.skip(24), reader.string() != nil, reader.string() != nil else {
            return false
        }
        while let type = reader.byte() {
            guard let section = reader.string(), read(type, section) else { return false }
        }
        return true
    }

    /// Sections about certificates say nothing of the plain host keys that we accept. A section that we do not know may be
    /// the one that matters, and a signature is for lists from elsewhere, which nobody here verifies.
    private mutating func read(_ type: UInt8, _ section: ArraySlice<UInt8>) -> Bool {
        switch type {
        case Section.certificates: return true
        case Section.keys: return Self.read(section, into: &keys, length: nil)
        case Section.sha1: return Self.read(section, into: &sha1, length: 20)
        case Section.sha256: return Self.read(section, into: &sha256, length: 32)
        case Section.extension:
            var reader = WireReader(section)
            return reader.string() != nil && reader.byte() == 0
        default: return false
        }
    }

    private static func read(_ section: ArraySlice<UInt8>, into set: inout Set<[UInt8]>, length: Int?) -> Bool {
        var (reader, left) = (WireReader(section), section.count)
        while left > 0 {
            guard let value = reader.string(), length == nil || value.count == length else { return false }
            set.insert(Array(value))
            left -= value.count + 4
        }
        return true
    }
}

extension BidirectionalCollection where Element == UInt8 {
    /// The words between blanks and tabs, as OpenSSH's files part them; a carriage return at the end is no part of one.
    var fields: [SubSequence] {
        var end = endIndex
        while end > startIndex, [0x0a, 0x0b, 0x0c, 0x0d, 0x20, 0x09].contains(self[index(before: end)]) {
            formIndex(before: &end)
        }
        return self[..<end].split { $0 == 0x20 || $0 == 0x09 }.map { $0[...] }
    }
}
