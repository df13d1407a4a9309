// SPDX-License-Identifier: MIT

/// What one host heard for the first time, for a look across hosts.
package struct HostNovelty: Sendable {
    package struct Item: Sendable {
        package var template: String
        package var text: String
        package var first: Int64

        package init(template: String, text: String, first: Int64) {
            self.template = template
            self.text = text
            self.first = first
        }
    }

    package let host: String
    package let items: [Item]

    package init(host: String, items: [Item]) {
        self.host = host
        self.items = items
    }

    /// The statements of an engine that its memory does not know; without a memory, those that came up rarely.
    package init(host: String, _ engine: DigestEngine, _ templates: Templates) {
        let hasMemory = engine.miner.standing.contains { engine.miner.counters[$0].isKnown }
        var items: [Item] = []
        var redactor = Redactor()
        for template in templates.all {
            let heard = template.groups.filter { engine.miner.counters[$0].count > 0 }
            guard !heard.isEmpty else { continue }
            let isNew =
                hasMemory
                ? !template.groups.contains { engine.miner.counters[$0].isKnown }
                : heard.reduce(0) { $0 + engine.miner.counters[$1].count } <= 20
            guard isNew, let first = heard.map({ engine.miner.counters[$0].firstTime }).min() else { continue }
            let text = Printable.line(redactor.clean(Array(template.text.utf8)), limit: 200)
            items.append(Item(template: template.id, text: text, first: first))
        }
        self.init(host: host, items: items)
    }
}

/// A statement that began on several hosts at about the same time.
package struct FleetPattern: Hashable, Sendable {
    package let template: String
    package let text: String
    /// In the order in which it began there.
    package let hosts: [String]
    package let first: Int64
    /// From the first host to the last, in microseconds.
    package let spread: Int64

    package var sentence: String {
        "\(template): began on \(hosts.count) hosts within \(max(1, spread / 1_000_000)) s from \(Stamp.clock(first)): \(hosts.joined(separator: ", ")) — \(text)"
    }

    /// Statements new on at least `least` hosts within `window` microseconds of one another; the widest first.
    package static func find(_ hosts: [HostNovelty], least: Int = 2, window: Int64 = 120_000_000) -> [FleetPattern] {
        var heard: [String: [(first: Int64, host: String, text: String)]] = [:]
        for host in hosts {
            for item in host.items { heard[item.template, default: []].append((item.first, host.host, item.text)) }
        }
        var found: [FleetPattern] = []
        for (template, all) in heard where all.count >= least {
            let order = all.sorted { ($0.first, $0.host) < ($1.first, $1.host) }
            var best = 0..<0
            var left = 0
            for right in order.indices {
                while order[right].first - order[left].first > window { left += 1 }
                if right + 1 - left > best.count { best = left..<(right + 1) }
            }
            guard best.count >= least, let head = order[best].first, let tail = order[best].last else { continue }
            found.append(
                FleetPattern(
                    template: template, text: head.text, hosts: order[best].map(\.host), first: head.first,
                    spread: tail.first - head.first))
        }
        return found.sorted { ($1.hosts.count, $0.first, $0.template) < ($0.hosts.count, $1.first, $1.template) }
    }
}
