// SPDX-License-Identifier: MIT
package import MachaInventory
package import MachaModel

/// A text with placeholders: `${unit}`. `$$` stands for one `$`.
///
/// A placeholder's value is inserted as it is and never parsed again. The text around it decides nothing about how it
/// is read: a whole text is one argument, with whatever it holds.
package struct Template: Hashable, Sendable {
    private enum Part: Hashable {
        case literal(String)
        case placeholder(String)
    }

    /// As it was written.
    package let source: String
    private let parts: [Part]

    package init(_ text: String) throws(ValueValidationError) {
        source = text
        var parts: [Part] = []
        var literal = ""
        var rest = text[...]
        while let character = rest.popFirst() {
            guard character == "$" else {
                literal.append(character)
                continue
            }
            if rest.first == "$" {
                rest.removeFirst()
                literal.append("$")
            } else if rest.first == "{" {
                guard let end = rest.firstIndex(of: "}") else {
                    throw ValueValidationError("a placeholder in \(text.quoted) is missing its '}'")
                }
                let name = String(rest[rest.index(after: rest.startIndex)..<end])
                guard Self.isName(name) else {
                    throw ValueValidationError(
                        "\("${\(name)}".quoted) is not a placeholder; write ${name}, and $$ for a dollar sign")
                }
                parts += [.literal(literal), .placeholder(name)]
                literal = ""
                rest = rest[rest.index(after: end)...]
            } else {
                throw ValueValidationError("a '$' in \(text.quoted) starts no placeholder; write $$ for a dollar sign")
            }
        }
        parts.append(.literal(literal))
        self.parts = parts.filter { $0 != .literal("") }
    }

    static let empty = Template()

    private init() { (source, parts) = ("", []) }

    /// Lower-case letters, digits and dashes, a letter first.
    static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, (0x61...0x7a).contains(first), text.utf8.count <= 40 else { return false }
        return text.utf8.allSatisfy { (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2d }
    }

    /// The names of all placeholders.
    package var placeholders: Set<String> {
        Set(
            parts.compactMap { part in
                if case .placeholder(let name) = part { name } else { nil }
            })
    }

    /// Whether the first thing in it is a placeholder, so that its value decides how the text begins.
    var beginsWithPlaceholder: Bool {
        if case .placeholder = parts.first { return true }
        return false
    }

    /// Whether it is one placeholder, and that has no value.
    func isLeftOut(_ values: [String: String]) -> Bool {
        guard parts.count == 1, case .placeholder(let name) = parts[0] else { return false }
        return values[name] == nil
    }

    /// The text with `values` in place of the placeholders; a name without a value stays as it was written.
    package func expanded(_ values: [String: String]) -> String {
        parts.map { part in
            switch part {
            case .literal(let text): text
            case .placeholder(let name): values[name] ?? "${\(name)}"
            }
        }.joined()
    }
}

/// A step of a playbook before its placeholders have values.
package struct StepTemplate: Hashable, Sendable {
    package enum Value: Hashable, Sendable {
        case text(Template)
        case words([Template])
    }

    package var kind: Action.Kind
    package var parameters: [String: Value]
    package var position: SourcePosition

    /// The action with `values` in place of the placeholders.
    ///
    /// - Throws: also when a value would make a word of a command look like an option, or would mean something to Nix where
    ///   lines of a configuration are suggested.
    package func action(_ values: [String: String]) throws(ParameterMistakes) -> Action {
        var filled: [String: ActionValue] = [:]
        for (name, value) in parameters {
            switch value {
            case .text(let template):
                guard !template.isLeftOut(values) else { continue }
                if kind.parameters.contains(where: { $0.name == name && $0.isCode }) {
                    try Self.requirePlain(template, values, in: name)
                }
                filled[name] = .text(template.expanded(values))
            case .words(let words):
                for word in words where word.beginsWithPlaceholder && word.expanded(values).hasPrefix("-") {
                    throw ParameterMistakes(
                        ValueValidationError("\(word.expanded(values).quoted) would be read as an option"), in: name)
                }
                filled[name] = .words(words.map { $0.expanded(values) })
            }
        }
        return try Action(kind, filled)
    }

    private static func requirePlain(
        _ template: Template, _ values: [String: String], in name: String
    ) throws(ParameterMistakes) {
        for placeholder in template.placeholders.sorted() {
            guard let value = values[placeholder], !ConfigurationChange.isPlain(value) else { continue }
            throw ParameterMistakes(
                ValueValidationError(
                    "\(value.quoted) is not a plain word, so it cannot be put into lines of a configuration"),
                in: name)
        }
    }

    var placeholders: Set<String> {
        parameters.values.reduce(into: []) { names, value in
            switch value {
            case .text(let template): names.formUnion(template.placeholders)
            case .words(let words): for word in words { names.formUnion(word.placeholders) }
            }
        }
    }
}

/// A check of a playbook before its placeholders have values.
package struct CheckTemplate: Hashable, Sendable {
    package var kind: Check.Kind
    package var parameters: [String: Template]
    package var position: SourcePosition

    package func check(_ values: [String: String]) throws(ParameterMistakes) -> Check {
        try Check(kind, parameters.mapValues { .text($0.expanded(values)) })
    }
}
