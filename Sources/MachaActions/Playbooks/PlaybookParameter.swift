// SPDX-License-Identifier: MIT
import MachaFindings
import MachaInventory
package import MachaModel

/// A value that a playbook needs, and where it comes from: a person, the finding, the host, or the playbook itself.
package struct PlaybookParameter: Hashable, Sendable {
    /// Where a value comes from when none is given.
    package enum Source: Hashable, Sendable {
        case subject
        case generation
        case previousGeneration
        /// A variable of the host in the inventory.
        case variable(String)

        package init(_ text: String) throws(ValueValidationError) {
            switch text {
            case "finding.subject": self = .subject
            case "host.generation": self = .generation
            case "host.previous-generation": self = .previousGeneration
            default:
                guard text.hasPrefix("host.vars."), text.count > 10 else {
                    let known = Self.known + ["host.vars.NAME"]
                    throw ValueValidationError(
                        "\(text.quoted) is not one of \(known.joined(separator: ", "))",
                        suggestion: text.nearest(in: known))
                }
                self = .variable(String(text.dropFirst(10)))
            }
        }

        static let known = ["finding.subject", "host.generation", "host.previous-generation"]
    }

    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case unit, size, span, generation, generations, flake
        case hostName = "host-name"
        case path, percent
        /// Letters, digits, `.`, `_` and `-`, not `-` first.
        case word
        case text

        /// Why `text` is no value of this kind.
        func check(_ text: String) throws(ValueValidationError) {
            switch self {
            case .unit: _ = try UnitName(text)
            case .size: _ = try ByteSize(text)
            case .span: _ = try ActionSpan(text)
            case .generation: _ = try GenerationNumber(text)
            case .generations: _ = try KeptGenerations(text)
            case .flake: _ = try FlakeReference(text)
            case .hostName: _ = try DomainName(text)
            case .path: _ = try FolderPath(text)
            case .percent: _ = try Percent(text)
            case .word:
                let isWord = text.utf8.allSatisfy { byte in
                    (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
                        || [0x2d, 0x2e, 0x5f].contains(byte)
                }
                guard isWord, (1...200).contains(text.utf8.count), text.first != "-" else {
                    throw ValueValidationError("\(text.quoted) may contain only letters, digits, '.', '_' and '-'")
                }
            case .text: _ = try NoteText(text)
            }
        }

        /// A value of this kind, to try a playbook's steps with.
        var sample: String {
            switch self {
            case .unit: "example.service"
            case .size: "1G"
            case .span: "30d"
            case .generation: "41"
            case .generations: "5"
            case .flake: "github:owner/fleet#host"
            case .hostName: "example.org"
            case .path: "/srv"
            case .percent: "80"
            case .word, .text: "example"
            }
        }
    }

    package var name: String
    package var kind: Kind
    package var description: String = ""
    package var fallback: String?
    /// Without a value, what consists of its placeholder alone is left out.
    package var isOptional = false
    package var source: Source?
    /// What `*` matches in this pattern is the value; a source that does not match it gives none.
    package var capture: Capture?
    /// Values must fit it.
    package var pattern: SubjectPattern?

    /// A text around one `*`.
    package struct Capture: Hashable, Sendable {
        package let text: String
        private let prefix: Substring
        private let suffix: Substring

        package init(_ text: String) throws(ValueValidationError) {
            let parts = text.split(separator: "*", omittingEmptySubsequences: false)
            guard parts.count == 2 else { throw ValueValidationError("\(text.quoted) must contain exactly one '*'") }
            self.text = text
            (prefix, suffix) = (parts[0], parts[1])
        }

        func value(in text: String) -> String? {
            guard text.hasPrefix(prefix), text.hasSuffix(suffix), text.count > prefix.count + suffix.count else {
                return nil
            }
            return String(text.dropFirst(prefix.count).dropLast(suffix.count))
        }
    }

    /// Why `text` cannot be this parameter's value.
    package func check(_ text: String) throws(ValueValidationError) {
        try kind.check(text)
        if let pattern, !pattern.glob.matches(text) {
            throw ValueValidationError("\(text.quoted) does not match \(pattern.text.quoted)")
        }
    }

    /// A value to try the playbook's steps with.
    var sample: String {
        if let fallback { return fallback }
        if let pattern {
            let made = pattern.text.replacing("*", with: "example")
            if (try? check(made)) != nil { return made }
        }
        return kind.sample
    }
}

extension PlaybookParameter {
    /// The value on `host`: the given one, else the source's, else the playbook's own; `nil` when an optional one has none.
    ///
    /// - Throws: when there is none, or it is no value of this kind: whatever a host named its units, it becomes this
    ///   kind of value or none at all.
    func value(given: String?, finding: Finding?, host: FleetHost, facts: HostFacts) throws(ValueValidationError)
        -> String?
    {
        let found = given ?? (source.flatMap { value(of: $0, finding, host, facts) }.flatMap(captured)) ?? fallback
        guard let found else {
            if isOptional { return nil }
            throw ValueValidationError("parameter \(name.quoted) has no value here; give it with --set \(name)=…")
        }
        do throws(ValueValidationError) {
            try check(found)
        } catch {
            throw ValueValidationError("parameter \(name.quoted): \(error.description)", suggestion: error.suggestion)
        }
        return kind == .unit ? try UnitName(found).description : found
    }

    /// What the source alone says; `nil` when it says nothing, or the parameter has none.
    func sourced(finding: Finding?, host: FleetHost, facts: HostFacts) throws(ValueValidationError) -> String? {
        guard let source, let text = value(of: source, finding, host, facts).flatMap(captured) else { return nil }
        return kind == .unit ? try UnitName(text).description : text
    }

    private func captured(_ text: String) -> String? { capture.map { $0.value(in: text) } ?? text }

    private func value(of source: Source, _ finding: Finding?, _ host: FleetHost, _ facts: HostFacts) -> String? {
        switch source {
        case .subject: finding?.subject?.raw
        case .generation: facts.generation.map { String($0) }
        case .previousGeneration: facts.previousGeneration.map { String($0) }
        case .variable(let name): host.vars[name]
        }
    }
}
