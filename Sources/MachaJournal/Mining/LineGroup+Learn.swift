// SPDX-License-Identifier: MIT

extension LineGroup {
    /// Columns beyond this many are not described by their values.
    static let describedColumns = 8

    /// Takes note of the values in a line of this group.
    mutating func learn(
        _ text: ByteSlice, _ starts: UnsafeMutablePointer<UInt32>, _ ends: UnsafeMutablePointer<UInt32>, _ count: Int
    ) {
        if values.isEmpty { describe() }
        for at in values.indices {
            let column = values[at].column
            guard column < count else { continue }
            let start = Int(starts[column])
            let end = Int(ends[column])
            if end > start, end <= text.count { values[at].add(text.base + start, end - start) }
        }
    }

    private mutating func describe() {
        for column in kinds.indices where isVariable(column) || kinds[column] == .shaped {
            guard values.count < Self.describedColumns else { return }
            values.append(ValueStats(column: column, kind: kinds[column]))
        }
    }

    mutating func keep(_ line: Evidence) {
        if evidence.count < Self.keptFirst + Self.keptLast {
            evidence.append(line)
        } else {
            evidence.remove(at: Self.keptFirst)
            evidence.append(line)
        }
    }

    /// Takes in a group that turned out to be the same statement.
    mutating func absorb(_ other: LineGroup) {
        for theirs in other.values {
            if let at = values.firstIndex(where: { $0.column == theirs.column }) {
                values[at].merge(theirs)
            } else if values.count < Self.describedColumns {
                values.append(theirs)
            }
        }
        let all = (evidence + other.evidence).sorted { $0.line < $1.line }
        evidence = Array(all.prefix(Self.keptFirst))
        evidence += all.dropFirst(Self.keptFirst).suffix(Self.keptLast)
        usual += other.usual
        days = max(days, other.days)
        lastDay = max(lastDay, other.lastDay)
    }
}

extension GroupCounter {
    mutating func absorb(_ other: GroupCounter) {
        count += other.count
        lines += other.lines
        firstTime = min(firstTime, other.firstTime)
        lastTime = max(lastTime, other.lastTime)
        if other.count > 0 { firstLine = count == other.count ? other.firstLine : min(firstLine, other.firstLine) }
        lastLine = max(lastLine, other.lastLine)
        heard = max(heard, other.heard)
        episodes += other.episodes
        priority = min(priority, other.priority)
        isKnown = isKnown || other.isKnown
    }
}
