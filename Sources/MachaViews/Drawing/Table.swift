// SPDX-License-Identifier: MIT

/// Rows of cells under headings, fitted to the terminal's width.
package struct Table: Hashable, Sendable {
    /// A heading, and how its column gives way where there is no room.
    package struct Column: Hashable, Sendable {
        /// Where the cells of a column stand.
        package enum Alignment: Sendable { case left, right }

        var title: Cell
        var alignment: Alignment
        /// Columns it keeps while others can still give way.
        var minimum: Int
        /// Who gives way first when the table is too wide: the highest; 0 for short facts that should stay whole.
        var yields: Int
        /// What does not fit is cut off with an ellipsis instead of wrapped: for what is said in full elsewhere.
        var isCut: Bool
        /// Who is left out where the table does not fit otherwise: the highest first; 0 for what must be seen.
        var leaves: Int

        /// The title is shown in capitals.
        package init(
            _ title: String, _ alignment: Alignment = .left, minimum: Int = 8, yields: Int = 0, isCut: Bool = false,
            leaves: Int = 0
        ) {
            self.title = Cell(title.uppercased(), .heading)
            self.alignment = alignment
            self.minimum = minimum
            self.yields = yields
            self.isCut = isCut
            self.leaves = leaves
        }
    }

    let columns: [Column]
    private(set) var rows: [[Cell]]

    /// Every row has one cell a column.
    package init(_ columns: [Column], rows: [[Cell]] = []) {
        self.columns = columns
        self.rows = []
        for row in rows { append(row) }
    }

    mutating func append(_ row: [Cell]) {
        precondition(row.count == columns.count, "a row has \(row.count) cells for \(columns.count) columns")
        rows.append(row)
    }

    /// The table as lines without trailing spaces, at most `width` columns wide if that is possible at all. `oneLine`
    /// cuts every cell that would wrap.
    func lines(width: Int?, color: Bool, oneLine: Bool = false) -> [String] {
        let table = fitted(to: width)
        let widths = table.widths(within: width)
        return ([table.columns.map(\.title)] + table.rows).flatMap { row in
            let cells = row.indices.map { index in
                oneLine || table.columns[index].isCut ? row[index].cut(to: widths[index]) : row[index]
            }
            return table.lines(of: cells, widths: widths, color: color)
        }
    }

    /// Without the columns that there is no room for.
    private func fitted(to limit: Int?) -> Table {
        guard let limit else { return self }
        var kept = Array(columns.indices)
        func needed() -> Int {
            let widths = kept.map { index in
                let whole = max(columns[index].title.width, rows.map { $0[index].width }.max() ?? 0)
                let least = max(columns[index].minimum, columns[index].title.width)
                return columns[index].yields > 0 ? min(whole, least) : whole
            }
            return widths.reduce(0, +) + Self.gap.count * (kept.count - 1)
        }
        while needed() > limit {
            let leaving = kept.filter { columns[$0].leaves > 0 }.max { columns[$0].leaves < columns[$1].leaves }
            guard let leaving else { break }
            kept.removeAll { $0 == leaving }
        }
        return Table(kept.map { columns[$0] }, rows: rows.map { row in kept.map { row[$0] } })
    }

    private static let gap = "  "

    private func widths(within limit: Int?) -> [Int] {
        var widths = columns.indices.map { index in
            max(columns[index].title.width, rows.map { $0[index].width }.max() ?? 0)
        }
        guard let limit else { return widths }
        let room = limit - Self.gap.count * (columns.count - 1)
        for rank in Set(columns.map(\.yields)).filter({ $0 > 0 }).sorted(by: >) {
            let yielding = columns.indices.filter { columns[$0].yields == rank }
            shrink(&widths, yielding, to: room) { max(columns[$0].minimum, columns[$0].title.width) }
        }
        shrink(&widths, Array(columns.indices), to: room) { min(columns[$0].minimum, 8) }
        shrink(&widths, Array(columns.indices), to: room) { _ in 1 }
        return widths
    }

    /// Takes columns from the widest of `yielding` until all fit into `room` or each has come down to its `floor`.
    private func shrink(_ widths: inout [Int], _ yielding: [Int], to room: Int, floor: (Int) -> Int) {
        while widths.reduce(0, +) > room {
            let candidates = yielding.filter { widths[$0] > floor($0) }
            guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { return }
            widths[widest] -= 1
        }
    }

    private func lines(of row: [Cell], widths: [Int], color: Bool) -> [String] {
        let parts = row.indices.map { wrap(row[$0].text, at: widths[$0]) }
        return (0..<(parts.map(\.count).max() ?? 0)).map { number in
            var line = ""
            var pending = 0  // spaces are written before the next text, so no line ends in one
            for index in row.indices {
                let part = number < parts[index].count ? parts[index][number] : ""
                let space = max(0, widths[index] - part.displayWidth)
                let isRight = columns[index].alignment == .right
                if !part.isEmpty {
                    line += String(repeating: " ", count: pending + (isRight ? space : 0))
                    line += row[index].rendered(part, color: color)
                    pending = isRight ? 0 : space
                } else {
                    pending += widths[index]
                }
                pending += Self.gap.count
            }
            return line
        }
    }
}

extension Cell {
    /// This cell in at most `width` columns; what is left out shows as an ellipsis.
    fileprivate func cut(to width: Int) -> Cell {
        guard self.width > width else { return self }
        var used = 0
        let kept = text.prefix { character in
            used += character.displayWidth
            return used < width
        }
        return Cell(kept + "…", role)
    }
}
