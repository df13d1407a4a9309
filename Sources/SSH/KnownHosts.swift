// SPDX-License-Identifier: MIT
import Glibc

/// The host keys we trust: one or more files in OpenSSH's `known_hosts` format (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT").
///
/// Hashed names, `[host]:port`, wildcards, negation, several keys a host and `@revoked` are understood. Lines that are not
/// are kept out of every decision, and counted in ``ignored``.
package struct KnownHosts: Sendable {
    /// One usable line.
    package struct Entry: Hashable, Sendable {
        package enum Marker: Hashable, Sendable { case none, revoked, certificateAuthority }

        package var file: String
        /// Counted from 1.
        package var line: Int
        package var marker: Marker
        package var key: HostKey
        fileprivate var names: HostPatterns

        /// `file:line`
        package var place: String { "\(file):\(line)" }
    }

    /// What the files say of a key that a host showed.
    package enum Verdict: Hashable, Sendable {
        case trusted(Entry)
        case revoked(Entry)
        /// ``revoked`` lists it, in this file.
        case revokedByFile(String)
        /// Other keys are on file for this host, none of them this one.
        case changed([Entry])
        case unknown
    }

    package private(set) var files: [String]
    /// Keys that no line can make trusted.
    package var revoked = RevokedKeys()
    /// Lines that could not be understood, as `file:line`.
    package private(set) var ignored: [String] = []
    private var entries: [Entry] = []
    /// Entries without pattern or hash, by the name they hold.
    private var byName: [String: [Int]] = [:]
    private var patterned: [Int] = []

    package init(files: [String] = []) { self.files = files }

    /// Reads the files. One that is not there holds no keys; one that cannot be read is an error, because a missing
    /// `@revoked` line would turn a refusal into trust.
    package static func load(files: [String]) throws(SSHError) -> KnownHosts {
        var known = KnownHosts(files: files)
        for path in files {
            guard let file = fopen(path, "re") else {
                if errno == ENOENT || errno == ENOTDIR { continue }
                throw unreadable(path)
            }
            defer { fclose(file) }
            var line: UnsafeMutablePointer<CChar>?
            var capacity = 0
            var number = 0
            defer { free(line) }
            while getline(&line, &capacity, file) >= 0, let line {
                number += 1
                known.add(String(cString: line), file: path, line: number)
            }
            guard ferror(file) == 0 else { throw unreadable(path) }
        }
        return known
    }

    private static func unreadable(_ path: String) -> SSHError {
        SSHError(
            .localFile, .hostKey, host: "", "cannot read \(path): \(String(cString: strerror(errno)).lowercased())",
            remedy: "make it readable or name another file as known-hosts in the inventory")
    }

    /// Takes one line of a file into account, divided as OpenSSH divides it.
    package mutating func add(_ text: String, file: String, line: Int) {
        var fields = text.utf8.fields[...]
        guard let first = fields.first, first.first != UInt8(ascii: "#") else { return }
        var marker = Entry.Marker.none
        if first.first == UInt8(ascii: "@") {
            guard let known = Self.markers[String(decoding: first, as: UTF8.self)] else {
                return ignored.append("\(file):\(line)")
            }
            marker = known
            fields = fields.dropFirst()
        }
        guard fields.count >= 3,
            let key = try? HostKey(type: fields[fields.startIndex + 1], base64: fields[fields.startIndex + 2]),
            let names = HostPatterns(String(decoding: fields[fields.startIndex], as: UTF8.self))
        else { return ignored.append("\(file):\(line)") }
        let index = entries.count
        entries.append(Entry(file: file, line: line, marker: marker, key: key, names: names))
        guard let plain = names.plainNames else { return patterned.append(index) }
        for name in plain { byName[name, default: []].append(index) }
    }

    private static let markers: [String: Entry.Marker] = [
        "@revoked": .revoked, "@cert-authority": .certificateAuthority,
    ]

    /// The lines that speak of this host, in file order.
    package func entries(for address: String, port: UInt16) -> [Entry] {
        let name = Self.name(address, port)
        let indices = (byName[name] ?? []) + patterned.filter { entries[$0].names.matches(name) }
        // A line that names a host twice speaks of it once.
        return Set(indices).sorted().map { entries[$0] }
    }

    /// The key types on file for a host, to ask for these first.
    package func keyTypes(for address: String, port: UInt16) -> Set<String> {
        Set(spoken(of: address, port) { $0.marker == .none }.map(\.key.type))
    }

    /// The certificate authorities that the files trust for this host.
    package func authorities(for address: String, port: UInt16) -> [Entry] {
        spoken(of: address, port) { $0.marker == .certificateAuthority }
    }

    /// What the files say of `key`. A revoked key is refused whatever other lines say.
    ///
    /// A line without a port also vouches for a server on another port, as long as no line with that port knows the host
    /// (sshconnect.c, "checking without port identifier"); it is no proof that the key has changed.
    package func verdict(on key: HostKey, address: String, port: UInt16) -> Verdict {
        if let file = revoked.file(revoking: key) { return .revokedByFile(file) }
        let exact = judge(key, entries(for: address, port: port))
        guard exact == .unknown, port != Self.standardPort else { return exact }
        let portless = judge(key, entries(for: address, port: Self.standardPort))
        if case .changed = portless { return .unknown }
        return portless
    }

    private func judge(_ key: HostKey, _ mine: [Entry]) -> Verdict {
        if let entry = mine.first(where: { $0.marker == .revoked && $0.key == key }) { return .revoked(entry) }
        let trusted = mine.filter { $0.marker == .none }
        if let entry = trusted.first(where: { $0.key == key }) { return .trusted(entry) }
        return trusted.isEmpty ? .unknown : .changed(trusted)
    }

    private func spoken(of address: String, _ port: UInt16, _ counts: (Entry) -> Bool) -> [Entry] {
        let exact = entries(for: address, port: port).filter(counts)
        return exact.isEmpty ? entries(for: address, port: Self.standardPort).filter(counts) : exact
    }

    private static let standardPort: UInt16 = 22

    /// How `known_hosts` spells a host: lower case, with `[…]:port` unless the port is 22.
    package static func name(_ address: String, _ port: UInt16) -> String {
        let lower = address.asciiLowercased
        return port == standardPort ? lower : "[\(lower)]:\(port)"
    }
}
