// SPDX-License-Identifier: MIT
package import Macha
package import MachaFleet
package import MachaInventory
import MachaModel

/// The inventory and its connections.
package enum HostsPage {
    /// The inventory as a table.
    package static func list(_ hosts: [FleetHost]) -> Page {
        var table = Table([
            .init("host"), .init("address", minimum: 12, yields: 1), .init("user"), .init("autonomy"),
            .init("groups", minimum: 6, yields: 2), .init("tags", minimum: 4, yields: 2),
        ])
        for host in hosts {
            let (address, user) = place(host.connection)
            table.append([
                Cell(host.name), Cell(address), Cell(user), Cell(host.autonomy.rawValue),
                Cell(host.groups.joined(separator: ", ")), Cell(host.tags.joined(separator: ", ")),
            ])
        }
        var page = Page()
        page.table(table, orSay: "no hosts")
        return page
    }

    /// Each value with the place it comes from.
    package static func explained(_ hosts: [ExplainedHost]) -> Page {
        var page = Page()
        for host in hosts {
            page.text(Cell(host.host, .heading))
            let rows = host.values.map { [Cell($0.key), Cell($0.value), Cell($0.origin, .dim)] }
            page.table(
                Table([.init("key"), .init("value", yields: 1), .init("from", yields: 2)], rows: rows), orSay: "nothing"
            )
            page.gap()
        }
        return page
    }

    private static func place(_ connection: Connection) -> (address: String, user: String) {
        switch connection {
        case .local: return ("this machine", "")
        case .ssh(let endpoint):
            let address = endpoint.address.contains(":") ? "[\(endpoint.address)]" : endpoint.address
            let port = endpoint.port == 22 ? "" : ":\(endpoint.port)"
            return (address + port + (endpoint.jump.map { " through \($0)" } ?? ""), endpoint.user)
        }
    }

    /// How each connection went, and what helps where it failed; with `verbose`, the connection's details.
    package static func tests(_ tests: [HostTest], verbose: Bool) -> Page {
        var page = Page()
        for test in tests {
            guard let failure = test.failure else {
                page.text(Cell(test.host, .heading), Cell("ok", .ok), Cell(facts(test), .dim))
                if let rights = test.rights { add(rights, test.host, to: &page) }
                for note in test.notes { page.text(Cell("note: \(note)", .dim), indent: 2) }
                if let said = shellSays(test) { page.text(Cell(said, .dim), indent: 2) }
                if verbose { page.facts(details(test)) }
                continue
            }
            page.text(Cell(test.host, .heading), Cell("failed at \(failure.stage)", .critical))
            page.text(Cell(failure.message), indent: 2)
            RemedyLines.add(failure.advice, failure.commands, to: &page, indent: 2)
        }
        if verbose {
            page.gap()
            page.text(Cell("offered by Macha", .heading), Cell("(libssh2 \(SSHLibrary.version))", .dim))
            page.facts(SSHLibrary.offered.map { .init("  \($0.kind)", Cell($0.names.joined(separator: " "))) })
        }
        return page
    }

    /// What the account may do, and what to give it.
    private static func add(_ rights: HostRights, _ host: String, to page: inout Page) {
        switch rights.journal {
        case true?: page.text(Cell("journal: readable", .dim), indent: 2)
        case false?:
            page.text(Cell("journal: not readable", .warning), indent: 2)
            page.text(Cell("→ add the account to the group systemd-journal"), indent: 2)
        case nil: page.text(Cell("journal: could not check whether it is readable", .unknown), indent: 2)
        }
        guard rights.sudoWanted > 0 else { return }
        guard rights.isSudoKnown else {
            return page.text(Cell("sudo: could not check the account's rights", .unknown), indent: 2)
        }
        let refused = rights.sudoRefused
        guard !refused.isEmpty else {
            return page.text(Cell("sudo: all \(rights.sudoWanted) commands that repairs need", .dim), indent: 2)
        }
        page.text(
            Cell("sudo: \(refused.count) of \(rights.sudoWanted) commands that repairs need are refused", .warning),
            indent: 2)
        page.lines(refused.prefix(3).map { Cell("    \($0)", .dim, limit: 300) })
        if refused.count > 3 { page.text(Cell("… and \(refused.count - 3) more", .dim), indent: 4) }
        page.text(Cell("→ the rules it needs: macha hosts sudoers \(host)"), indent: 2)
    }

    private static func facts(_ test: HostTest) -> String {
        let total = test.latency.filter { $0.key != "exec" }.values.reduce(0, +)
        return test.server.isEmpty
            ? "this machine" : "\(test.server), logged in with \(test.identity) in \(HumanFormat.decimal(total)) ms"
    }

    private static func shellSays(_ test: HostTest) -> String? {
        let lines = test.shellOutput.raw.split(whereSeparator: \.isNewline)
        return lines.first { !$0.allSatisfy(\.isWhitespace) }.map {
            "the login shell prints before each command: \(String($0).printable(limit: 120))"
        }
    }

    private static func details(_ test: HostTest) -> [Page.Fact] {
        guard !test.server.isEmpty else { return [] }
        let stages = ["resolve", "connect", "handshake", "authentication", "exec"]
        let latency = stages.compactMap { stage in test.latency[stage].map { "\(stage) \(HumanFormat.decimal($0)) ms" }
        }
        return [
            .init("  address", Cell(test.address)), .init("  host key", Cell(test.hostKey)),
            .init(
                "  algorithms",
                Cell(test.algorithms.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))
            ),
            .init("  latency", Cell(latency.joined(separator: ", "))),
            .init("  library", Cell("libssh2 \(test.library)")),
        ]
    }
}
