// SPDX-License-Identifier: MIT

/// Shows a group as a template: its example line with placeholders where the variables are.
enum TemplateText {
    static func render(_ group: LineGroup, generalised item: ColumnMerge.Item? = nil) -> String {
        var out: [UInt8] = []
        var at = 0
        var gapStart = 0
        for column in group.spans.indices {
            let span = group.spans[column]
            guard span.lowerBound >= at, span.upperBound <= group.sample.count else { break }
            let isVariable =
                group.isVariable(column) || (item.map { $0.hashes[column] == TokenLine.variable } ?? false)
            out += group.sample[at..<span.lowerBound]
            at = span.upperBound
            if group.kinds[column] == .status, !isVariable, let digit = group.sample[span].first {
                out += [digit] + Array("xx".utf8)  // the class is the word, whatever the first one was
                gapStart = out.count
                continue
            }
            guard isVariable || group.kinds[column] == .shaped else {
                out += group.sample[span]
                gapStart = out.count
                continue
            }
            let kind = item?.kinds[column] ?? group.kinds[column]
            let mark = Array(
                (group.wild & (1 << UInt64(column)) != 0 || !group.kinds[column].isHard && kind == .name
                    ? "<*>" : kind.placeholder).utf8)
            // `<*> <*>` says no more than `<*>`.
            if mark == Array("<*>".utf8), out[gapStart...].allSatisfy({ $0 == 0x20 }),
                out.prefix(gapStart).suffix(3) == mark[...]
            {
                out.removeLast(out.count - gapStart)
            } else {
                out += mark
            }
            gapStart = out.count
        }
        if at <= group.sample.count { out += group.sample[at...] }
        return String(decoding: out, as: UTF8.self)
    }
}
