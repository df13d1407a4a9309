// SPDX-License-Identifier: MIT

extension KnownWords {
    /// The kind that a number becomes when a unit with these facts follows it; `nil` when they are no unit's.
    @inline(__always)
    static func unit(_ facts: UInt8) -> ColumnKind? {
        if facts & (duration | size | rate) == 0 { return nil }
        return facts & duration != 0 ? .duration : facts & size != 0 ? .size : .number
    }
}
