// SPDX-License-Identifier: MIT
import MachaInventory
import MachaModel

/// Every key of a playbook.
enum PlaybookKey: String, CaseIterable {
    case id, title, description, when, unless, hosts, parameters, risk, autonomy, evidence, steps, verify, rollback
    case cooldown, limits, protected, hours
    case insteadOf = "instead-of"

    static let required: [PlaybookKey] = [.id, .title, .description, .steps]
}

/// Reads playbooks, and collects every mistake in them with its place.
struct PlaybookReader {
    var mistakes: [Mistake] = []
    /// Where each value of each step was written.
    var places: [Place: SourcePosition] = [:]

    struct Place: Hashable {
        var item: SourcePosition
        var key: String

        init(_ item: SourcePosition, _ key: String) {
            self.item = item
            self.key = key
        }
    }

    /// The playbook that a file holds; `nil` when what is wrong leaves none.
    mutating func read(_ text: String, file: String) -> Playbook? {
        let document = YAMLDocument(text, file: file)
        let before = mistakes.count
        mistakes += document.mistakes
        let start = SourcePosition(file: file, line: 1, column: 1)
        guard document.isComplete else { return nil }
        guard let root = document.root, !root.isNull else {
            mistakes.append(
                Mistake("the file is empty; a playbook has 'id', 'title', 'description', 'steps'", at: start))
            return nil
        }
        guard let fields = mapping(root, "a playbook", known: PlaybookKey.allCases.map(\.rawValue)) else { return nil }
        for key in PlaybookKey.required where fields[key.rawValue] == nil {
            mistakes.append(Mistake("a playbook needs \(key.rawValue.quoted)", at: root.position))
        }
        var playbook = Playbook(position: start)
        read(fields, into: &playbook)
        check(playbook)
        return mistakes.count == before ? playbook : nil
    }

    private mutating func read(_ fields: [String: YAMLEntry], into playbook: inout Playbook) {
        func entry(_ key: PlaybookKey) -> YAMLEntry? { fields[key.rawValue] }
        // Parameters first: everything else may name them.
        if let entry = entry(.parameters) { playbook.parameters = parameters(entry) }
        if let id = value(entry(.id), Self.identifier) { playbook.id = id }
        if let title = value(entry(.title), Template.init) { playbook.title = title }
        if let text = value(entry(.description), Self.prose) { playbook.description = text }
        if let entry = entry(.when) { playbook.when = conditions(entry) }
        if let entry = entry(.unless) { playbook.unless = conditions(entry) }
        if let entry = entry(.hosts) { playbook.hosts = hosts(entry) }
        if let risk: Risk = value(entry(.risk), ParameterReader.word) { playbook.terms.risk = risk }
        if let level: AutonomyLevel = value(entry(.autonomy), ParameterReader.word) { playbook.terms.autonomy = level }
        if let span = value(entry(.cooldown), ActionSpan.init) { playbook.terms.cooldown = span.seconds }
        if let entry = entry(.limits) { playbook.terms.perHour = limit(entry) }
        if let entry = entry(.protected) {
            playbook.terms.protectedUnits = list(entry, SubjectPattern.init).map(\.text)
        }
        if let hours = value(entry(.hours), Self.hours) { playbook.terms.isForQuietHours = hours }
        if let entry = entry(.insteadOf) { playbook.insteadOf = list(entry, Self.identifier) }
        if let entry = entry(.evidence) { playbook.evidence = questions(entry) }
        if let entry = entry(.steps) { playbook.steps = steps(entry, playbook.parameters) }
        if let entry = entry(.rollback) { playbook.rollback = steps(entry, playbook.parameters) }
        if let entry = entry(.verify) { playbook.verify = checks(entry, playbook.parameters) }
        for step in playbook.evidence { tryOut(step, playbook.parameters) }
        if let title = entry(.title) {
            checkPlaceholders(playbook.title.placeholders, playbook.parameters, title.value)
        }
        if let steps = entry(.steps), playbook.steps.isEmpty, !hasMistakes(in: playbook) {
            mistakes.append(Mistake("'steps' is empty", at: steps.position))
        }
    }

    /// What one part says of another.
    private mutating func check(_ playbook: Playbook) {
        let used = (playbook.steps + playbook.rollback + playbook.evidence).reduce(into: playbook.title.placeholders) {
            $0.formUnion($1.placeholders)
        }.union(playbook.verify.flatMap { $0.parameters.values.flatMap(\.placeholders) })
        guard !hasMistakes(in: playbook) else { return }
        for parameter in playbook.parameters where !used.contains(parameter.name) {
            mistakes.append(
                Mistake("parameter \(parameter.name.quoted) is not used", at: playbook.position))
        }
    }

    private func hasMistakes(in playbook: Playbook) -> Bool {
        mistakes.contains { $0.position.file == playbook.position.file }
    }

    static func identifier(_ text: String) throws(ValueValidationError) -> String {
        guard Template.isName(text) else {
            throw ValueValidationError(
                "\(text.quoted) is not a valid id; use lower-case letters, digits and dashes, starting with a letter")
        }
        return text
    }

    private static func prose(_ text: String) throws(ValueValidationError) -> String { try NoteText(text).description }

    private static func hours(_ text: String) throws(ValueValidationError) -> Bool {
        switch text {
        case "quiet": return true
        case "any": return false
        default:
            throw ValueValidationError(
                "\(text.quoted) is neither 'quiet' nor 'any'", suggestion: text.nearest(in: ["quiet", "any"]))
        }
    }
}
