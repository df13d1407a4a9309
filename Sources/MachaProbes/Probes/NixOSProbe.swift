// SPDX-License-Identifier: MIT

/// Version, generations, and the three systems of a NixOS host. Absent (`nil`) on any other system.
package enum NixOSProbe: Probe {
    package static let name = "nixos"
    package static let byteLimit = 64 * 1024
    /// One `find` reads every link. It complains about links that are not there, which is no failure.
    package static let script = #"""
        command -v nixos-version >/dev/null 2>&1 || [ -e /etc/NIXOS ] || [ -e /run/current-system ] ||
            { echo absent; exit; }
        nixos-version --json
        echo
        parts=
        profiles=/nix/var/nix/profiles
        for system in /run/booted-system /run/current-system "$profiles/system"; do
            for part in kernel initrd kernel-modules; do parts="$parts $system/$part"; done
        done
        find /run/booted-system /run/current-system $parts "$profiles" -maxdepth 1 -type l \
            \( -path "$profiles/system" -o -path "$profiles/system-*-link" -o ! -path "$profiles/*" -o -path '*/system/*' \) \
            -printf '%p\t%l\t%T@\n'
        status=$?
        [ "$status" -le 1 ] || exit "$status"
        find "$profiles"/system-*-link/specialisation/ -maxdepth 1 -type l -printf '%p\t%l\t%T@\n' | tail -n 400
        exit 0
        """#

    package static func parse(_ body: String) throws(ProbeFailure) -> NixOSState? {
        if body == "absent\n" { return nil }
        guard
            let gap = ProbeText.range(of: "\n\n", in: body)
                ?? (body.first == "\n" ? ProbeText.range(of: "\n", in: body) : nil)
        else {
            throw ProbeText.unparsable("no links", body)
        }
        let links = Links(body[gap.upperBound...])
        guard links["/run/current-system"] != nil || links["\(profile)"] != nil else {
            throw ProbeText.unparsable("no running system", body)
        }
        let version = LooseJSON(body[..<gap.lowerBound])
        // The profile points at one of the generations by a relative name.
        let generations = links.generations
        let chosen = links[profile].map { name in generations.first { "system-\($0.number)-link" == name } }
        return NixOSState(
            version: version?["nixosVersion"]?.string, nixpkgsRevision: version?["nixpkgsRevision"]?.string,
            configurationRevision: version?["configurationRevision"]?.string,
            booted: links.system("/run/booted-system"),
            current: links.system("/run/current-system"),
            profile: links.system(profile, at: chosen.flatMap { $0?.path }),
            profileGeneration: chosen.flatMap { $0?.number }, generations: Array(generations.suffix(200)),
            specialisations: links.specialisations)
    }

    private static let profile = "/nix/var/nix/profiles/system"

    /// `path`, tabulator, where the link points to, tabulator, when it was made.
    private struct Links {
        private var targets: [String: (target: String, time: Double)] = [:]

        init(_ text: Substring) {
            for line in ProbeText.lines(text) {
                let fields = ProbeText.columns(line, at: 0x09)
                guard fields.count == 3, let time = Double(fields[2]), time.isFinite else { continue }
                targets[String(fields[0])] = (String(fields[1]), time)
            }
        }

        subscript(path: String) -> String? { targets[path]?.target }

        func system(_ path: String, at store: String? = nil) -> NixOSState.System? {
            guard let target = store ?? self[path] else { return nil }
            return NixOSState.System(
                path: target, kernel: self["\(path)/kernel"], initrd: self["\(path)/initrd"],
                modules: self["\(path)/kernel-modules"])
        }

        /// `…/system-42-link/specialisation/NAME`; `nil` when there are none.
        var specialisations: [NixOSState.Specialisation]? {
            let found = targets.compactMap { path, link -> NixOSState.Specialisation? in
                let parts = path.split(separator: "/")
                guard path.hasPrefix("\(profile)-"), parts.count >= 3, parts[parts.count - 2] == "specialisation",
                    let name = parts.last, parts[parts.count - 3].hasSuffix("-link"),
                    let number = Int(parts[parts.count - 3].dropFirst("system-".count).dropLast("-link".count))
                else { return nil }
                return NixOSState.Specialisation(name: String(name), generation: number, path: link.target)
            }
            return found.isEmpty ? nil : found.sorted { ($0.generation, $0.name) < ($1.generation, $1.name) }
        }

        var generations: [NixOSState.Generation] {
            targets.compactMap { path, link in
                guard path.hasPrefix("\(profile)-"), path.hasSuffix("-link"),
                    let number = Int(path.dropFirst(profile.count + 1).dropLast("-link".count))
                else { return nil }
                let seconds = min(max(link.time, 0), 1e11)
                return NixOSState.Generation(number: number, path: link.target, made: Int(seconds))
            }
            .sorted { $0.number < $1.number }
        }
    }
}

/// Source: `nixos-version --json`, `/run/{booted,current}-system`, `/nix/var/nix/profiles`.
package struct NixOSState: Hashable, Codable, Sendable {
    /// One built system in the store. Every part is `nil` where the link is not there, as in a container.
    package struct System: Hashable, Codable, Sendable {
        /// In the store.
        package var path: String
        /// What the system's link of this name points to.
        package var kernel: String?
        /// As ``kernel``.
        package var initrd: String?
        /// As ``kernel``.
        package var modules: String?

        /// Whether changing between the two takes a reboot; `nil` when one of them does not say.
        package func sharesKernel(with other: System) -> Bool? {
            guard kernel != nil, other.kernel != nil else { return nil }
            return kernel == other.kernel && initrd == other.initrd && modules == other.modules
        }

        /// `6.12.50` of `/nix/store/<hash>-linux-6.12.50/bzImage`.
        package var kernelVersion: String? {
            guard let folder = kernel?.split(separator: "/").dropLast().last,
                let name = ProbeText.range(of: "-linux-", in: folder)
            else { return nil }
            return String(folder[name.upperBound...])
        }
    }

    /// One build that the host can boot or return to.
    package struct Generation: Hashable, Codable, Sendable {
        /// As `nixos-rebuild list-generations` shows it.
        package var number: Int
        /// In the store.
        package var path: String
        /// When the link was made, in seconds since 1970.
        package var made: Int
    }

    /// A variant of a generation that can be chosen at boot, or by its own `switch-to-configuration`.
    package struct Specialisation: Hashable, Codable, Sendable {
        package var name: String
        /// The number of the generation it belongs to.
        package var generation: Int
        /// In the store.
        package var path: String
    }

    /// `25.05.20250930.cafe003`; like the next two `nil` when `nixos-version` does not say.
    package var version: String?
    /// Commit of nixpkgs.
    package var nixpkgsRevision: String?
    /// Set by flakes and by owners who care; `-dirty` at its end is a build of uncommitted changes.
    package var configurationRevision: String?
    /// What the host booted.
    package var booted: System?
    /// What runs now.
    package var current: System?
    /// What the next boot starts.
    package var profile: System?
    /// Number of ``profile``.
    package var profileGeneration: Int?
    /// Oldest first; the newest 200.
    package var generations: [Generation]
    /// Of all generations, oldest first; `nil` without any.
    package var specialisations: [Specialisation]?

    /// The specialisation whose system stands at `path`, of the newest generation that has it.
    package func specialisation(at path: String?) -> Specialisation? {
        guard let path else { return nil }
        return specialisations?.last { $0.path == path && $0.generation == profileGeneration }
            ?? specialisations?.last { $0.path == path }
    }
}
