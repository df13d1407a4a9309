// SPDX-License-Identifier: MIT
import MachaInventory
import MachaModel

/// Steps and checks.
extension PlaybookReader {
    mutating func steps(_ entry: YAMLEntry, _ parameters: [PlaybookParameter]) -> [StepTemplate] {
        items(entry).compactMap { node in
            guard let step = step(node, entry.key) else { return nil }
            return tryOut(step, parameters) ? step : nil
        }
    }

    /// `evidence`: a list of questions, each as the parameters of a `diagnose` step.
    mutating func questions(_ entry: YAMLEntry) -> [StepTemplate] {
        items(entry).compactMap { node in
            guard case .mapping(let entries) = node.kind else {
                mistakes.append(Mistake("an item of 'evidence' must be a mapping with 'what'", at: node.position))
                return nil
            }
            return values(entries, node).map {
                StepTemplate(kind: .diagnose, parameters: $0, position: node.position)
            }
        }
    }

    mutating func checks(_ entry: YAMLEntry, _ parameters: [PlaybookParameter]) -> [CheckTemplate] {
        items(entry).compactMap { node in
            guard let (name, rest) = named("check", node, entry.key) else { return nil }
            guard let kind = Check.Kind(rawValue: name.text) else {
                unknown("check", name, Check.Kind.allCases.map(\.rawValue))
                return nil
            }
            guard let values = values(rest, node) else { return nil }
            var texts: [String: Template] = [:]
            for (key, value) in values {
                guard case .text(let template) = value else {
                    mistakes.append(Mistake("\(key.quoted) must be a single value, not a list", at: node.position))
                    return nil
                }
                texts[key] = template
            }
            let check = CheckTemplate(kind: kind, parameters: texts, position: node.position)
            guard checkPlaceholders(Set(texts.values.flatMap(\.placeholders)), parameters, node) else { return nil }
            do throws(ParameterMistakes) {
                _ = try check.check(Self.samples(parameters))
                return check
            } catch {
                report(error, in: rest, node)
                return nil
            }
        }
    }

    private mutating func step(_ node: YAMLNode, _ key: String) -> StepTemplate? {
        guard let (name, rest) = named("action", node, key) else { return nil }
        guard let kind = Action.Kind(rawValue: name.text) else {
            unknown("action", name, Action.Kind.allCases.map(\.rawValue))
            return nil
        }
        return values(rest, node).map { StepTemplate(kind: kind, parameters: $0, position: node.position) }
    }

    /// Fills the step with sample values: whatever is wrong then is wrong with the playbook.
    @discardableResult
    mutating func tryOut(_ step: StepTemplate, _ parameters: [PlaybookParameter]) -> Bool {
        let isProse = step.kind.quotesFindings
        let node = YAMLNode(kind: .mapping([]), position: step.position)
        guard checkPlaceholders(step.placeholders, parameters, node, isProse: isProse) else { return false }
        do throws(ParameterMistakes) {
            _ = try step.action(Self.samples(parameters))
            return true
        } catch {
            for entry in error.entries {
                let name = entry.parameter.map { "\($0.quoted) of " } ?? ""
                mistakes.append(
                    Mistake(
                        "\(name)\(step.kind.rawValue.quoted): \(entry.complaint.description)",
                        at: places[Place(step.position, entry.parameter ?? "")] ?? step.position,
                        suggestion: entry.complaint.suggestion))
            }
            return false
        }
    }

    static func samples(_ parameters: [PlaybookParameter]) -> [String: String] {
        var samples = Dictionary(parameters.map { ($0.name, $0.sample) }, uniquingKeysWith: { first, _ in first })
        samples["host"] = "example"
        samples["summary"] = "Something is wrong."
        return samples
    }

    @discardableResult
    mutating func checkPlaceholders(
        _ names: Set<String>, _ parameters: [PlaybookParameter], _ node: YAMLNode, isProse: Bool = false
    ) -> Bool {
        let known = parameters.map(\.name) + ["host"] + (isProse ? ["summary"] : [])
        let unknown = names.subtracting(known).sorted()
        for name in unknown {
            mistakes.append(
                Mistake(
                    "there is no parameter \(name.quoted)", at: node.position, suggestion: name.nearest(in: known)))
        }
        return unknown.isEmpty
    }

    private mutating func items(_ entry: YAMLEntry) -> [YAMLNode] {
        guard case .sequence(let items) = entry.value.kind else {
            mistakes.append(
                Mistake("\(entry.key.quoted) must be a list, not \(entry.value.kindName)", at: entry.value.position))
            return []
        }
        return items
    }

    /// The key that says what an item is, and the other keys.
    private mutating func named(_ word: String, _ node: YAMLNode, _ list: String)
        -> (name: (text: String, position: SourcePosition), rest: [YAMLEntry])?
    {
        guard case .mapping(let entries) = node.kind else {
            mistakes.append(
                Mistake("an item of \(list.quoted) must be a mapping with \(word.quoted)", at: node.position))
            return nil
        }
        guard let entry = entries.first(where: { $0.key == word }) else {
            mistakes.append(Mistake("an item of \(list.quoted) needs \(word.quoted)", at: node.position))
            return nil
        }
        return text(entry.value, word).map { (($0, entry.value.position), entries.filter { $0.key != word }) }
    }

    private mutating func unknown(_ what: String, _ name: (text: String, position: SourcePosition), _ known: [String]) {
        let nearest = name.text.nearest(in: known)
        let list = nearest == nil ? "; known: \(known.joined(separator: ", "))" : ""
        mistakes.append(
            Mistake("there is no \(what) \(name.text.quoted)\(list)", at: name.position, suggestion: nearest))
    }

    private mutating func values(_ entries: [YAMLEntry], _ node: YAMLNode) -> [String: StepTemplate.Value]? {
        var values: [String: StepTemplate.Value] = [:]
        var isWhole = true
        for entry in entries {
            places[Place(node.position, entry.key)] = entry.value.position
            if case .sequence = entry.value.kind {
                let words = list(entry, Template.init)
                isWhole = isWhole && words.count == nodes(entry).count
                values[entry.key] = .words(words)
            } else if let template = value(entry, Template.init) {
                values[entry.key] = .text(template)
            } else {
                isWhole = false
            }
        }
        return isWhole ? values : nil
    }

    private mutating func report(_ error: ParameterMistakes, in entries: [YAMLEntry], _ node: YAMLNode) {
        for entry in error.entries {
            let place = entries.first { $0.key == entry.parameter }?.value.position ?? node.position
            let name = entry.parameter.map { "\($0.quoted): " } ?? ""
            mistakes.append(
                Mistake(name + entry.complaint.description, at: place, suggestion: entry.complaint.suggestion))
        }
    }
}
