// SPDX-License-Identifier: MIT
import MachaJournal
import MachaModel

/// Text that leaves the house, in notices and reports.
enum OutgoingText {
    /// A line without secrets, and with nothing that could steer what shows it.
    static func clean(_ text: String) -> String {
        var redactor = Redactor()
        return String(decoding: redactor.clean(Array(text.utf8)), as: UTF8.self).printable(limit: 300)
    }
}
