// SPDX-License-Identifier: MIT

/// What lines are about, and which belong together.
extension Carrying {
    /// The cited lines, and every other line about one of the same units or devices.
    func scope(of ids: [String]) -> Set<String> {
        let subjects = ids.compactMap { lines[$0]?.subjects }.reduce(into: Set()) { $0.formUnion($1) }
        return Set(ids).union(lines.filter { !$0.value.subjects.isDisjoint(with: subjects) }.keys)
    }

    /// Units that a line names, and what logged it unless that logs everything.
    static func subjects(of text: String) -> Set<String> {
        var subjects = SpokenTerms(text, known: [], isLine: true).names.filter {
            $0.first != "/" && !$0.contains(":") && !isAddress($0)
        }
        for line in text.split(separator: "\n") {
            guard let source = source(of: line) else { continue }
            if !FieldWords.sharedSources.contains(source) {
                subjects.formUnion(source.split(separator: "/").map(String.init))
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

    static func name(_ subject: String) -> String {
        subject.hasSuffix(".service") ? String(subject.dropLast(8)) : subject
    }

    private static func isAddress(_ name: String) -> Bool {
        name.allSatisfy { $0.isNumber || $0 == "." || $0 == "/" }
    }

    static func isDevice(_ name: String) -> Bool {
        name.first != "/" && name.contains(where: \.isNumber) && !isAddress(name)
    }
}
