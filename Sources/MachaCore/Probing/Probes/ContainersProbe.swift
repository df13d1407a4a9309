// SPDX-License-Identifier: MIT

/// Containers: the units that run them, which anybody may ask, and what the engines say of their health, which takes root.
/// Absent (`nil`) where there is no engine and no such unit.
package enum ContainersProbe: Probe {
    package static let name = "containers"
    package static let timeout = 15
    /// `podman` prints an array, over several lines, `docker` one object a line. An engine that refuses us is told.
    package static let script = """
        units=$(systemctl show 'podman-*.service' 'docker-*.service' 'container@*.service' 'systemd-nspawn@*.service' \
            -p Id -p ActiveState -p SubState -p Result -p NRestarts -p UnitFileState)
        status=$?
        case $status in 126 | 127) exit "$status" ;; esac
        engines=
        for engine in podman docker; do command -v $engine >/dev/null && engines="$engines $engine"; done
        [ -n "$units$engines" ] || { echo absent; exit 0; }
        printf '@units\\n%s\\n' "$units"
        for engine in $engines; do
            list=$($MACHA_AS_ROOT $engine ps -a --format json 2>/dev/null)
            printf '@%s %s\\n' "$engine" "$?"
            printf '%s' "$list" | tr '\\n' ' ' | sed 's/} {/}\\n{/g'
            echo
        done
        echo '@end'
        """

    package static func parse(_ body: String) throws(ProbeFailure) -> ContainersState? {
        if ProbeText.isAbsent(body) { return nil }
        guard body.hasPrefix("@units\n"), body.hasSuffix("\n@end\n") else {
            throw ProbeText.unparsable("containers", body)
        }
        let parts = body.split(separator: "\n@")
        var units: [ContainersState.Unit] = []
        for block in ProbeText.blocks(String(parts[0].dropFirst(7))) {
            let fields = ProbeText.fields(block)
            guard !fields.isEmpty else { continue }
            guard let unit = ContainersState.Unit(fields) else { throw ProbeText.unparsable("a unit", block) }
            if !Self.helpers.contains(unit.name) { units.append(unit) }
        }
        var engines: [ContainersState.Engine] = []
        for part in parts.dropFirst().dropLast() { engines.append(try engine(part)) }
        return ContainersState(units: units, engines: engines)
    }

    private static func engine(_ part: Substring) throws(ProbeFailure) -> ContainersState.Engine {
        let lines = ProbeText.lines(part)
        let head = lines.first.map { ProbeText.words($0) } ?? []
        guard head.count == 2, let status = Int(head[1]) else { throw ProbeText.unparsable("an engine", part) }
        let name = String(head[0])
        guard status == 0 else { return ContainersState.Engine(name: name, containers: nil) }
        var containers: [ContainersState.Container] = []
        for line in lines.dropFirst() where !line.allSatisfy({ $0 == " " }) {
            guard let value = LooseJSON(line) else { throw ProbeText.unparsable("\(name) ps", line) }
            for item in value.items ?? [value] {
                guard let container = ContainersState.Container(item) else {
                    throw ProbeText.unparsable("a container without name or state", line)
                }
                containers.append(container)
            }
        }
        return ContainersState.Engine(name: name, containers: containers)
    }

    /// Units of the engines themselves.
    private static let helpers: Set = [
        "podman-auto-update.service", "podman-clean-transient.service", "podman-restart.service",
        "docker-prune.service", "podman-prune.service",
    ]
}

/// Source: `systemctl show`, `podman ps`, `docker ps`.
package struct ContainersState: Hashable, Codable, Sendable {
    /// A unit that runs a container, as NixOS's `virtualisation.oci-containers` and `containers` make them.
    package struct Unit: Hashable, Codable, Sendable {
        package var name: String
        package var active: String
        package var sub: String
        package var result: String?
        package var restarts: Int?
        /// It is started at boot.
        package var isEnabled: Bool

        fileprivate init?(_ fields: [String: String]) {
            guard let name = ProbeText.present(fields["Id"]), let active = ProbeText.present(fields["ActiveState"]),
                let sub = ProbeText.present(fields["SubState"])
            else { return nil }
            self.name = name
            self.active = active
            self.sub = sub
            result = ProbeText.present(fields["Result"])
            restarts = fields["NRestarts"].flatMap { Int($0) }
            isEnabled = ["enabled", "enabled-runtime"].contains(fields["UnitFileState"] ?? "")
        }
    }

    package struct Container: Hashable, Codable, Sendable {
        package var name: String
        /// `running`, `exited`, `restarting`, `paused`, …
        package var state: String
        /// By its own health check; `nil` without one.
        package var isHealthy: Bool?

        fileprivate init?(_ item: LooseJSON) {
            let names = item["Names"]?.items?.first?.string ?? item["Names"]?.string ?? item["Name"]?.string
            guard let names, let state = item["State"]?.string else { return nil }
            name = String(names.prefix(200))
            self.state = String(state.lowercased().prefix(40))
            let status = item["Status"]?.string ?? ""
            isHealthy = status.contains("(unhealthy)") ? false : status.contains("(healthy)") ? true : nil
        }
    }

    package struct Engine: Hashable, Codable, Sendable {
        /// `podman` or `docker`.
        package var name: String
        /// `nil` when the engine did not answer us: mostly for want of rights.
        package var containers: [Container]?
    }

    package var units: [Unit]
    package var engines: [Engine]
}
