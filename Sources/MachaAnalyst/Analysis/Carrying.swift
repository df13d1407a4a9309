// SPDX-License-Identifier: MIT

/// Whether the lines that a statement cites carry what it says.
///
/// That an id exists says nothing: a model can put any id behind any sentence. A statement has to share its content with the
/// lines it cites, or with others of the same unit or device: every name and number in it stands there, and enough of its
/// other words do. A rare word weighs more than one that half of the prompt uses. What another line says far better is
/// cited wrongly.
struct Carrying {
    struct Line {
        var text: String
        var terms: SpokenTerms
        /// Units, sources and devices that the line is about.
        var subjects: Set<String>
    }

    let lines: [String: Line]
    /// Names of units and programs that lines are about.
    private let known: Set<String>
    /// In how many lines a stem stands.
    private let frequency: [String: Int]
    private let host: String
    private let hostStem: String

    /// `evidence` is what a prompt holds, by id; `subjects` what findings are about, by their ids.
    init(evidence: [String: String], subjects: [String: String], host: String) {
        self.host = host.lowercased()
        hostStem = FieldWords.stem(self.host)
        let about = evidence.mapValues { Self.subjects(of: $0.lowercased()) }
        let own = subjects.mapValues { Self.name($0.lowercased()) }
        known = Set(about.values.flatMap { $0 } + own.values).filter {
            !FieldWords.empty.contains($0) && !FieldWords.common.contains($0)
        }
        var lines: [String: Line] = [:]
        var frequency: [String: Int] = [:]
        for (id, text) in evidence {
            let terms = SpokenTerms(text, known: known, isLine: true)
            let subjects = about[id, default: []].union(own[id].map { [$0] } ?? []).union(
                terms.names.filter(Self.isDevice))
            lines[id] = Line(text: text.lowercased(), terms: terms, subjects: subjects)
            for stem in terms.words { frequency[stem, default: 0] += 1 }
        }
        self.lines = lines
        self.frequency = frequency
    }

    /// How much of a statement's content must stand in its lines.
    enum Measure {
        /// A statement, a root cause.
        case statement
        /// A reason beside something that is judged by itself; its names and numbers must stand there all the same.
        case reason
        /// A change that may name what does not exist yet: only that it has something to do with the lines.
        case novelty

        var share: Double {
            switch self {
            case .statement: 0.4
            case .reason: 0.2
            case .novelty: 0.1
            }
        }
    }

    /// What `text` says that the lines `ids` and their neighbours do not; `nil` when they carry it. Starts lower case.
    func objection(to text: String, citing ids: [String], _ measure: Measure) -> String? {
        let spoken = SpokenTerms(text, known: known, isLine: false)
        let near = scope(of: ids)
        let scope = near.compactMap { lines[$0] }
        let names = spoken.names.filter { $0 != host }
        if measure != .novelty {
            for name in names.sorted() where !scope.contains(where: { holds(name, $0) }) {
                return "\(name) does not appear in the lines it cites"
            }
            for time in spoken.times.sorted() where !scope.contains(where: { $0.text.contains(time) }) {
                return "\(time) does not appear in the lines it cites"
            }
            let quantities = scope.flatMap(\.terms.quantities)
            for quantity in spoken.quantities
            where !quantity.stands(in: quantities) && (quantity.unit != nil || quantity.written != Double(ids.count)) {
                return "\(quantity.text) does not appear in the lines it cites"
            }
        }
        if measure == .statement, let objection = objection(toMood: spoken, ids, scope) { return objection }
        return weigh(spoken, names, scope, near, measure)
    }

