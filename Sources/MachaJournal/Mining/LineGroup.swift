// SPDX-License-Identifier: MIT

/// A line that is kept word for word.
package struct Evidence: Sendable {
    /// First input line of the entry, counted from 1.
    package var line: Int
    package var time: Int64?
    package var text: [UInt8]
}

/// The part of a group that every one of its lines touches.
struct GroupCounter {
    var count = 0
    var lines = 0
    var firstTime: Int64 = .max
    var lastTime: Int64 = .min
    var firstLine = 0
    var lastLine = 0
    /// When the present episode was last heard of: a gap begins a new one.
    var heard: Int64 = .min
    var episodes: Int32 = 0
    var priority: UInt8 = 255
    /// From the memory of other days; it may not have come up today.
    var isKnown = false
    /// Whether its lines hold the status of an HTTP answer.
    var answers = false
    /// What the words of its last weighed line are worth in the output of a build; not a number until one is weighed.
    var strength = Float.nan
}

/// Lines with the same words and other values, told apart as finely as the stream allows.
struct LineGroup {
    /// The longest text kept of a line.
    static let longestText = 700
    static let keptFirst = 4
    static let keptLast = 4

    var skeleton: UInt64
    /// Hash of the identifier, without its digits.
    var source: UInt64
    var hashes: [UInt64]
    var kinds: [ColumnKind]
    /// Columns that became variables, one bit each.
    var wild: UInt64 = 0
    var identifier: [UInt8]
    var unit: [UInt8] = []
    var host: [UInt8] = []
    /// The line that made the group, and where its columns are: a template is shown by this example.
    var sample: [UInt8]
    var spans: [Range<Int>]
    /// The first line of each of the first episodes, then of the latest ones.
    var evidence: [Evidence] = []
    var values: [ValueStats] = []
    /// How often it came up on an ordinary day, from memory.
    var usual = 0.0
    var days = 0
    var lastDay = 0

    /// Whether this column is a variable.
    func isVariable(_ column: Int) -> Bool { kinds[column].isHard || wild & (1 << UInt64(column)) != 0 }

    var key: UInt64 {
        var sum = skeleton &+ source
        for column in hashes.indices { sum &+= Mix.column(column, hashes[column]) }
        return sum
    }
}
