// SPDX-License-Identifier: MIT

/// What a command shows to a person: blocks from top to bottom, rendered in one place.
package struct Page: Hashable, Sendable {
    /// One part of a page.
    package enum Block: Hashable, Sendable {
        /// Words side by side, wrapped with `indent` spaces before each line.
        case text([Cell], indent: Int)
        /// Names and values under one another.
        case facts([Fact])
        case table(Table)
        /// Lines as they are, never wrapped: what a program printed.
        case lines([Cell])
        case gap
    }

    /// A name, and its value beside it.
    package struct Fact: Hashable, Sendable {
        var name: Cell
        var value: Cell

        /// The name is shown dim.
        package init(_ name: String, _ value: Cell) {
            self.name = Cell(name, .dim)
            self.value = value
        }
    }

    /// From top to bottom.
    package private(set) var blocks: [Block]

    /// An empty page, or one of these blocks.
    package init(_ blocks: [Block] = []) { self.blocks = blocks }

    /// Adds words side by side.
    package mutating func text(_ cells: Cell..., indent: Int = 0) { blocks.append(.text(cells, indent: indent)) }
    mutating func text(contentsOf cells: [Cell], indent: Int = 0) { blocks.append(.text(cells, indent: indent)) }
    /// Adds lines as they are.
    package mutating func lines(_ lines: [Cell]) { blocks.append(.lines(lines)) }
    /// Adds names and values under one another.
    package mutating func facts(_ facts: [Fact]) { blocks.append(.facts(facts)) }
    /// Adds an empty line.
    package mutating func gap() { blocks.append(.gap) }

    /// The table, or `placeholder` when it has no rows: an empty answer is said, not shown as nothing.
    package mutating func table(_ table: Table, orSay placeholder: Cell) {
        blocks.append(table.rows.isEmpty ? .text([placeholder], indent: 0) : .table(table))
    }

    /// With `breaksLines` none is wider than the terminal, for a picture of it: nothing is copied from there.
    package func rendered(for terminal: Terminal, breaksLines: Bool = false) -> String {
        blocks.flatMap { Self.lines(of: $0, terminal, breaksLines) }.map { $0 + "\n" }.joined()
    }

    private static func lines(of block: Block, _ terminal: Terminal, _ breaksLines: Bool) -> [String] {
        switch block {
        case .gap: [""]
        case .lines(let lines) where breaksLines:
            lines.flatMap { cell in
                wrap(cell.text, at: terminal.width ?? .max).map { cell.rendered($0, color: terminal.usesColor) }
            }
        case .lines(let lines): lines.map { $0.rendered(color: terminal.usesColor) }
        case .table(let table): table.lines(width: terminal.width, color: terminal.usesColor)
        case .text(let cells, let indent): lines(of: cells, indent: indent, terminal)
        case .facts(let facts): lines(of: facts, terminal)
        }
    }

    /// Words flow together; each keeps its colour where the line breaks between or inside of cells.
    private static func lines(of cells: [Cell], indent: Int, _ terminal: Terminal) -> [String] {
        let width = terminal.width.map { max(1, $0 - indent) } ?? Int.max
        let margin = String(repeating: " ", count: indent)
        var lines: [String] = []
        var line = ""
        var used = 0
        for cell in cells where !cell.text.isEmpty {
            for word in cell.text.split(separator: " ").flatMap({ wrap(String($0), at: width) }) {
                let needed = word.displayWidth + (used > 0 ? 1 : 0)
                if used > 0, used + needed > width {
                    lines.append(margin + line)
                    (line, used) = ("", 0)
                }
                line += (used > 0 ? " " : "") + cell.rendered(word, color: terminal.usesColor)
                used += used > 0 ? needed : word.displayWidth
            }
        }
        return used > 0 || lines.isEmpty ? lines + [used > 0 ? margin + line : ""] : lines
    }

    private static func lines(of facts: [Fact], _ terminal: Terminal) -> [String] {
        let names = facts.map(\.name.width).max() ?? 0
        let room = terminal.width.map { max(16, $0 - names - 2) } ?? Int.max
        return facts.flatMap { fact in
            wrap(fact.value.text, at: room).enumerated().map { number, part in
                let name = number == 0 ? fact.name.rendered(color: terminal.usesColor) : ""
                let value = fact.value.rendered(part, color: terminal.usesColor)
                let space = names - (number == 0 ? fact.name.width : 0) + 2
                return name + (value.isEmpty ? "" : String(repeating: " ", count: space) + value)
            }
        }
    }
}