    /// What speaks against a summary, which cites nothing: a part of its content stands in no line at all.
    func objection(toSummary text: String) -> String? {
        let spoken = SpokenTerms(text, known: known, isLine: false)
        let scope = Array(lines.values)
        let names = spoken.names.filter { $0 != host }
        let words = spoken.words.filter { $0 != hostStem }
        if let notion = unheard(words, spoken, scope) { return "no line of the prompt says anything about \(notion)" }
        let total = Double(2 * names.count) + words.reduce(0) { $0 + weight($1, spoken) }
        let found = matched(spoken, names, words, in: scope)
        return found.weight >= 0.4 * total ? nil : "the lines of the prompt carry too little of it"
    }

    /// A failure needs a line that tells of one, and health a line that does not tell of the opposite.
    private func objection(toMood spoken: SpokenTerms, _ ids: [String], _ scope: [Line]) -> String? {
        let isTroubled = scope.contains { $0.terms.speaksOfTrouble }
        if spoken.speaksOfFailure || spoken.denies, !isTroubled, !scope.contains(where: \.terms.denies) {
            return "it mentions a failure, but the lines it cites do not"
        }
        if spoken.speaksOfTrouble, spoken.quantities.isEmpty, !isTroubled {
            return "it mentions trouble, but the lines it cites do not"
        }
        if spoken.speaksOnlyOfHealth, isTroubled, !ids.contains(where: { lines[$0]?.terms.speaksOfHealth == true }) {
            return "it says that all is well, but the lines it cites do not"
        }
        return nil
    }

    /// Whether `text` only says that something is well.
    func praises(_ text: String) -> Bool { SpokenTerms(text, known: known, isLine: false).speaksOnlyOfHealth }

    // MARK: Weighing

    private func weigh(
        _ spoken: SpokenTerms, _ names: Set<String>, _ scope: [Line], _ near: Set<String>,
        _ measure: Measure
    ) -> String? {
        let words = spoken.words.filter { $0 != hostStem }
        // What stands in other lines only is what those are about.
        let foreign = words.filter { stem in
            frequency[stem] != nil && isRare(stem) && spoken.concepts[stem] == nil
                && !scope.contains { Self.holds(stem, $0.terms.words) }
        }
        let total =
            Double(2 * names.count)
            + words.reduce(1.5 * Double(foreign.count)) { $0 + weight($1, spoken) }
        if let notion = unheard(words, spoken, scope) { return "the lines it cites say nothing about \(notion)" }
        guard total > 0 else {
            // Its numbers stand there, as was seen above.
            if spoken.common.isSubset(of: ["run"]), !spoken.quantities.isEmpty { return nil }
            let shared = spoken.common.contains { stem in
                scope.contains { $0.terms.common.contains(stem) }
            }
            return shared ? nil : "it shares no word with the lines it cites"
        }
        let found = matched(spoken, names, words, in: scope)
        guard found.isStrong || found.weight >= 0.6 * total && found.weight > 0 else {
            return "it shares only common words with the lines it cites"
        }
        guard found.weight >= measure.share * total else {
            return "the lines it cites carry too little of it"
        }
        guard measure == .statement else { return nil }
        return excess(spoken, words, scope) ?? better(spoken, names, words, near, than: found.weight)
    }

    /// What a statement says beyond its lines. That a line is about the same unit does not make it say the same.
    private func excess(_ spoken: SpokenTerms, _ words: Set<String>, _ scope: [Line]) -> String? {
        let figures = spoken.quantities.contains { $0.written >= 10 || $0.unit != nil } ? 1 : 0
        let strange = words.count { stem in
            frequency[stem] == nil && !scope.contains { Self.holds(stem, $0.terms.words) }
                && !Self.isHeard(stem, spoken, scope)
        }
        guard 2 * strange <= words.count - strange + figures else { return "it says more than the lines it cites" }
        let said = Double(figures) + matched(spoken, [], words, in: scope).weight
        let saying = Double(figures) + words.reduce(0) { $0 + weight($1, spoken) }
        return said >= 0.5 * saying ? nil : "the lines it cites speak of the same, and say something else"
    }

