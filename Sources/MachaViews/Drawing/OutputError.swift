// SPDX-License-Identifier: MIT

/// Output could not be written or encoded.
package struct OutputError: Error, Hashable, CustomStringConvertible {
    /// Starts lower case; says what was tried and why it did not work.
    package let description: String
    /// The reader has gone, as `head` does: nothing to report to anybody.
    package let isReaderGone: Bool

    /// `description` starts lower case.
    package init(_ description: String, isReaderGone: Bool = false) {
        self.description = description
        self.isReaderGone = isReaderGone
    }
}
