// SPDX-License-Identifier: MIT

/// Cuts a stream of bytes into lines, whatever pieces it comes in.
struct LineSplitter {
    /// Longer than any event of a model server.
    static let longest = 8 << 20

    private var rest: [UInt8] = []

    /// The lines that `piece` completes, without their line breaks; `nil` when one grows beyond all measure.
    ///
    /// LF, CR LF and CR alone all end a line (html.spec.whatwg.org, 9.2.6); CR LF leaves an empty line behind it.
    mutating func take(_ piece: [UInt8]) -> [[UInt8]]? {
        var lines: [[UInt8]] = []
        var start = piece.startIndex
        while let end = piece[start...].firstIndex(where: { $0 == 0x0a || $0 == 0x0d }) {
            rest += piece[start..<end]
            lines.append(rest)
            rest = []
            start = end + 1
        }
        rest += piece[start...]
        return rest.count > Self.longest ? nil : lines
    }

    /// What stands after the last line break.
    mutating func finish() -> [UInt8]? {
        defer { rest = [] }
        return rest.isEmpty ? nil : rest
    }
}
