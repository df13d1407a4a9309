// SPDX-License-Identifier: MIT
import Testing

@Suite struct InventoryMistakeTests {
    @Test func `twelve different mistakes in one inventory give twelve positions`() {
        let text = """
            defaults:
              autonomy: auto_safe
              check-interval: 5 minutes
            groups:
              media: { max-unavailable: some }
              media: {}
            hosts:
              nas:
                adress: 192.168.1.10
                port: 70000
                groups: [medai]
              -web: { sudo: maybe }
              radio: { jump: nass, quiet-hours: "25:00-06:00" }
              self: { connection: local, address: localhost }
            """
        #expect(
            mistakes(text) == [
                "fleet.yaml:2:13: 'autonomy' of defaults: 'auto_safe' is not one of observe, suggest, auto-safe, "
                    + "auto-full; did you mean 'auto-safe'?",
                "fleet.yaml:3:19: 'check-interval' of defaults: '5 minutes' is not a valid interval; use a number "
                    + "and a unit: 90s, 5m, 1h or 2d",
                "fleet.yaml:5:29: 'max-unavailable' of group 'media': 'some' is not a valid count; use a whole number from 1",
                "fleet.yaml:6:3: key 'media' is given twice; the first is on line 5",
                "fleet.yaml:9:5: unknown key 'adress' in host 'nas'; did you mean 'address'?",
                "fleet.yaml:10:11: 'port' of host 'nas': '70000' is not a valid port; use a number from 1 to 65535",
                "fleet.yaml:11:14: unknown group 'medai' in host 'nas'; did you mean 'media'?",
                "fleet.yaml:12:3: host name: '-web' is not a valid name; use letters, digits, '.', '_' and '-', "
                    + "not starting with '-'",
                "fleet.yaml:12:17: 'sudo' of host '-web': 'maybe' is neither true nor false",
                "fleet.yaml:13:18: unknown jump host 'nass'; did you mean 'nas'?",
                "fleet.yaml:13:37: 'quiet-hours' of host 'radio': '25:00-06:00' is not a valid range of hours; write it as "
                    + "\"22:00-06:30\"",
                "fleet.yaml:14:30: host 'self' is local, so 'address' has no effect; remove it, or 'connection: local'",
            ])
    }

    @Test(arguments: [
        ("port: 0", "5:11", "'0' is not a valid port"), ("port: 65536", "5:11", "'65536' is not a valid port"),
        ("port: ssh", "5:11", "'ssh' is not a valid port"), ("port: -1", "5:11", "'-1' is not a valid port"),
        ("port: 0x16", "5:11", "'0x16' is not a valid port"),
        ("port: [22]", "5:11", "must be a single value, not a list"),
        ("port:", "5:5", "'port' of host 'nas' has no value"),
        ("user: { name: x }", "5:11", "must be a single value, not a mapping"),
        ("user: -oProxyCommand=x", "5:11", "begins with '-'"), ("user: \"a\\nb\"", "5:11", "line break"),
        ("user: \"a\\u202eb\"", "5:11", "control character"), ("user: \"\"", "5:11", "the user is empty"),
        ("address: -1", "5:14", "begins with '-'"), ("address: \"a\\u0000\"", "5:14", "control character"),
        ("address: me@nas", "5:14", "use the key 'user'"), ("address: nas:2222", "5:14", "use the key 'port'"),
        ("address: \"[::1]\"", "5:14", "brackets"), ("address: a b", "5:14", "neither a host name nor"),
        ("sudo: \"yes\"", "5:11", "without quotes"), ("sudo: ture", "5:11", "did you mean 'true'?"),
        ("sudo: 1", "5:11", "'1' is neither true nor false"),
        ("autonomy: Observe", "5:15", "did you mean 'observe'?"),
        ("check-interval: 300", "5:21", "use a number and a unit"), ("check-interval: 0s", "5:21", "between 1s and"),
        ("check-interval: 9999d", "5:21", "between"),
        ("check-interval: 99999999999999999999s", "5:21", "not a valid interval"),
        ("check-interval: 999999999999999999d", "5:21", "not a valid interval"),
        ("check-interval: m", "5:21", "not a valid interval"),
        ("check-interval: -5m", "5:21", "not a valid interval"),
        ("quiet-hours: 22:00", "5:18", "not a valid range of hours"),
        ("quiet-hours: 22:60-23:00", "5:18", "not a valid range of hours"),
        ("quiet-hours: 24:00-06:00", "5:18", "not a valid range of hours"),
        ("quiet-hours: 6:00-6:00", "5:18", "begin and end"),
        ("identity-file: keys/id", "5:20", "must begin with"), ("identity-file: ~root/id", "5:20", "must begin with"),
        ("known-hosts: [~/a, { b: c }]", "5:24", "must be a single value"),
        ("tags: [ok, \"no, good\"]", "5:16", "is not a valid name"), ("groups: [media, media]", "5:21", "twice"),
        ("groups: [nothing]", "5:14", "write \"nothing: {}\" under 'groups:'"),
        ("vars: [a]", "5:11", "must be a mapping, not a list"), ("vars: { a: }", "5:13", "has no value"),
        ("vars: { a: [b] }", "5:16", "must be a single value"),
        ("vars: { a: \"\\e[2J\" }", "5:16", "control characters"),
        ("connection: telnet", "5:17", "not one of local, ssh"),
        ("flake-attr: .#nas", "5:17", "leave out everything up to '#'"),
        ("protected-units: [/etc/x]", "5:23", "is a path"), ("protected-units: [a, -b]", "5:26", "begins with '-'"),
        ("max-unavailable: 1", "5:5", "belongs to a group, not to host 'nas'"),
        ("usr: x", "5:5", "did you mean 'user'?"), ("check_interval: 5m", "5:5", "did you mean 'check-interval'?"),
        ("favourite-colour: x", "5:5", "known here: address, connection"), ("jump: nas", "5:11", "nas → nas"),
        ("jump: self", "5:11", "'self' is the controller itself"),
        ("port: 22\n    port: 23", "6:5", "key 'port' is given twice; the first is on line 5"),
        ("[a]: b", "5:5", "a key must be plain text"), ("\"<<\": { port: 1 }", "5:5", "unknown key '<<'"),
        ("<<: x", "5:9", "'<<' merges a mapping"),
    ])
    func `a mistake is reported with its position`(line: String, place: String, message: String) {
        let found = mistakes("groups: { media: {} }\nhosts:\n  self: { connection: local }\n  nas:\n    \(line)\n")
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("fleet.yaml:\(place): ") == true, "\(found)")
        #expect(found.first?.contains(message) == true, "\(found)")
    }

    @Test func `a jump host of a local host has no effect`() {
        let found = mistakes("hosts:\n  gate: {}\n  nas:\n    connection: local\n    jump: gate\n")
        #expect(found.count == 1)
        #expect(
            found.first?.hasPrefix("fleet.yaml:5:5: ") == true && found.first?.contains("'jump' has no effect") == true)
    }

    @Test(arguments: [
        ("", "1:1", "the file is empty"), ("# nothing yet\n", "1:1", "the file is empty"), ("---\n", "1:1", "is empty"),
        ("defaults: { port: 22 }", "1:1", "the inventory has no hosts"), ("hosts:", "1:1", "has no hosts"),
        ("hosts: [nas]", "1:8", "hosts must be a mapping of keys to values, not a list"),
        ("nas", "1:1", "an inventory must be a mapping"), ("host: { nas: {} }", "1:1", "did you mean 'hosts'?"),
        ("hosts: { nas: web }", "1:15", "host 'nas' must be a mapping of keys to values, not a single value"),
        ("hosts: { all: {} }", "1:10", "the name 'all' is reserved"),
        ("hosts: { \"\": {} }", "1:10", "is not a valid name"),
        ("hosts: { \"a b\": {} }", "1:10", "is not a valid name"),
        ("hosts: { 'naß': {} }", "1:10", "is not a valid name"),
        ("hosts: { a: {} }\n---\nhosts: { b: {} }", "3:1", "a second YAML document"),
        ("hosts:\n\tnas: {}", "2:1", "indents with spaces"), ("hosts: { nas: {}", "2:1", "not valid YAML"),
        ("hosts: { nas: *web }", "1:15", "undefined alias"), ("hosts: { nas: \"\u{1}\" }", "1:16", "not valid YAML"),
        ("defaults: { address: x }\nhosts: { a: }", "1:13", "belongs to a host, not to defaults"),
        (
            "defaults: { jump: no-one }\nhosts: { a: , b: }", "1:19",
            "unknown jump host 'no-one'; it is neither a host of"
        ),
        ("hosts: { a: { jump: \"x@b,c\" } }", "1:21", "jump takes one host"),
        ("hosts: { a: { jump: -oProxyCommand=x.y } }", "1:21", "begins with '-'"),
        ("hosts: { a: { jump: c }, b: { jump: a }, c: { jump: b } }", "1:21", "jump hosts form a loop: a → c → b → a"),
        ("hosts: { z: { jump: a }, a: { jump: b }, b: { jump: a } }", "1:37", "loop: a → b → a"),
        ("groups: { g: { autonomy: full } }\nhosts: { a: { groups: g } }", "1:26", "one of observe"),
    ])
    func `a file that is wrong as a whole says so`(text: String, place: String, message: String) {
        let found = mistakes(text + "\n")
        #expect(found.count == 1, "\(found)")
        #expect(found.first?.hasPrefix("fleet.yaml:\(place): ") == true, "\(found)")
        #expect(found.first?.contains(message) == true, "\(found)")
    }

    @Test func `a syntax error in one file hides no mistake in another, and makes no group or host unknown`() {
        let found = mistakes([
            ("a.yaml", "groups: { media: {}\nhosts: {"),
            ("b.yaml", "hosts: { nas: { groups: [media], jump: gate, port: x } }"),
        ])
        #expect(found.count == 2)
        #expect(found.first?.hasPrefix("a.yaml:2:") == true)
        #expect(found.last?.hasPrefix("b.yaml:1:52: 'port' of host 'nas'") == true)
    }

    @Test func `names given twice over files are found, with the place of the first`() {
        let found = mistakes([
            ("a.yaml", "defaults: { port: 1 }\ngroups: { g: {} }\nhosts: { nas: {} }"),
            ("b.yaml", "defaults: { port: 2 }\ngroups: { g: {} }\nhosts: { nas: {} }"),
        ])
        #expect(
            found == [
                "b.yaml:1:13: key 'port' is given twice; the first is at a.yaml:1:13",
                "b.yaml:2:11: group 'g' is given twice; the first is at a.yaml:2:11",
                "b.yaml:3:10: host 'nas' is given twice; the first is at a.yaml:3:10",
            ])
    }

    @Test func `duplicate keys hide nothing: each is reported, and so is the rest of the file`() {
        let found = mistakes(
            """
            hosts:
              nas: { port: 1, port: 2, "port": 3 }
              'web': {}
              web: { user: a, 'user': b, sudo: x }
              nas: {}
            """)
        #expect(
            found == [
                "fleet.yaml:2:19: key 'port' is given twice; the first is on line 2",
                "fleet.yaml:2:28: key 'port' is given twice; the first is on line 2",
                "fleet.yaml:4:3: key 'web' is given twice; the first is on line 3",
                "fleet.yaml:4:19: key 'user' is given twice; the first is on line 4",
                "fleet.yaml:4:36: 'sudo' of host 'web': 'x' is neither true nor false",
                "fleet.yaml:5:3: key 'nas' is given twice; the first is on line 2",
            ])
    }

    @Test func `a mistake behind an alias is reported once`() {
        let found = mistakes("hosts:\n  a: &a { port: x }\n  b: *a\n  c: { <<: *a }\n")
        #expect(found.map { $0.prefix(17) } == ["fleet.yaml:2:17: ", "fleet.yaml:2:17: ", "fleet.yaml:2:17: "])
        #expect(Set(found).count == 3)
    }

    @Test func `aliases that grow exponentially are refused`() {
        var text = "x0: &x0 [a, a, a, a, a, a, a, a, a, a]\n"
        for level in 1...9 {
            let items = Array(repeating: "*x\(level - 1)", count: 10).joined(separator: ", ")
            text += "x\(level): &x\(level) [\(items)]\n"
        }
        #expect(mistakes(text).contains { $0.contains("aliases expand to more than") })
    }

    @Test func `text from an inventory file cannot control the terminal`() {
        let found = mistakes("hosts: { nas: { \"\\e[31m\\u202e\\nport\": 22 } }")
        #expect(found.count == 1)
        #expect(
            found.allSatisfy { line in
                line.unicodeScalars.allSatisfy { ![.control, .format].contains($0.properties.generalCategory) }
            })
    }
}
