// SPDX-License-Identifier: MIT
import MachaActions
import MachaModel
import MachaTestSupport
import Testing

@Suite struct UnitNameTests {
    @Test(arguments: [
        ("nginx.service", "nginx.service"), ("nginx", "nginx.service"), ("-.mount", "-.mount"),
        ("getty@tty1.service", "getty@tty1.service"), ("my.job", "my.job.service"),
        ("dev-disk-by\\x2duuid-1.swap", "dev-disk-by\\x2duuid-1.swap"), ("a:b_c-d.e.timer", "a:b_c-d.e.timer"),
    ])
    func `systemd's own names are read whole`(text: String, expected: String) throws {
        #expect(try UnitName(text).description == expected)
    }

    @Test(arguments: [
        "", ".service", "@.service", "demo@.service", "*", "demo*.service", "demo?.service", "[ab].service", "a b",
        "/etc/passwd", "a/b.mount", "a;b", "a\nb", "a\\b.service", "a\\x2.service", "é.service",
        String(repeating: "a", count: 249) + ".service",
    ])
    func `a name that is no single unit is refused`(text: String) {
        #expect(throws: ValueValidationError.self) { try UnitName(text) }
    }

    @Test(arguments: HostileTexts.all)
    func `a hostile text is refused or stays one argument after the double dash`(text: String) throws {
        guard let action = try? Action(.restartUnit, ["unit": .text(text)]) else { return }
        let plan = try action.plan()
        let unit = try #require(action.unit)
        #expect(unit.description == text || unit.description == text + ".service")
        #expect(plan.act.map(\.command.words) == [["systemctl", "restart", "--", unit.description]])
    }

    @Test func `there are at least sixty hostile texts, no two the same`() {
        #expect(HostileTexts.all.count >= 60)
        #expect(Set(HostileTexts.all.map { Array($0.unicodeScalars) }).count == HostileTexts.all.count)
    }
}
