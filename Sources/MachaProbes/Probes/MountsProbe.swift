// SPDX-License-Identifier: MIT

/// Which file systems ought to be mounted and are not.
///
/// A disk that is gone leaves an empty folder, into which services go on writing; systemd calls nothing failed when the
/// mount was optional.
package enum MountsProbe: Probe {
    package static let name = "mounts"
    package static let byteLimit = 512 * 1024
    /// What `/etc/fstab` calls by a symbolic link is mounted where that leads. The mounts of single containers are of no
    /// interest here and can be many.
    package static let script = #"""
        \#(MountText.shortened)
        echo '@fstab'
        fstab=$(cat /etc/fstab)
        printf '%s\n@mounted\n' "$fstab"
        table=$(cat /proc/self/mountinfo) || exit
        shortened "$table" '/^[^ ]+ [^ ]+ [^ ]+ [^ ]+ \/(var\/lib\/(docker|containers|kubelet|containerd)|run\/(docker|containerd|netns|user))\//d;s/ - ([^ ]+) .*/ - \1 - -/'
        set -f
        while read -r source target rest; do
            case $source,$target in '#'* | *,[!/]* | *,) continue ;; esac
            case $table in *" $target "*) continue ;; esac
            real=$(readlink -f -- "$target") && [ "$real" != "$target" ] && printf '@link %s %s\n' "$target" "$real"
        done <<END
        $fstab
        END
        exit 0
        """#

    package static func parse(_ body: String) throws(ProbeFailure) -> MountsState {
        let lines = ProbeText.lines(body)
        guard lines.first == "@fstab", let gap = lines.firstIndex(of: "@mounted") else {
            throw ProbeText.unparsable("no table of mounts", body)
        }
        let rest = lines[(gap + 1)...]
        let mounted = rest.compactMap { target(of: $0) }
        guard mounted.contains("/") else { throw ProbeText.unparsable("no mounted root", body) }
        let present = Set(mounted)
        let links = rest.filter { $0.hasPrefix("@link ") }.map { ProbeText.columns($0) }.filter { $0.count == 3 }
        let aliases = Dictionary(
            links.map { (MountText.normal(MountText.unescaped($0[1])), String($0[2])) },
            uniquingKeysWith: { _, last in last })
        let expected = lines[1..<gap].compactMap { ExpectedMount($0, present: present, aliases: aliases) }
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

    fileprivate init?(_ line: Substring, present: Set<String>, aliases: [String: String]) {
        let words = ProbeText.words(line)
        guard words.count >= 3, !words[0].hasPrefix("#"), words[1].hasPrefix("/"), words[2] != "swap" else {
            return nil
        }
        // Options may be left out: mount(8) takes the defaults then.
        let options = Set(words.count > 3 ? ProbeText.columns(words[3], at: 0x2c) : [])
        // Mounted when somebody asks or looks, not at boot.
        guard options.isDisjoint(with: ["noauto", "x-systemd.automount", "comment=systemd.automount"]) else {
            return nil
        }
        source = MountText.unescaped(words[0])
        target = MountText.normal(MountText.unescaped(words[1]))
        type = String(words[2])
        isOptional = options.contains("nofail") || options.contains("_netdev")
        isMounted = present.contains(target) || aliases[target].map { present.contains($0) } ?? false
    }
}

/// Both tables write space, tab, line break and backslash as three octal digits.
enum MountText {
    /// `/srv/data` of `//srv/./data/`: as mount(8) and systemd take a path, without following links.
    static func normal(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return "/" + parts.joined(separator: "/")
    }

    /// A shell function that prints `$1`, edited by the sed program `$2` when it is long: a process that most hosts spare.
    static let shortened = #"""
        shortened() {
            if [ "${#1}" -le 65536 ]; then printf '%s\n' "$1"; else printf '%s\n' "$1" | sed -E "$2"; fi
        }
        """#

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
