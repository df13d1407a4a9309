// SPDX-License-Identifier: MIT
@testable import MachaViews

extension Terminal {
    /// A person's terminal of this width.
    static func wide(_ columns: Int, color: Bool = false) -> Terminal {
        Terminal(isInteractive: true, windowColumns: columns, environment: color ? [:] : ["NO_COLOR": "1"])
    }

    static let pipe = Terminal(isInteractive: false, windowColumns: nil, environment: [:])
}
