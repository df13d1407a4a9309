// SPDX-License-Identifier: MIT

/// Whether the lines that a statement cites carry what it says.
///
/// That an id exists says nothing: a model can put any id behind any sentence. A statement has to share its content with the
/// lines it cites, or with others of the same unit or device: every name and number in it stands there, and enough of its
/// other words do. A rare word weighs more than one that half of the prompt uses. What another line says far better is
/// cited wrongly.
struct Carrying {
    private struct Line {
        var text: String
        var terms: SpokenTerms
        /// Units, sources and devices that the line is about.
        var subjects: Set<String>
    }

    private let lines: [String: Line]
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
                return "\(name) does not stand in the lines it cites"
            }
            for time in spoken.times.sorted() where !scope.contains(where: { $0.text.contains(time) }) {
                return "\(time) does not stand in the lines it cites"
            }
            let numbers = scope.flatMap(\.terms.numbers)
            for number in spoken.numbers
            where !Self.stands(number, in: numbers) && number != Double(ids.count) {
                return "\(Self.text(number)) does not stand in the lines it cites"
            }
        }
        if measure == .statement, spoken.speaksOfFailure,
            !scope.contains(where: \.terms.speaksOfTrouble)
        {
            return "it speaks of a failure, and the lines it cites do not"
        }
        return weigh(spoken, names, scope, near, measure)
    }

    /// What speaks against a summary, which cites nothing: a part of its content stands in no line at all.
    func objection(toSummary text: String) -> String? {
        let spoken = SpokenTerms(text, known: known, isLine: false)
        let scope = Array(lines.values)
        let names = spoken.names.filter { $0 != host }
        let words = spoken.words.filter { $0 != hostStem }
        let total = Double(2 * names.count) + words.reduce(0) { $0 + weight($1, spoken) }
        let found = matched(spoken, names, words, in: scope)
        return found.weight >= 0.4 * total ? nil : "the lines of the prompt carry too little of it"
    }

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
        guard total > 0 else {
            // Its numbers stand there, as was seen above.
            if spoken.common.isEmpty, !spoken.numbers.isEmpty { return nil }
            let shared = spoken.common.contains { stem in
                scope.contains { $0.terms.common.contains(stem) }
            }
            return shared ? nil : "it shares no word with the lines it cites"
        }
        let found = matched(spoken, names, words, in: scope)
        guard found.isStrong || found.weight >= 0.6 * total && found.weight > 0 else {
            return "it shares nothing with the lines it cites but what stands everywhere"
        }
        guard found.weight >= measure.share * total else {
            return "the lines it cites carry too little of it"
        }
        guard measure == .statement else { return nil }
        // That a line is about the same unit does not make it say the same.
        let figures = Double(spoken.numbers.count { $0 >= 10 })
        let said = figures + matched(spoken, [], words, in: scope).weight
        let saying = figures + words.reduce(0) { $0 + weight($1, spoken) }
        guard said >= 0.3 * saying else {
            return "the lines it cites speak of the same, and say something else"
        }
        // What another line says far better belongs to that one.
        let other = lines.filter { !near.contains($0.key) }
            .map { (id: $0.key, weight: matched(spoken, names, words, in: [$0.value]).weight) }
            .max { ($0.weight, $1.id) < ($1.weight, $0.id) }
        if let other, other.weight >= 2 * found.weight, other.weight >= found.weight + 2 {
            return "\(other.id) speaks of it, not the lines it cites"
        }
        return nil
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
        let numbers = scope.flatMap(\.terms.numbers)
        for number in spoken.numbers where number >= 10 && Self.stands(number, in: numbers) {
            isStrong = true
        }
        for stem in words {
            if scope.contains(where: { Self.holds(stem, $0.terms.words) }) {
                weight += self.weight(stem, spoken)
                isStrong = isStrong || isRare(stem)
            } else if let concept = spoken.concepts[stem],
                scope.contains(where: { $0.terms.concepts.values.contains(concept) })
            {
                weight += 0.7 * self.weight(stem, spoken)
                isStrong = true
            }
        }
        return (weight, isStrong)
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
        return name.first == "/" ? line.text.contains(name) : Citations.holds(name, in: line.text)
    }

    /// `postgres` and `postgresql`, `smb` and `smbd`: one name with an ending of the field.
    private static func isVariant(_ one: String, _ other: String) -> Bool {
        let (short, long) = one.count < other.count ? (one, other) : (other, one)
        guard short.count >= 3, long.hasPrefix(short) else { return false }
        return ["d", "ql", "s", "-server", "-daemon"].contains(String(long.dropFirst(short.count)))
    }

    // MARK: Numbers

    /// Factors between the units that people and logs give one quantity in.
    private static let factors: [Double] = [
        1_024, 1_048_576, 1_073_741_824, 1_000, 1_000_000, 1_000_000_000, 60, 3_600, 86_400,
    ]

    /// Whether one of `numbers` is this one, rounded or in another unit.
    private static func stands(_ number: Double, in numbers: [Double]) -> Bool {
        numbers.contains { other in
            if other == number || other.rounded() == number
                || (other * 100).rounded() == number && other < 1
            {
                return true
            }
            return factors.contains { factor in
                let scaled = other / factor
                return scaled >= 1 && abs(scaled - number) <= max(0.05, 0.02 * number)
            }
        }
    }

    private static func text(_ number: Double) -> String {
        number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : String(number)
    }

    // MARK: Neighbours

    /// The cited lines, and every other line about one of the same units or devices.
    private func scope(of ids: [String]) -> Set<String> {
        let subjects = ids.compactMap { lines[$0]?.subjects }.reduce(into: Set()) { $0.formUnion($1) }
        return Set(ids).union(lines.filter { !$0.value.subjects.isDisjoint(with: subjects) }.keys)
    }

    /// Units that a line names, and what logged it unless that logs everything.
    private static func subjects(of text: String) -> Set<String> {
        var subjects = SpokenTerms(text, known: [], isLine: true).names.filter {
            $0.first != "/" && !$0.contains(":") && !isAddress($0)
        }
        for line in text.split(separator: "\n") {
            guard let source = source(of: line) else { continue }
            if !FieldWords.sharedSources.contains(source) {
                subjects.insert(source)
            } else if let part = part(of: line, behind: source) {
                subjects.insert(part)
            }
        }
        return subjects
    }

    /// What part of the kernel or of another common source speaks: `kernel: nfs: server …`, `kernel: EXT4-fs (sda1): …`.
    private static func part(of line: Substring, behind source: String) -> String? {
        guard let start = line.firstRange(of: source)?.upperBound else { return nil }
        let words = line[start...].drop { $0 != " " }.split(separator: " ").prefix(3)
        guard words.contains(where: { $0.hasSuffix(":") }), let first = words.first else { return nil }
        let name = first.prefix { $0 != ":" && $0 != "[" && $0 != "(" }
        return name.count > 1 && name.contains(where: \.isLetter) ? String(name) : nil
    }

    /// What logged a line of a digest: `10:01:02 ×3 nginx: bind() …`.
    private static func source(of line: Substring) -> String? {
        for word in line.split(separator: " ").prefix(4) {
            if word.first?.isNumber == true || word.first == "×" || word.first == "–" { continue }
            guard word.last == ":", word.count > 1 else { return nil }
            return name(String(word.dropLast().prefix { $0 != "[" && $0 != "(" }))
        }
        return nil
    }

    private static func name(_ subject: String) -> String {
        subject.hasSuffix(".service") ? String(subject.dropLast(8)) : subject
    }

    private static func isAddress(_ name: String) -> Bool {
        name.allSatisfy { $0.isNumber || $0 == "." || $0 == "/" }
    }

    private static func isDevice(_ name: String) -> Bool {
        name.first != "/" && name.contains(where: \.isNumber) && !isAddress(name)
    }
}
