// SPDX-License-Identifier: MIT

/// Why a text is no value of its kind, without where it is written; starts lower case, safe to print.
package struct ValueValidationError: Error, Hashable, Sendable, CustomStringConvertible {
    package var description: String
    /// The known word nearest to the one that was not understood.
    package var suggestion: String?

    package init(_ message: String, suggestion: String? = nil) {
        description = message
        self.suggestion = suggestion
    }
}
