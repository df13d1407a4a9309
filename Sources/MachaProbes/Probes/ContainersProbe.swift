// SPDX-License-Identifier: MIT

package import MachaModel

import MachaJournal

/// Containers: the units that run them, which anybody may ask, and what the engines say of their health, which takes root.
/// Absent (`nil`) where there is no engine and no such unit.
package enum ContainersProbe: Probe {
    package static let name = "containers"
    package static let timeout = 15
    package static let isQuick = true
    package static let shares: SharedQuestion? = .unitFacts
    package static let byteLimit = 1 << 20
    /// `podman` prints an array, over several lines, `docker` one object a line; before version 23 it takes `json` for the
    /// text to print. What an engine that fails says on standard error comes in place of its list. Of up to four containers
    /// that are unwell the last six lines come along, indented, so that they cannot be taken for more.
    package static let script = #"""
        facts=$(unit_facts) || { status=$?; case $status in 126 | 127) exit "$status" ;; esac; }
        units=
        case $facts in
            *Id=podman-* | *Id=docker-* | *Id=container@* | *Id=systemd-nspawn@*)
                units=$(printf '%s\n' "$facts" | units_named '^(podman-|docker-|container@|systemd-nspawn@).*[.]service$')
                ;;
        esac
        engines=
        for engine in podman docker; do command -v $engine >/dev/null && engines="$engines $engine"; done
        [ -n "$units$engines" ] || { echo absent; exit 0; }
        [ -z "$engines" ] || alone
        printf '@units\n%s\n' "$units"
        # A process of root's is not ours to end, so it is the reader that gives up. Reads all of the output, the last 300
        # bytes of errors, or the last 4000 of both; sets $said and $status.
        limit='timeout -s KILL' seconds=6
        command -v timeout >/dev/null || limit=
        ask() {
            case $1 in all) reader=cat ;; *) reader="tail -c $1" ;; esac
            said=$({
                {
                    case $1 in
                        all) shift; ${limit:+$limit $seconds} $MACHA_AS_ROOT "$@" 2>/dev/null ;;
                        300) shift; ${limit:+$limit $seconds} $MACHA_AS_ROOT "$@" 2>&1 >/dev/null ;;
                        4000) shift; ${limit:+$limit $seconds} $MACHA_AS_ROOT "$@" 2>&1 ;;
                    esac
                    printf '\n%s' "$?"
                } &
            } | ${limit:+$limit $seconds} $reader)
            status=${said##*"
        "} said=${said%"
        "*}
            case $status in '' | *[!0-9]*) status=137 ;; esac
        }
        last_words() {
            printf '%s\n' "$said" | awk '{ text = text $0 "\n" } END {
                n = split(text, part, /"Names": */)
                for (i = 2; i <= n; i++) {
                    name = part[i]
                    sub(/^[ \n\[]*"/, "", name)
                    sub(/".*/, "", name)
                    if (name !~ /^[A-Za-z0-9][A-Za-z0-9_.-]*$/) continue
                    if (part[i] ~ /"State": *"restarting"|"Status": *"[^"]*[(]unhealthy[)]/) print "unwell", name
                    if (part[i] ~ /"Status": *"Exited [(][1-9]/) print "exited", name
                }
            }' | {
                asked=0 seconds=2
                while read -r state name && [ "$asked" -lt 4 ]; do
                    # One that ended is of interest where a unit was to keep it running.
                    case $state,$units in unwell,* | *"Id=$engine-$name.service"*) ;; *) continue ;; esac
                    asked=$((asked + 1))
                    ask 4000 "$engine" logs --tail 6 "$name"
                    [ "$status" != 137 ] || break
                    [ "$status" != 0 ] || printf '@said %s %s\n%s\n' "$engine" "$name" "$(printf '%s\n' "$said" |
                        awk '/[^ ]/ { last[n++ % 6] = substr($0, 1, 200) }
                            END { for (i = (n < 6 ? 0 : n - 6); i < n; i++) print "  " last[i % 6] }')"
                done
            }
        }
        for engine in $engines; do
            ask all "$engine" ps -a --format json
            case $said in
                json | json"
        "*) ask all "$engine" ps -a --format '{{json .}}' ;;
            esac
            # A name without a program behind it is no engine.
            [ "$status" != 127 ] || continue
            case $status in
                0) printf '@%s 0\n%s\n' "$engine" "$said" ;;
                137) printf '@%s 137\nit said nothing within %s seconds\n' "$engine" "$seconds"; continue ;;
                *)
                    asked=$status
                    ask 300 "$engine" ps -a --format json
                    printf '@%s %s\n%s\n' "$engine" "$asked" "$(printf '%s' "$said")"
                    continue
                    ;;
            esac
            case $said in *'"restarting"'* | *'(unhealthy)'* | *'"Exited ('[1-9]*) last_words ;; esac
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
        let answers = parts.dropFirst().dropLast().filter { !$0.hasPrefix("said ") }
        for part in answers { state.engines.append(engine(part, &unread)) }
        for part in parts where part.hasPrefix("said ") { keep(part, in: &state) }
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

    /// The last lines of one container, without secrets.
    private static func keep(_ part: Substring, in state: inout ContainersState) {
        let lines = ProbeText.lines(part)
        let head = lines.first.map { ProbeText.words($0) } ?? []
        guard head.count == 3, let engine = state.engines.firstIndex(where: { $0.name == head[1] }),
            let at = state.engines[engine].containers?.firstIndex(where: { $0.name == head[2] })
        else { return }
        var redactor = Redactor()
        let said = lines.dropFirst().prefix(6).filter { $0.hasPrefix("  ") }.map { line in
            UntrustedText(String(decoding: redactor.clean(Array(line.dropFirst(2).prefix(200).utf8)), as: UTF8.self))
        }
        state.engines[engine].containers?[at].said = said.isEmpty ? nil : said
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
        /// The last lines it logged; `nil` when it is well, or its log may not be seen.
        package var said: [UntrustedText]?

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
