// SPDX-License-Identifier: MIT
import MachaModel
import Yams

/// One YAML file as a tree with positions, together with what is wrong with it as YAML.
package struct YAMLDocument: Sendable {
    /// `nil` when the file holds nothing, or cannot be read as YAML.
    package var root: YAMLNode?
    package var mistakes: [Mistake] = []
    /// Whether `root` is all the file says. After a syntax error it is not: what it may have defined is unknown.
    package var isComplete = true

    /// Reads `text`. `file` is only used in positions.
    package init(_ text: String, file: String) {
        let text = text.unicodeScalars.first == "\u{feff}" ? String(text.unicodeScalars.dropFirst()) : text
        var editor = KeyRenamer(text)
        do throws(Failure) {
            let parsed = try Self.parse(&editor)
            var builder = TreeBuilder(file: file, renamed: editor.renamed)
            root = parsed.root.map { builder.node($0) }
            mistakes += builder.mistakes
            if let second = parsed.second {
                let place = SourcePosition(file: file, line: second.line, column: second.column)
                mistakes.append(Mistake("a second YAML document starts here; a file may contain only one", at: place))
            }
        } catch {
            isComplete = false
            // There is no tree to find the second of two equal keys in, so the first stands for both.
            let failures = editor.renamed.map { Failure("key \($1.quoted) is given twice", at: $0) } + [error]
            mistakes += failures.map { failure in
                Mistake(
                    failure.message,
                    at: SourcePosition(file: file, line: failure.place.line, column: failure.place.column))
            }
            mistakes.sort { $0.position < $1.position }
        }
    }

    private struct Failure: Error {
        var message: String
        var place: LinePlace

        init(_ message: String, at place: LinePlace) {
            self.message = message
            self.place = place
        }
    }

    /// Parses until no duplicate key stands in the way.
    ///
    /// Yams refuses a whole file for one duplicate key and names only the first. So that everything else in the file is
    /// still checked, that key is renamed in a copy of the text and the copy is parsed again.
    private static func parse(_ editor: inout KeyRenamer) throws(Failure) -> (root: Node?, second: LinePlace?) {
        while true {
            do {
                // Without resolver rules no key is matched against regular expressions, which would triple the time.
                let parser = try Parser(yaml: editor.text, resolver: .basic, encoding: .utf8)
                let root = try parser.nextRoot()
                return (root, try parser.nextRoot()?.mark.map { LinePlace($0) })
            } catch YamlError.duplicatedKeysInMapping(let names, let context) {
                guard editor.rename(names.first ?? "", at: LinePlace(context.mark)) else {
                    throw Failure("key \((names.first ?? "").quoted) is given twice", at: LinePlace(context.mark))
                }
            } catch {
                throw syntaxFailure(error, in: editor.text)
            }
        }
    }

    private static func syntaxFailure(_ error: any Error, in text: String) -> Failure {
        switch error {
        case YamlError.scanner(let context, let problem, let mark, _),
            YamlError.parser(let context, let problem, let mark, _),
            YamlError.composer(let context, let problem, let mark, _):
            let begun = context.map { " (\($0.text) that begins on line \($0.mark.line))" } ?? ""
            let place = LinePlace(mark)
            let hint = SourceLines(text).scalar(at: place) == "\t" ? "; YAML indents with spaces, not with tabs" : ""
            return Failure("not valid YAML: \(problem)\(begun)\(hint)", at: place)
        case YamlError.reader(let problem, let offset, _, _):
            return Failure("not valid YAML: \(problem)", at: SourceLines(text).place(atCharacter: offset ?? 0))
        default:
            return Failure("not valid YAML: \(error)", at: LinePlace(line: 1, column: 1))
        }
    }
}

extension LinePlace {
    fileprivate init(_ mark: Mark) { self.init(line: mark.line, column: mark.column) }
}

/// Turns Yams' nodes into ours.
private struct TreeBuilder {
    let file: String
    let renamed: [LinePlace: String]
    var mistakes: [Mistake] = []
    /// Aliases of aliases grow exponentially; tens of thousands of hosts stay below this.
    private var nodesLeft = 500_000

    init(file: String, renamed: [LinePlace: String]) {
        self.file = file
        self.renamed = renamed
    }

    mutating func node(_ node: Node) -> YAMLNode {
        let place = position(node.mark)
        nodesLeft -= 1
        guard nodesLeft > 0 else {
            if nodesLeft == 0 { mistakes.append(Mistake("aliases expand to more than 500,000 values", at: place)) }
            return YAMLNode(kind: .sequence([]), position: place)
        }
        switch node {
        case .scalar(let scalar):
            return YAMLNode(kind: .scalar(scalar.string, isPlain: scalar.style == .plain), position: place)
        case .sequence(let items):
            return YAMLNode(kind: .sequence(items.map { self.node($0) }), position: place)
        case .mapping(let pairs):
            return YAMLNode(kind: .mapping(entries(pairs)), position: place)
        case .alias:
            return YAMLNode(kind: .scalar("", isPlain: true), position: place)  // the parser has resolved them all
        }
    }

    private mutating func entries(_ pairs: Node.Mapping) -> [YAMLEntry] {
        var entries: [YAMLEntry] = []
        var merged: [YAMLEntry] = []
        var first: [String: SourcePosition] = [:]
        for (key, value) in pairs {
            let place = position(key.mark)
            guard case .scalar(let scalar) = key else {
                mistakes.append(Mistake("a key must be plain text", at: place))
                continue
            }
            if scalar.string == "<<", scalar.style == .plain {
                merged += merge(node(value))
                continue
            }
            let name = renamed[LinePlace(line: place.line, column: place.column)] ?? scalar.string
            if let earlier = first[name] {
                let message = "key \(name.quoted) is given twice; the first is on line \(earlier.line)"
                mistakes.append(Mistake(message, at: place))
            } else {
                first[name] = place
            }
            entries.append(YAMLEntry(key: name, position: place, value: node(value)))
        }
        // yaml.org/type/merge.html: keys of the mapping itself win, then earlier merged mappings over later ones.
        for entry in merged where first[entry.key] == nil {
            first[entry.key] = entry.position
            entries.append(entry)
        }
        return entries
    }

    private mutating func merge(_ value: YAMLNode) -> [YAMLEntry] {
        switch value.kind {
        case .mapping(let entries): return entries
        case .sequence(let items): return items.flatMap { merge($0) }
        case .scalar:
            mistakes.append(Mistake("'<<' merges a mapping or a list of mappings", at: value.position))
            return []
        }
    }

    private func position(_ mark: Mark?) -> SourcePosition {
        SourcePosition(file: file, line: mark?.line ?? 1, column: mark?.column ?? 1)
    }
}
