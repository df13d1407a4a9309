// SPDX-License-Identifier: MIT
package import MachaModel

/// One line of what was seen, and what rules have to know of it: they ask for it and never read the line.
package enum Evidence: Hashable, Sendable {
    /// In Macha's words.
    case seen(UntrustedText)
    /// What `by` logged, a program or a unit; `line` names it.
    case logged(UntrustedText, by: String)
    /// What a unit or container logged before it ended. It could say anything.
    case lastWords(UntrustedText)
    /// How a unit stands.
    case unit(UntrustedText, UnitFacts)
    /// The mount point `path` is not mounted.
    case missingMount(UntrustedText, path: String)
    /// Why a probe has no value; `line` is empty where the host gave no words for it.
    case silence(UntrustedText, ProbeSilence)

    /// What rules ask of a unit.
    package struct UnitFacts: Hashable, Codable, Sendable {
        /// How it ended, as the service manager names it.
        package var result: String?
        /// Where it mounts something, if it does.
        package var mountPoint: String?

        package init(result: String?, mountPoint: String?) {
            self.result = result
            self.mountPoint = mountPoint
        }
    }

    /// As people and programs read it.
    package var line: UntrustedText {
        switch self {
        case .seen(let line), .logged(let line, _), .unit(let line, _), .missingMount(let line, _),
            .silence(let line, _):
            line
        case .lastWords(let words): UntrustedText(Self.mark + words.raw)
        }
    }

    /// What a program or the kernel said, in its own words.
    var words: UntrustedText? {
        switch self {
        case .logged(let words, _), .lastWords(let words): words
        case .seen, .unit, .missingMount, .silence: nil
        }
    }

    /// Before last words, so that people see whose they are.
    fileprivate static let mark = "| "
}

/// Why a probe has no value, where that can be the reason for other probes too.
package enum ProbeSilence: Hashable, Codable, Sendable {
    /// There is no systemd to speak to.
    case noSystemd
    /// The account may not read the journal.
    case noJournalRight
    /// A program is not installed.
    case lacks(program: String)
    /// What the host said.
    case said(String)
}

/// A line alone is a text, as every line was before there were others.
extension Evidence: Codable {
    private enum CodingKeys: String, CodingKey { case line, loggedBy, lastWords, unit, missingMount, silence }

    package init(from decoder: any Decoder) throws {
        if let text = try? decoder.singleValueContainer().decode(UntrustedText.self) {
            self =
                text.raw.hasPrefix(Self.mark)
                ? .lastWords(UntrustedText(String(text.raw.dropFirst(Self.mark.count)))) : .seen(text)
            return
        }
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        if let words = try fields.decodeIfPresent(UntrustedText.self, forKey: .lastWords) {
            self = .lastWords(words)
            return
        }
        let line = try fields.decode(UntrustedText.self, forKey: .line)
        if let name = try fields.decodeIfPresent(String.self, forKey: .loggedBy) {
            self = .logged(line, by: name)
        } else if let unit = try fields.decodeIfPresent(UnitFacts.self, forKey: .unit) {
            self = .unit(line, unit)
        } else if let path = try fields.decodeIfPresent(String.self, forKey: .missingMount) {
            self = .missingMount(line, path: path)
        } else if let silence = try fields.decodeIfPresent(ProbeSilence.self, forKey: .silence) {
            self = .silence(line, silence)
        } else {
            // Of a sort that another version knows.
            self = .seen(line)
        }
    }

    package func encode(to encoder: any Encoder) throws {
        // One that begins like last words says that it is none.
        if case .seen(let line) = self, !line.raw.hasPrefix(Self.mark) {
            var container = encoder.singleValueContainer()
            return try container.encode(line)
        }
        var fields = encoder.container(keyedBy: CodingKeys.self)
        if case .lastWords(let words) = self { return try fields.encode(words, forKey: .lastWords) }
        try fields.encode(line, forKey: .line)
        switch self {
        case .seen, .lastWords: break
        case .logged(_, let name): try fields.encode(name, forKey: .loggedBy)
        case .unit(_, let facts): try fields.encode(facts, forKey: .unit)
        case .missingMount(_, let path): try fields.encode(path, forKey: .missingMount)
        case .silence(_, let silence): try fields.encode(silence, forKey: .silence)
        }
    }
}
