// SPDX-License-Identifier: MIT
import Testing

@testable import MachaInventory

@Suite struct InventoryCheckKeysTests {
    @Test func `thresholds come together name by name, the strongest place first`() throws {
        let fleet = try inventory(
            """
            defaults: { thresholds: { disk-warning: 80%, disk-critical: 0.9, disk-full-warning: 14d } }
            groups:
              big: { thresholds: { disk-warning: 70%, disk-ample: 1TiB } }
            hosts:
              nas: { groups: [big], thresholds: { disk-warning: 75%, restart-loop: 5, io-stall-warning: 60% } }
              web: {}
            """)
        let nas = try fleet.host("nas").thresholds
        #expect(nas.diskWarning == 0.75 && nas.diskCritical == 0.9 && nas.diskAmple == 1 << 40)
        #expect(nas.restartLoop == 5 && nas.ioStallWarning == 60 && nas.trend.diskFullWarning == 14 * 86_400)
        #expect(try fleet.host("web").thresholds.diskWarning == 0.8)
        #expect(try fleet.host("web").thresholds.diskAmple == Thresholds().diskAmple)
        let lines = fleet.explanation(of: "nas").filter { $0.key.hasPrefix("thresholds") }
            .map { "\($0.key) = \($0.value): \($0.origin)" }
        #expect(
            lines == [
                "thresholds.disk-ample = 1TiB: fleet.yaml:3:55 (group big)",
                "thresholds.disk-critical = 90%: fleet.yaml:1:61 (defaults)",
                "thresholds.disk-full-warning = 14d: fleet.yaml:1:85 (defaults)",
                "thresholds.disk-warning = 75%: fleet.yaml:5:53 (host)",
                "thresholds.io-stall-warning = 60%: fleet.yaml:5:93 (host)",
                "thresholds.restart-loop = 5: fleet.yaml:5:72 (host)",
            ])
    }

    @Test func `every figure can be set, and is written as it is read`() throws {
        func names(_ value: Any) -> [String] {
            Mirror(reflecting: value).children.flatMap { child in
                child.value is TrendThresholds ? names(child.value) : [kebab(child.label ?? "")]
            }
        }
        func kebab(_ name: String) -> String { name.map { $0.isUppercase ? "-\($0.lowercased())" : "\($0)" }.joined() }
        #expect(Set(names(Thresholds())) == Set(ThresholdKey.all.map(\.name)))
        for key in ThresholdKey.all {
            let text = key.text(key.get(Thresholds()))
            #expect(try key.value(of: text) == key.get(Thresholds()), "\(key.name): \(text)")
            var changed = Thresholds()
            key.set(&changed, key.get(changed) + 1)
            #expect(changed != Thresholds() && key.get(changed) == key.get(Thresholds()) + 1, "\(key.name)")
        }
    }

    @Test func `checks, parents and absence arrive where they belong`() throws {
        let fleet = try inventory(
            """
            defaults: { check-names: [cache.nixos.org], check-addresses: "192.0.2.1:53", depends-on: gate }
            hosts:
              gate: { check-names: none }
              laptop: { intermittent: true, check-addresses: ["[2001:db8::1]:53", example.org], depends-on: [] }
            """)
        #expect(try fleet.host("gate").checkNames == [])
        #expect(try fleet.host("gate").checkAddresses == ["192.0.2.1:53"])
        #expect(try fleet.host("gate").dependsOn == [], "nothing depends on itself")
        #expect(try fleet.host("laptop").checkNames == ["cache.nixos.org"])
        #expect(try fleet.host("laptop").checkAddresses == ["[2001:db8::1]:53", "example.org"])
        #expect(try fleet.host("laptop").isIntermittent && fleet.host("laptop").dependsOn.isEmpty)
        #expect(try !fleet.host("gate").isIntermittent)
    }

    @Test(arguments: [
        ("thresholds: { disk-warning: 85 }", "3:36", "'85' is not a share; write 85% or 0.85; did you mean '85%'?"),
        ("thresholds: { disk-warning: 185% }", "3:36", "is not a share"),
        ("thresholds: { disk-waring: 85% }", "3:22", "did you mean 'disk-warning'?"),
        ("thresholds: { colour: 1 }", "3:22", "known here: disk-warning, disk-critical"),
        ("thresholds: { disk-ample: 5 }", "3:34", "is not a size"), ("thresholds: 5", "3:20", "must be a mapping"),
        ("thresholds: { disk-full-warning: 3 }", "3:41", "is not a valid interval"),
        ("thresholds: { restart-loop: 1.5 }", "3:36", "is not a valid count"), ("thresholds:", "3:8", "has no value"),
        ("thresholds: { unusual-factor: -1 }", "3:38", "is not a factor"),
        ("thresholds: { disk-warning: 96% }", "3:36", "disk-warning 96% and disk-critical 95%"),
        ("thresholds: { memory-critical: 20% }", "3:39", "memory-warning 8% and memory-critical 20%"),
        ("intermittent: \"yes\"", "3:22", "without quotes"),
        ("check-names: https://a.b/", "3:21", "is not a DNS name"),
        ("check-names: [a..b]", "3:22", "is not a DNS name"),
        ("check-addresses: a:b", "3:25", "is not a valid port"), ("check-addresses: fe80::1", "3:25", "in brackets"),
        ("check-addresses: \"[x]:1\"", "3:25", "is not a valid target"),
        ("depends-on: gat", "3:20", "unknown host 'gat'; did you mean 'gate'?"),
    ])
    func `a mistake is reported with its position`(line: String, place: String, message: String) {
        let found = mistakes("hosts:\n  gate: {}\n  a: { \(line) }\n")
        #expect(found.count == 1, "\(found)")
        #expect(found.first?.hasPrefix("fleet.yaml:\(place): ") == true, "\(found)")
        #expect(found.first?.contains(message) == true, "\(found)")
    }
}
