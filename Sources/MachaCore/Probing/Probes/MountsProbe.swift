// SPDX-License-Identifier: MIT

/// Which file systems ought to be mounted and are not.
///
/// A disk that is gone leaves an empty folder, into which services go on writing; systemd calls nothing failed when the
/// mount was optional.
package enum MountsProbe: Probe {
    package static let name = "mounts"
    package static let byteLimit = 128 * 1024
    package static let script = """
        echo '@fstab'
        cat /etc/fstab || :
        echo '@mounted'
        cat /proc/self/mountinfo
        """

    package static func parse(_ body: String) throws(ProbeFailure) -> MountsState {
        let lines = ProbeText.lines(body)
        guard lines.first == "@fstab", let gap = lines.firstIndex(of: "@mounted") else {
            throw ProbeText.unparsable("no table of mounts", body)
        }
        let mounted = lines[(gap + 1)...].compactMap { target(of: $0) }
        guard mounted.contains("/") else { throw ProbeText.unparsable("no mounted root", body) }
        let present = Set(mounted)
        let expected = lines[1..<gap].compactMap { ExpectedMount($0, present: present) }
        return MountsState(expected: expected, mountedCount: mounted.count)
    }

    private static func target(of line: Substring) -> String? {
        let words = ProbeText.columns(line)
        guard words.count >= 9, Int(words[0]) != nil, words.dropFirst(6).contains("-") else { return nil }
        return MountText.unescaped(words[4])
    }
}

/// Source: fstab(5) and proc_pid_mountinfo(5).
package struct MountsState: Hashable, Codable, Sendable {
    /// What `/etc/fstab` wants mounted at boot.
    package var expected: [ExpectedMount]
    /// All that is mounted, of whatever kind.
    package var mountedCount: Int

    /// Wanted, and not there.
    package var missing: [ExpectedMount] { expected.filter { !$0.isMounted } }
}

/// One line of `/etc/fstab` that is to be mounted at boot.
package struct ExpectedMount: Hashable, Codable, Sendable {
    package var target: String
    package var source: String
    package var type: String
    /// `nofail`: the host may boot without it.
    package var isOptional: Bool
    package var isMounted: Bool

    fileprivate init?(_ line: Substring, present: Set<String>) {
        let words = ProbeText.words(line)
        guard words.count >= 4, !words[0].hasPrefix("#"), words[1].hasPrefix("/"), words[2] != "swap" else {
            return nil
        }
        let options = Set(ProbeText.columns(words[3], at: 0x2c))
        // Mounted when somebody asks or looks, not at boot.
        guard options.isDisjoint(with: ["noauto", "x-systemd.automount"]) else { return nil }
        source = MountText.unescaped(words[0])
        let path = MountText.unescaped(words[1])
        target = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        type = String(words[2])
        isOptional = options.contains("nofail") || options.contains("_netdev")
        isMounted = present.contains(target)
    }
}

/// Both tables write space, tab, line break and backslash as three octal digits.
enum MountText {
    static func unescaped(_ word: Substring) -> String {
        guard word.utf8.contains(0x5c) else { return String(word) }
        var bytes: [UInt8] = []
        var rest = Array(word.utf8)[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(3)
            if byte == 0x5c, digits.count == 3, let code = UInt8(String(decoding: digits, as: UTF8.self), radix: 8) {
                bytes.append(code)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
