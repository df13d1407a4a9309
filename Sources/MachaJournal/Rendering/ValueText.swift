// SPDX-License-Identifier: MIT

/// Says in a few words what the variables of a group held.
enum ValueText {
    /// ` {203.0.113.7 412× of about 3; 3…97 %}`, at most `limit` bytes; empty when there is nothing to say.
    static func describe(_ group: LineGroup, _ redactor: inout Redactor, limit: Int) -> String {
        var parts: [String] = []
        for values in group.values where values.seen > 1 {
            if let part = describe(values, group, &redactor) { parts.append(part) }
        }
        var text = ""
        for part in parts {
            let grown = text.isEmpty ? part : text + "; " + part
            if grown.utf8.count + 4 > limit { break }
            text = grown
        }
        return text.isEmpty ? "" : " {" + text + "}"
    }

    private static func describe(_ values: ValueStats, _ group: LineGroup, _ redactor: inout Redactor) -> String? {
        switch values.kind {
        case .time, .uuid, .hex, .opaque, .list, .empty: return nil
        case .number where isRange(values), .duration where isRange(values), .size where isRange(values):
            return "\(short(values.least))…\(short(values.most))"
        default:
            let distinct = values.distinct
            guard distinct > 1, let top = values.frequent.max(by: { ($0.count, $1.hash) < ($1.count, $0.hash) }) else {
                return nil
            }
            // A value stands in its context when secrets are looked for: `password=` tells more than what follows it.
            guard group.spans.indices.contains(values.column) else { return nil }
            let start = group.spans[values.column].lowerBound
            guard start <= group.sample.count else { return nil }
            let before = Array(group.sample[max(0, start - 48)..<start])
            guard SecretFinder.ranges(in: before + top.text).allSatisfy({ $0.upperBound <= before.count }) else {
                return nil
            }
            let name = Printable.line(redactor.clean(top.text), limit: 44)
            if Int(top.count) * 3 > values.seen, values.seen > 8 {
                return "\(name) \(top.count)× of \(distinct) values"
            }
            return distinct > 4
                ? "\(distinct) values of \(placeholder(values.kind))"
                : values.frequent.map { Printable.line(redactor.clean($0.text), limit: 24) }.sorted().joined(
                    separator: ", ")
        }
    }

    private static func isRange(_ values: ValueStats) -> Bool { values.least < values.most && values.distinct > 4 }

    private static func placeholder(_ kind: ColumnKind) -> String {
        let mark = kind.placeholder
        return mark.hasPrefix("<") ? mark : "<*>"
    }

    private static func short(_ value: Double) -> String {
        if value.rounded() == value, abs(value) < 1e15 { return String(Int64(value)) }
        let scaled = (value * 100).rounded() / 100
        return abs(scaled) < 1e15 ? "\(scaled)" : "\(value)"
    }
}
