// SPDX-License-Identifier: MIT
import MachaActions
import Testing

@Suite struct SudoListingTests {
    private static let command = "/usr/bin/systemctl restart -- nginx.service"

    private func listing(_ rules: String, defaults: String = "env_reset") -> SudoListing {
        SudoListing(
            "Matching Defaults entries for macha on nas:\n    \(defaults)\n\n"
                + "User macha may run the following commands on nas:\n\(rules)\n")
    }

    @Test(
        arguments: [
            ("    (root) NOPASSWD: /usr/bin/systemctl restart -- nginx.service", false),
            ("    (root) /usr/bin/systemctl restart -- nginx.service", true),
            ("    (ALL : ALL) ALL", true), ("    (ALL) NOPASSWD: ALL", false),
            // The last rule that fits decides.
            ("    (ALL : ALL) ALL\n    (root) NOPASSWD: /usr/bin/systemctl restart -- nginx.service", false),
            ("    (root) NOPASSWD: /usr/bin/systemctl restart -- nginx.service\n    (ALL : ALL) ALL", true),
            ("    (ALL : ALL) ALL\n    (root) NOPASSWD: /usr/bin/systemctl restart -- wiki.service", true),
            // A tag holds for what follows it.
            ("    (root) NOPASSWD: /usr/bin/true, PASSWD: /usr/bin/systemctl", true),
            ("    (root) SETENV: NOPASSWD: /usr/bin/true, /usr/bin/systemctl restart -- nginx.service", false),
            // A long rule is broken where a terminal would end.
            ("    (root) NOPASSWD: /usr/bin/systemctl restart --\n        nginx.service", false),
            // Not for root, or for something else.
            ("    (postgres) NOPASSWD: ALL", nil), ("    (root) NOPASSWD: /usr/bin/true", nil),
            // What a pattern fits is for sudo to say.
            ("    (ALL) ALL\n    (root) NOPASSWD: /usr/bin/systemctl *", nil),
            ("    (root) NOPASSWD: ^/usr/bin/systemctl$ ^restart .*$", nil), ("", nil),
        ] as [(String, Bool?)])
    func `the rule that fits last says whether a password is wanted`(rules: String, expected: Bool?) {
        #expect(listing(rules).wantsPassword(for: Self.command) == expected)
    }

    @Test func `no password is wanted where authentication is off`() {
        let listing = listing("    (ALL) ALL", defaults: "env_reset, !authenticate")
        #expect(listing.wantsPassword(for: Self.command) == false)
    }
}
