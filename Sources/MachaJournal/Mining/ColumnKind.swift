// SPDX-License-Identifier: MIT

/// What stands in one column of a tokenised line.
///
/// Words and soft kinds keep their text in the key of a line, so two values are two groups until enough of them have been seen;
/// hard kinds are variables from the first line on.
package enum ColumnKind: UInt8, Sendable {
    case word = 0
    /// `name=` with nothing behind it, or an empty pair of brackets.
    case empty = 1
    // Soft: likely a variable.
    case name = 8
    case host = 9
    case path = 10
    /// Letters with digit runs: `eth0`, `blk_17`.
    case shaped = 11
    case quoted = 12
    /// The status of an HTTP answer: its class, 2xx or 5xx, is a word that keeps lines apart until templates are made.
    case status = 13
    // Hard: a variable.
    case number = 16
    case hex = 17
    case address = 18
    case hardPath = 19
    case time = 20
    case duration = 21
    case size = 22
    case uuid = 23
    case storePath = 24
    case opaque = 25
    case url = 26
    case list = 27

    @inline(__always) var isHard: Bool { rawValue >= 16 }
    @inline(__always) var isSoft: Bool { rawValue >= 8 && rawValue < 16 }

    /// How a template shows the column when its values are not shown.
    package var placeholder: String {
        switch self {
        case .word, .name, .quoted, .status: "<*>"
        case .empty: ""
        case .host: "<host>"
        case .path, .hardPath: "<path>"
        case .shaped, .opaque: "<id>"
        case .number: "<n>"
        case .hex: "<hex>"
        case .address: "<addr>"
        case .time: "<time>"
        case .duration: "<dur>"
        case .size: "<size>"
        case .uuid: "<uuid>"
        case .storePath: "<store>"
        case .url: "<url>"
        case .list: "<list>"
        }
    }
}
