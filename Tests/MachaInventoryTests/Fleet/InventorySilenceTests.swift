// SPDX-License-Identifier: MIT
import Testing

@testable import MachaInventory

@Suite struct InventorySilenceTests {
    @Test func `silences and hours of maintenance are read, those of groups and defaults together`() throws {
        let fleet = try inventory(
            """
            defaults: { maintenance: "04:00-04:30" }
            groups:
              backup: { maintenance: [sun 02:00-05:00, "mon-wed,fri 22:00-01:00"] }
            hosts:
              nas: { groups: [backup], maintenance: "sat 10:00-24:00" }
              web: {}
            silences:
              - { hosts: "@backup", kind: disk-hot, subject: "sd*", reason: warm in summer }
              - { hosts: "all,!web", reason: known }
            """)
        #expect(
            try fleet.host("nas").maintenance.map(\.text) == [
                "04:00-04:30", "sun 02:00-05:00", "mon,tue,wed,fri 22:00-01:00", "sat 10:00-00:00",
            ])
        #expect(try fleet.host("web").maintenance.map(\.text) == ["04:00-04:30"])
        #expect(fleet.silences.map(\.reason) == ["warm in summer", "known"])
        #expect(fleet.silences.map { "\($0.selector)" } == ["@backup", "all,!web"])
        #expect(fleet.silences[0].subject?.matches("sda") == true)
        #expect(fleet.silences[0].kindPosition?.line == 8)
    }

    @Test(arguments: [
        ("hosts: { nas: { maintenance: sunday } }", "1:30", "hours of maintenance"),
        ("hosts: { nas: { maintenance: \"sund 02:00-03:00\" } }", "1:30", "did you mean 'sun'"),
        ("hosts: { nas: { maintenance: \"02:00-02:00\" } }", "1:30", "hours of maintenance"),
        ("hosts: { nas: {} }\nsilences: { hosts: nas }", "2:11", "must be a list"),
        ("hosts: { nas: {} }\nsilences: [nas]", "2:12", "must be a mapping"),
        ("hosts: { nas: {} }\nsilences: [{ hosts: nas }]", "2:12", "needs 'reason'"),
        ("hosts: { nas: {} }\nsilences: [{ reason: x }]", "2:12", "needs 'hosts'"),
        ("hosts: { nas: {} }\nsilences: [{ host: nas, reason: x }]", "2:14", "did you mean 'hosts'"),
        ("hosts: { nas: {} }\nsilences: [{ hosts: nsa, reason: x }]", "2:21", "did you mean 'nas'"),
        ("hosts: { nas: {} }\nsilences: [{ hosts: nas, subject: \"[a\", reason: x }]", "2:12", "no pattern"),
        ("hosts: { nas: {} }\nsilences: [{ hosts: nas, reason: \"a\\x1b[2Jb\" }]", "2:12", "control characters"),
    ])
    func `a mistake in them is told with its place`(text: String, place: String, words: String) throws {
        let error = #expect(throws: InventoryError.self) { try inventory(text) }
        let line = try #require(error?.mistakes.first?.description)
        #expect(line.hasPrefix("fleet.yaml:\(place):"), "\(line)")
        #expect(line.contains(words), "\(line)")
    }
}
