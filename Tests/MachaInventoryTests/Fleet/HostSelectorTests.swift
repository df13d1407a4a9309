// SPDX-License-Identifier: MIT
import MachaInventory
import Testing

@Suite struct HostSelectorTests {
    static let fleet: [FleetHost] = [
        host("nas", ["storage"], ["zfs"]), host("web-1", ["web"], ["public"]), host("web-2", ["web"], ["public"]),
        host("jellyfin", ["storage", "media"], []), host("web-10", ["web", "lab"], []), host("vps", [], ["public"]),
    ]

    private static func host(_ name: String, _ groups: [String], _ tags: [String]) -> FleetHost {
        FleetHost(name: name, connection: .local, groups: groups, tags: tags)
    }

    private func names(_ selector: String) throws -> [String] {
        try HostSelector(selector).select(from: Self.fleet).map(\.name)
    }

    @Test(arguments: [
        ("all", "nas web-1 web-2 jellyfin web-10 vps"), ("nas", "nas"), ("vps,nas,vps", "nas vps"),
        ("web-*", "web-1 web-2 web-10"), ("web-?", "web-1 web-2"), ("web-[2-9]", "web-2"),
        ("web-[!2]*", "web-1 web-10"),
        ("@media", "jellyfin"), ("@storage,@media", "nas jellyfin"), ("@*e*", "nas web-1 web-2 jellyfin web-10"),
        ("tag:public", "web-1 web-2 vps"), ("tag:[yz]*", "nas"), ("web-*,@media,!web-1", "web-2 jellyfin web-10"),
        ("!nas", "web-1 web-2 jellyfin web-10 vps"), ("!@web,!tag:public", "nas jellyfin"),
        ("!web-1,@web", "web-2 web-10"),
        ("all,!web-*", "nas jellyfin vps"), ("all,!nothing-*", "nas web-1 web-2 jellyfin web-10 vps"),
        (" nas , ! @lab ", "nas"), ("!all,!nas,vps", ""),
    ])
    func `a selector chooses hosts in the order of the inventory, each once`(selector: String, expected: String) throws
    {
        guard !expected.isEmpty else {
            let error = #expect(throws: SelectorError.self) { try names(selector) }
            #expect(error?.description.contains("selects no host") == true)
            return
        }
        #expect(try names(selector) == expected.split(separator: " ").map(String.init))
    }

    @Test(arguments: [
        ("nsa", "unknown host 'nsa'; did you mean 'nas'?"), ("!nsa", "unknown host 'nsa'; did you mean 'nas'?"),
        ("media", "unknown host 'media'; did you mean '@media'?"),
        ("zfs", "unknown host 'zfs'; did you mean 'tag:zfs'?"),
        ("@medai", "no host is in group 'medai'; did you mean '@media'?"),
        ("!tag:publik", "no host has the tag 'publik'; did you mean 'tag:public'?"),
        ("something-else", "unknown host 'something-else'"), ("mail-*", "no host matches 'mail-*'"),
        ("@x*", "no host matches '@x*'"), ("tag:?", "no host matches 'tag:?'"),
        ("nas,!nas", "selector 'nas,!nas' selects no host"),
        ("", "a selector's part is empty; write a host, a pattern, '@group', 'tag:x' or 'all'"),
        ("nas,,vps", "a selector's part is empty; write a host, a pattern, '@group', 'tag:x' or 'all'"),
        ("!", "a selector's part has nothing after '!'; write a host, a pattern, '@group', 'tag:x' or 'all'"),
        ("@", "selector part '@' has no name"), ("tag:", "selector part 'tag:' has no name"),
        ("web-[1", "selector part 'web-[1' is not a valid pattern; write a set as [a-z]"),
        ("nas vps", "selector part 'nas vps' contains a space; separate hosts with commas"),
        ("na\u{1b}[2J*", "selector part 'na·[2J*' is not a valid pattern; write a set as [a-z]"),
        (
            "nsa,web-*,@medai",
            "unknown host 'nsa'; did you mean 'nas'?\nno host is in group 'medai'; did you mean '@media'?"
        ),
    ])
    func `an unknown selector term is an error with the nearest name`(selector: String, message: String) {
        let error = #expect(throws: SelectorError.self) { try names(selector) }
        #expect(error?.description == message)
    }

    @Test func `a selector prints as what reads back the same`() throws {
        let selector = try HostSelector(" web-* ,! @media,tag:x")
        #expect(selector.description == "web-*,!@media,tag:x")
        #expect(try HostSelector(selector.description) == selector)
        #expect(try HostSelector("all") == .all)
    }

    @Test func `an empty fleet has nothing to select`() {
        #expect(throws: SelectorError.self) { try HostSelector.all.select(from: []) }
    }
}
