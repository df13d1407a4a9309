// SPDX-License-Identifier: MIT
import MachaModel

/// A place in a file a person wrote. Lines and columns count from 1; a column counts Unicode scalars, as libYAML does.
package struct SourcePosition: Hashable, Sendable {
    /// As the person named it, relative or absolute.
    package var file: String
    package var line: Int
    package var column: Int

    package init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }
}

extension SourcePosition: CustomStringConvertible {
    /// `file:line:column`, safe to print; only the file when the mistake concerns all of it (line 0).
    package var description: String {
        let name = file.printable(limit: 300)
        return line > 0 ? "\(name):\(line):\(column)" : name
    }
}

extension SourcePosition: Comparable {
    package static func < (left: Self, right: Self) -> Bool {
        (left.file, left.line, left.column) < (right.file, right.line, right.column)
    }
}

/// Something in a file that is not as it must be, in one sentence.
package struct Mistake: Error, Hashable, Sendable {
    package var position: SourcePosition
    /// Starts lower case and names what is wrong where.
    package var message: String
    /// The known word nearest to the one that was not understood.
    package var suggestion: String?

    package init(_ message: String, at position: SourcePosition, suggestion: String? = nil) {
        self.position = position
        self.message = message
        self.suggestion = suggestion
    }
}

extension Mistake {
    /// A key that means nothing at `place` ("in 'daemon'"), with all that would; `instead` is what somebody should have
    /// written who means that key, or the nearest known one.
    package static func unknownKey(
        _ entry: YAMLEntry, _ place: String, known: [String], instead: String? = nil
    ) -> Mistake {
        let nearest = instead ?? entry.key.nearest(in: known)
        let list = nearest == nil ? "; known here: \(known.joined(separator: ", "))" : ""
        return Mistake("unknown key \(entry.key.quoted) \(place)\(list)", at: entry.position, suggestion: nearest)
    }
}

extension Mistake: CustomStringConvertible {
    /// `inventory/fleet.yaml:12:5: unknown key 'adress' in host 'nas'; did you mean 'address'?`, one line, safe to print.
    package var description: String {
        let hint = suggestion.map { "; did you mean \($0.quoted)?" } ?? ""
        return "\(position): \((message + hint).printable(limit: 600))"
    }
}
