// SPDX-License-Identifier: MIT
import MachaModel

/// What a statement rests on, and whether it speaks of things that exist.
enum Citations {
    /// The ids that `item` cites and that were in the prompt, each once.
    static func real(in item: JSONValue, among evidence: [String: String]) -> [String] {
        var found: [String] = []
        for id in (item["evidence"]?.array ?? []).compactMap(\.string) {
            let trimmed = String(id.drop { "[(# ".contains($0) }.prefix { !"]):, ".contains($0) })
            if evidence[trimmed] != nil, !found.contains(trimmed) { found.append(trimmed) }
        }
        return found
    }

    /// What the name of a unit ends with.
    static let unitSuffixes = UnitName.Kind.allCases.map { ".\($0.rawValue)" }

    /// The first unit or absolute path that `text` names and `evidence` does not hold; `nil` when there is none.
    ///
    /// A service may be named by its stem, as journals do: `nginx.service` is known when a line speaks of `nginx`.
    static func stranger(in text: String, evidence: String) -> String? {
        for word in text.split(whereSeparator: { $0.isWhitespace || "\"'`()[]{}<>,;!?“”‘’".contains($0) }) {
            var name = word
            while let last = name.last, ".:".contains(last) { name.removeLast() }
            if let suffix = unitSuffixes.first(where: { name.hasSuffix($0) && name.count > $0.count }) {
                let stem = name.dropLast(suffix.count)
                let isKnown =
                    evidence.contains(name) || suffix == ".service" && holds(String(stem), in: evidence)
                if !isKnown { return String(name) }
            } else if name.first == "/", name.count > 1, name.dropFirst().contains(where: \.isLetter),
                !evidence.contains(name)
            {
                return String(name)
            }
        }
        return nil
    }

    /// The units that lines name, in order of the alphabet.
    static func units(in evidence: [String: String]) -> [String] {
        var units: Set<String> = []
        for text in evidence.values {
            for word in text.split(whereSeparator: { $0.isWhitespace || "\"'`()[]{}<>,;!?=|".contains($0) }) {
                var name = word
                while let last = name.last, ".:".contains(last) { name.removeLast() }
                guard unitSuffixes.contains(where: { name.hasSuffix($0) }), let unit = try? UnitName(String(name))
                else {
                    continue
                }
                units.insert(unit.description)
            }
        }
        return units.sorted()
    }

    /// Whether `word` stands in `text` by itself.
    static func holds(_ word: String, in text: String) -> Bool {
        var rest = text[...]
        while let range = rest.firstRange(of: word) {
            let before = range.lowerBound > text.startIndex ? text[text.index(before: range.lowerBound)] : " "
            let after = range.upperBound < text.endIndex ? text[range.upperBound] : " "
            if !isWord(before), !isWord(after) { return true }
            rest = rest[range.upperBound...]
        }
        return false
    }

    private static func isWord(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "-" || character == "_" || character == "@"
    }
}
