// SPDX-License-Identifier: MIT
package import MachaFleet

/// What `macha init` says on the way.
package enum SetupPage {
    /// The hosts that ssh knows, with the numbers to choose them by.
    package static func candidates(_ candidates: [HostScan.Candidate]) -> Page {
        var page = Page()
        page.text(Cell("Hosts that ssh knows here; none has been contacted:"))
        let rows = candidates.enumerated().map { number, candidate in
            [
                Cell("\(number + 1)"), Cell(candidate.name, .heading), Cell(Self.place(candidate)),
                Cell(candidate.file, .dim),
            ]
        }
        let columns: [Table.Column] = [
            .init("", .right), .init("host"), .init("address", minimum: 12, yields: 1), .init("known from", yields: 2),
        ]
        page.table(Table(columns, rows: rows), orSay: Cell("none"))
        return page
    }

    private static func place(_ candidate: HostScan.Candidate) -> String {
        (candidate.user.map { $0 + "@" } ?? "") + candidate.address
            + (candidate.port == 22 ? "" : " port \(candidate.port)")
    }

    package static func written(_ path: String, hosts: Int) -> Page {
        var page = Page()
        page.text(Cell("written", .ok), Cell("\(path), with \(hosts) host\(hosts == 1 ? "" : "s")"))
        page.gap()
        return page
    }

    /// What to do next. `failed` could not be logged in to.
    package static func next(_ failed: [String], path: String, isUsual: Bool) -> Page {
        let macha = isUsual ? "macha" : "macha --inventory '\(path.replacing("'", with: #"'\''"#))'"
        var page = Page()
        page.gap()
        if !failed.isEmpty {
            page.text(Cell("Not logged in to \(failed.joined(separator: ", ")). After the remedies above:"))
            RemedyLines.add(["\(macha) hosts test \(failed.joined(separator: " "))"], to: &page, indent: 4)
        }
        page.text(Cell("Next:"))
        RemedyLines.add(
            ["\(macha) check", "\(macha) doctor", "\(macha) hosts sudoers HOST", "macha help serve"], to: &page,
            indent: 4)
        return page
    }
}
