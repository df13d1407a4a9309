// SPDX-License-Identifier: MIT

/// A value of a YAML document that knows where it was written.
///
/// Aliases are replaced by what they stand for and keep its position; merge keys (`<<`) are carried out.
package struct YAMLNode: Sendable {
    package enum Kind: Sendable {
        /// Text as written. Only a plain (unquoted) scalar can mean a Boolean, a number or null.
        case scalar(String, isPlain: Bool)
        case sequence([YAMLNode])
        /// In the order of the file, merged keys last. A key that stands here twice is among the document's mistakes;
        /// it is kept so that what is below it can be checked too.
        case mapping([YAMLEntry])
    }

    package var kind: Kind
    package var position: SourcePosition

    package init(kind: Kind, position: SourcePosition) {
        self.kind = kind
        self.position = position
    }

    /// Whether nothing was written, or `~` or `null`.
    package var isNull: Bool {
        guard case .scalar(let text, isPlain: true) = kind else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(text)
    }

    /// What this is, for a message: "a list".
    package var kindName: String {
        switch kind {
        case .scalar: isNull ? "nothing" : "a single value"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }
}

/// One key of a mapping with its value.
package struct YAMLEntry: Sendable {
    package var key: String
    package var position: SourcePosition
    package var value: YAMLNode
}
