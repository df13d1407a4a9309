// SPDX-License-Identifier: MIT

/// Which system the host runs.
package enum SystemProbe: Probe {
    package static let name = "system"
    package static let byteLimit = 16 * 1024
    package static let shares: SharedQuestion? = .managerFacts
    /// The manager says its version, as others ask it anyway; a container without one may still have the programs.
    package static let script = #"""
        said=$(cat /proc/sys/kernel/osrelease /proc/sys/kernel/hostname) || exit
        printf 'kernel=%s\nhostname=%s\n' "${said%%
        *}" "${said#*
        }"
        printf 'container=%s\n' "$(cat /run/systemd/container 2>/dev/null)"
        said=$(manager_facts 2>/dev/null)
        case $said in
            *Version=*) said=${said#*Version=} said=${said%%
        *} said="systemd ${said#"${said%%[0-9]*}"}" ;;
            *) said=$(systemctl --version 2>/dev/null | head -n 1) ;;
        esac
        printf 'systemd=%s\n\n' "$said"
        cat /etc/os-release || cat /usr/lib/os-release
        """#

    package static func parse(_ body: String) throws(ProbeFailure) -> SystemIdentity {
        guard let gap = ProbeText.range(of: "\n\n", in: body) else { throw ProbeText.unparsable("no os-release", body) }
        let own = ProbeText.fields(body[..<gap.lowerBound])
        let release = ProbeText.fields(body[gap.upperBound...])
        guard let id = ProbeText.present(release["ID"]), let kernel = ProbeText.present(own["kernel"]),
            let hostname = ProbeText.present(own["hostname"])
        else { throw ProbeText.unparsable("no ID, kernel or host name", body) }
        return SystemIdentity(
            id: id, prettyName: release["PRETTY_NAME"] ?? id, versionID: ProbeText.present(release["VERSION_ID"]),
            kernel: kernel, hostname: hostname, systemd: systemdVersion(own["systemd"] ?? ""),
            container: ProbeText.present(own["container"]))
    }

    /// 257 of `systemd 257 (257.13-1)`.
    private static func systemdVersion(_ line: String) -> Int? {
        let words = ProbeText.words(line)
        guard words.count >= 2, words[0] == "systemd" else { return nil }
        return Int(words[1].prefix { $0.isASCII && $0.isNumber })
    }
}

/// What the host says it is. Source: os-release(5), `/proc/sys/kernel`, `systemctl --version`.
package struct SystemIdentity: Hashable, Codable, Sendable {
    /// `ID` of os-release: `nixos`, `debian`.
    package var id: String
    /// `PRETTY_NAME` of os-release, else its `ID`.
    package var prettyName: String
    /// `VERSION_ID`; `nil` on a rolling release.
    package var versionID: String?
    /// Release of the running kernel, as `uname -r` prints it.
    package var kernel: String
    /// The kernel's host name, without a domain as a rule.
    package var hostname: String
    /// Major version; `nil` on a host without systemd.
    package var systemd: Int?
    /// The container manager as systemd names it (`systemd-nspawn`, `lxc`); `nil` on a machine of its own.
    package var container: String?
}
