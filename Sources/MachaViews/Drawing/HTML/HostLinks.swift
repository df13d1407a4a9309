// SPDX-License-Identifier: MIT
import Macha

/// Which hosts have a part of their own on a page, and how one gets there and back.
struct HostLinks {
    private let places: [String: Int]

    /// A page without such parts.
    static let none = HostLinks([])

    /// `hosts` in the order of their parts.
    init(_ hosts: [HostReport]) {
        places = Dictionary(hosts.enumerated().map { ($1.host, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The host's name, leading to its part where it has one.
    func name(_ host: String) -> HTML {
        places[host].map { "<a href=#h\($0)>\(Cell(host))</a>" } ?? "\(Cell(host))"
    }

    /// Back from a part to the list of hosts.
    static let back: HTML = "<a class=v href=#hosts>↑ all</a>"
}
