// SPDX-License-Identifier: MIT
package import MachaModel

/// A parameter of an action as it is written: one text, or the words of a command.
package enum ActionValue: Hashable, Sendable {
    case text(String)
    case words([String])
}

extension ActionValue: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            self = .text(text)
        } else {
            self = .words(try container.decode([String].self))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text): try container.encode(text)
        case .words(let words): try container.encode(words)
        }
    }
}

/// What is wrong with the parameters of an action or a check, each with the parameter it concerns.
package struct ParameterMistakes: Error, Hashable, Sendable, CustomStringConvertible {
    package struct Entry: Hashable, Sendable {
        /// `nil` when the whole is meant.
        package var parameter: String?
        package var complaint: ValueValidationError
    }

    package private(set) var entries: [Entry]

    package init(_ complaint: ValueValidationError, in parameter: String? = nil) {
        entries = [Entry(parameter: parameter, complaint: complaint)]
    }

    init(_ entries: [Entry]) { self.entries = entries }

    /// One sentence, safe to print.
    package var description: String {
        entries.map { entry in
            let hint = entry.complaint.suggestion.map { "; did you mean \($0.quoted)?" } ?? ""
            return (entry.parameter.map { "\($0.quoted): " } ?? "") + entry.complaint.description + hint
        }.joined(separator: "; ")
    }
}

/// Takes parameters one by one, collects what is wrong, and in the end what nobody asked for.
struct ParameterReader {
    private var values: [String: ActionValue]
    private let owner: String
    private var known: [String] = []
    private(set) var mistakes: [ParameterMistakes.Entry] = []

    init(_ values: [String: ActionValue], of owner: String) {
        self.values = values
        self.owner = owner
    }

    /// A parameter that must be there, or one of several of which one must be.
    mutating func required<Value>(_ parameter: Parameter<Value>) -> Value? {
        let isGiven = values[parameter.name] != nil
        let value = optional(parameter)
        if !isGiven { complain(ValueValidationError("\(owner.quoted) needs \(parameter.name.quoted)")) }
        return value
    }

    mutating func optional<Value>(_ parameter: Parameter<Value>) -> Value? {
        known.append(parameter.name)
        switch values.removeValue(forKey: parameter.name) {
        case nil: return nil
        case .words: complain(ValueValidationError("must be a single value, not a list"), in: parameter.name)
        case .text(let text):
            do throws(ValueValidationError) {
                return try parameter.meaning(text)
            } catch {
                complain(error, in: parameter.name)
            }
        }
        return nil
    }

    mutating func words(_ name: String) -> [String]? {
        known.append(name)
        switch values.removeValue(forKey: name) {
        case .words(let words): return words
        case .text:
            complain(ValueValidationError("must be a list of words; a command is never a shell line"), in: name)
        case nil: complain(ValueValidationError("\(owner.quoted) needs \(name.quoted)"))
        }
        return nil
    }

    /// All that nobody has asked for yet, which belongs to somebody else.
    mutating func takeRest() -> [String: ActionValue] {
        defer { values = [:] }
        return values
    }

    mutating func complain(_ complaint: ValueValidationError, in parameter: String? = nil) {
        mistakes.append(.init(parameter: parameter, complaint: complaint))
    }

    mutating func complain(_ complaints: ParameterMistakes) { mistakes += complaints.entries }

    /// The value, unless something was wrong or left over.
    mutating func finish<Value>(_ value: Value?) throws(ParameterMistakes) -> Value {
        for name in values.keys.sorted() {
            let nearest = name.nearest(in: known)
            let list = known.isEmpty ? "it has none" : "known: \(known.joined(separator: ", "))"
            let hint = nearest == nil ? "; \(list)" : ""
            complain(
                ValueValidationError("unknown parameter of \(owner.quoted)\(hint)", suggestion: nearest), in: name)
        }
        guard mistakes.isEmpty, let value else {
            throw mistakes.isEmpty
                ? ParameterMistakes(ValueValidationError("\(owner.quoted) is incomplete"))
                : ParameterMistakes(mistakes)
        }
        return value
    }

    static func word<Word: RawRepresentable<String> & CaseIterable>(_ text: String) throws(ValueValidationError)
        -> Word
    {
        if let word = Word(rawValue: text) { return word }
        let known = Word.allCases.map(\.rawValue)
        throw ValueValidationError(
            "\(text.quoted) is not one of \(known.joined(separator: ", "))", suggestion: text.nearest(in: known))
    }

    static func flag(_ text: String) throws(ValueValidationError) -> Bool {
        switch text {
        case "true": return true
        case "false": return false
        default: throw ValueValidationError("\(text.quoted) is neither true nor false")
        }
    }
}
