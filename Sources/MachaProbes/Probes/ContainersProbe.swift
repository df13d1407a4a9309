// SPDX-License-Identifier: MIT

/// Containers: the units that run them, which anybody may ask, and what the engines say of their health, which takes root.
/// Absent (`nil`) where there is no engine and no such unit.
package enum ContainersProbe: Probe {
    package static let name = "containers"
    package static let timeout = 15
    package static let byteLimit = 1 << 20
    /// `podman` prints an array, over several lines, `docker` one object a line; before version 23 it takes `json` for the
    /// text to print. What an engine that fails says on standard error comes in place of its list.
    package static let script = #"""
        units=$(systemctl show 'podman-*.service' 'docker-*.service' 'container@*.service' 'systemd-nspawn@*.service' \
            -p Id -p ActiveState -p SubState -p Result -p NRestarts -p UnitFileState)
        status=$?
        case $status in 126 | 127) exit "$status" ;; esac
        engines=
        for engine in podman docker; do command -v $engine >/dev/null && engines="$engines $engine"; done
        [ -n "$units$engines" ] || { echo absent; exit 0; }
        printf '@units\n%s\n' "$units"
        for engine in $engines; do
            list=$($MACHA_AS_ROOT $engine ps -a --format json 2>/dev/null)
            status=$?
            case $list in
                json | json"
        "*) list=$($MACHA_AS_ROOT $engine ps -a --format '{{json .}}' 2>/dev/null) status=$? ;;
            esac
            # A name without a program behind it is no engine.
            [ "$status" != 127 ] || continue
            [ "$status" = 0 ] || list=$($MACHA_AS_ROOT $engine ps -a --format json 2>&1 >/dev/null | tail -c 300)
            printf '@%s %s\n%s\n' "$engine" "$status" "$list"
        done
        echo '@end'
        """#

    package static func parse(_ body: String) throws(ProbeFailure) -> ContainersState? {
        if ProbeText.isAbsent(body) { return nil }
        guard body.hasPrefix("@units\n"), body.hasSuffix("\n@end\n") else {
            throw ProbeText.unparsable("containers", body)
        }
        let parts = body.split(separator: "\n@")
        var state = ContainersState(units: [], engines: [], unread: nil)
        var unread: [UnreadItem] = []
        for block in ProbeText.blocks(String(parts[0].dropFirst(7))) {
            let fields = ProbeText.fields(block)
            guard !fields.isEmpty else { continue }
            if let unit = ContainersState.Unit(fields) {
                if !Self.helpers.contains(unit.name) { state.units.append(unit) }
            } else {
                unread.append(UnreadItem(fields["Id"] ?? "a unit", ProbeText.unparsable("a unit", block)))
            }
        }
        for part in parts.dropFirst().dropLast() { state.engines.append(engine(part, &unread)) }
        // `docker` may be podman under another name (podman-docker): then both list the same.
        if state.engines.count == 2, let list = state.engines[1].containers, list == state.engines[0].containers,
            !list.isEmpty
        {
            state.engines.removeLast()
        }
        state.unread = unread.listed
        // An engine that refuses us is known to be there.
        let isBlank = state.units.isEmpty && state.engines.allSatisfy { $0.containers?.isEmpty ?? false }
        if isBlank, let first = unread.first { throw first.failure }
        return state
    }

    /// One engine and its containers. What it did not tell, or told in a form of its own, goes into `unread`.
    private static func engine(_ part: Substring, _ unread: inout [UnreadItem]) -> ContainersState.Engine {
        let head = ProbeText.words(part.prefix { $0 != "\n" })
        let text = part.drop { $0 != "\n" }.drop { $0 == "\n" || $0 == " " }
        let name = String(head.first ?? "engine")
        guard head.count == 2, head[1] == "0" else {
            unread.append(
                UnreadItem(
                    name, refusal(text.isEmpty ? "it ended with status \(head.last ?? "")" : String(text.suffix(240)))))
            return ContainersState.Engine(name: name, containers: nil)
        }
        var containers: [ContainersState.Container] = []
        for piece in text.hasPrefix("[") ? [text] : ProbeText.lines(text) where !piece.allSatisfy({ $0 == " " }) {
            guard let value = LooseJSON(piece) else {
                unread.append(UnreadItem("\(name): \(piece.prefix(60))", ProbeText.unparsable("\(name) ps", piece)))
                continue
            }
            for item in value.items ?? [value] {
                if let container = ContainersState.Container(item) {
                    containers.append(container)
                } else {
                    unread.append(
                        UnreadItem("\(name): a container", ProbeText.unparsable("without name or state", piece)))
                }
            }
        }
        return ContainersState.Engine(name: name, containers: containers)
    }

    /// A client without a daemon behind it is no fault of the host; the daemon's unit tells when it ought to run.
    private static func refusal(_ text: String) -> ProbeFailure {
        let rights = [
            "ermission denied", "a password is required", "not allowed to", "not in the sudoers", "may not run sudo",
        ]
        if rights.contains(where: { text.contains($0) }) || text.hasSuffix("status 126") {
            return ProbeFailure(.permission, text)
        }
        if text.contains("command not found") { return ProbeFailure(.toolMissing, text) }
        return ProbeFailure(text.contains("Cannot connect to the Docker daemon") ? .unsupported : .failed, text)
    }

    /// Units of the engines themselves.
    private static let helpers: Set = [
        "podman-auto-update.service", "podman-clean-transient.service", "podman-restart.service",
        "docker-prune.service", "podman-prune.service",
    ]
}

/// Source: `systemctl show`, `podman ps`, `docker ps`.
package struct ContainersState: Hashable, Codable, Sendable, PartlyRead {
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
        /// `nil` when the engine told nothing: mostly for want of rights.
        package var containers: [Container]?
    }

    package var units: [Unit]
    package var engines: [Engine]
    package var unread: [UnreadItem]?
}