    /// What another line says far better belongs to that one.
    private func better(
        _ spoken: SpokenTerms, _ names: Set<String>, _ words: Set<String>, _ near: Set<String>, than weight: Double
    ) -> String? {
        let other = lines.filter { !near.contains($0.key) }
            .map { (id: $0.key, weight: matched(spoken, names, words, in: [$0.value]).weight) }
            .max { ($0.weight, $1.id) < ($1.weight, $0.id) }
        guard let other, other.weight >= 2 * weight, other.weight >= weight + 2 else { return nil }
        return "\(other.id) says it, not the lines it cites"
    }

    private func matched(
        _ spoken: SpokenTerms, _ names: Set<String>, _ words: Set<String>, in scope: [Line]
    ) -> (weight: Double, isStrong: Bool) {
        var weight = 0.0
        var isStrong = false
        for name in names where scope.contains(where: { holds(name, $0) }) {
            weight += 2
            isStrong = true
        }
        let quantities = scope.flatMap(\.terms.quantities)
        for quantity in spoken.quantities where quantity.written >= 10 && quantity.stands(in: quantities) {
            isStrong = true
        }
        for stem in words {
            if scope.contains(where: { Self.holds(stem, $0.terms.words) }) {
                weight += self.weight(stem, spoken)
                isStrong = isStrong || isRare(stem)
            } else if Self.isHeard(stem, spoken, scope) {
                weight += 0.7 * self.weight(stem, spoken)
                isStrong = true
            }
        }
        return (weight, isStrong)
    }

    /// What a word of `words` stands for in the field, and no line of `scope` in any word: it is what is spoken of.
    private func unheard(_ words: Set<String>, _ spoken: SpokenTerms, _ scope: [Line]) -> String? {
        for stem in words.sorted() {
            guard let notion = spoken.concepts[stem]?.intersection(FieldWords.strict).min() else { continue }
            if !scope.contains(where: { Self.holds(stem, $0.terms.words) }), !Self.isHeard(stem, spoken, scope) {
                return notion
            }
        }
        return nil
    }

    /// Whether lines have another word for the same thing.
    private static func isHeard(_ stem: String, _ spoken: SpokenTerms, _ scope: [Line]) -> Bool {
        guard let notions = spoken.concepts[stem] else { return false }
        return scope.contains { $0.terms.concepts.values.contains { !$0.isDisjoint(with: notions) } }
    }

    /// A word of which the field has a notion, or a rare one, is what a statement is about.
    private func weight(_ stem: String, _ spoken: SpokenTerms) -> Double {
        spoken.concepts[stem] != nil || frequency[stem] != nil && isRare(stem) ? 2 : 1
    }

    private func isRare(_ stem: String) -> Bool {
        frequency[stem, default: 0] <= max(2, lines.count / 5)
    }

    private static func holds(_ stem: String, _ words: Set<String>) -> Bool {
        if words.contains(stem) { return true }
        guard stem.count >= 4 else { return false }
        return words.contains {
            $0.count >= 4 && ($0.hasPrefix(stem) || stem.hasPrefix($0) && $0.count >= 5)
        }
    }

    /// Whether `name` stands in the line by itself. A part of a path is enough for a path.
    private func holds(_ name: String, _ line: Line) -> Bool {
        if line.subjects.contains(name) || line.terms.names.contains(name) { return true }
        if name.count >= 5, line.subjects.contains(where: { Self.isVariant($0, name) }) { return true }
        guard name != "/" else { return false }
        return name.first == "/" || name.contains(".") ? line.text.contains(name) : Citations.holds(name, in: line.text)
    }

    /// `postgres` and `postgresql`, `smb` and `smbd`: one name with an ending of the field.
    private static func isVariant(_ one: String, _ other: String) -> Bool {
        let (short, long) = one.count < other.count ? (one, other) : (other, one)
        guard short.count >= 3, long.hasPrefix(short) else { return false }
        return ["d", "ql", "s", "-server", "-daemon"].contains(String(long.dropFirst(short.count)))
    }
}
