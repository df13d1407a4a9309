// SPDX-License-Identifier: MIT

/// Everything that is wrong with an inventory, in one go.
package struct InventoryError: Error, Hashable, Sendable {
    /// Sorted by place; never empty, no two the same.
    package let mistakes: [Mistake]

    /// An alias repeats what it stands for, mistakes included; each is kept once.
    package init(_ mistakes: [Mistake]) {
        self.mistakes = Set(mistakes).sorted { ($0.position, $0.message) < ($1.position, $1.message) }
    }
}

extension InventoryError: CustomStringConvertible {
    /// One line a mistake, safe to print.
    package var description: String { mistakes.map(\.description).joined(separator: "\n") }
}
