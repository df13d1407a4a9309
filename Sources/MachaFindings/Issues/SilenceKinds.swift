// SPDX-License-Identifier: MIT
package import MachaInventory
import MachaModel

/// Which kinds of findings a silence can name.
package enum SilenceKinds {
    /// What is wrong with silencing `kind`; `nil` when it can be.
    package static func complaint(about kind: String) -> String? {
        guard Muting.isMutable(RecordedKind(kind)) else { return "\(kind.quoted) is never kept quiet" }
        let known = Set(FindingKind.allCases.map(\.rawValue)).union([Issue.reportedKind.name])
        guard !known.contains(kind) else { return nil }
        let hint = kind.nearest(in: known.sorted()).map { "; did you mean \($0.quoted)?" } ?? ""
        return "there is no kind of finding \(kind.quoted)\(hint)"
    }

    /// The mistakes in the silences of an inventory, which does not know the kinds itself.
    package static func mistakes(in inventory: Inventory) -> [Mistake] {
        inventory.silences.compactMap { silence in
            guard let kind = silence.kind, let complaint = complaint(about: kind) else { return nil }
            return Mistake("'kind' of a silence: \(complaint)", at: silence.kindPosition ?? silence.position)
        }
    }
}
