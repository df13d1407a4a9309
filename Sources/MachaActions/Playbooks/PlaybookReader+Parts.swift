// SPDX-License-Identifier: MIT
import MachaFindings
import MachaInventory
import MachaModel

/// Conditions, parameters, and limits.
extension PlaybookReader {
    static let conditionKeys = [
        "finding", "subject", "not-subject", "severity", "seen-for", "evidence", "not-evidence",
    ]
    static let hostKeys = ["nixos", "groups", "tags"]
    static let parameterKeys = ["type", "description", "default", "from", "capture", "pattern", "optional"]
    static let limitKeys = ["per-hour"]

    /// One condition, or a list of them of which any will do.
    mutating func conditions(_ entry: YAMLEntry) -> [FindingCondition] {
        let nodes: [YAMLNode] = if case .sequence(let items) = entry.value.kind { items } else { [entry.value] }
        if nodes.isEmpty {
            mistakes.append(
                Mistake("\(entry.key.quoted) is empty; leave it out, or name a finding", at: entry.position))
        }
        return nodes.compactMap { condition($0, entry.key) }
    }

    private mutating func condition(_ node: YAMLNode, _ key: String) -> FindingCondition? {
        // A kind alone is short for a condition without any more.
        if case .scalar(let text, _) = node.kind, !node.isNull {
            return kind(text, node).map { FindingCondition(kinds: [$0]) }
        }
        guard let fields = mapping(node, "a condition of \(key.quoted)", known: Self.conditionKeys) else { return nil }
        guard let finding = fields["finding"] else {
            mistakes.append(Mistake("a condition of \(key.quoted) needs 'finding'", at: node.position))
            return nil
        }
        var condition = FindingCondition(kinds: [])
        condition.kinds = nodes(finding).compactMap { item in
            text(item, finding.key).flatMap { kind($0, item) }
        }
        if let entry = fields["subject"] { condition.subjects = list(entry, SubjectPattern.init) }
        if let entry = fields["not-subject"] { condition.notSubjects = list(entry, SubjectPattern.init) }
        if let severity: Severity = value(fields["severity"], ParameterReader.word) { condition.severity = severity }
        condition.seenFor = value(fields["seen-for"], ActionSpan.init)
        if let entry = fields["evidence"] { condition.evidence = list(entry, SubjectPattern.init) }
        if let entry = fields["not-evidence"] { condition.notEvidence = list(entry, SubjectPattern.init) }
        return condition
    }

    private mutating func kind(_ text: String, _ node: YAMLNode) -> FindingKind? {
        if let kind = FindingKind(rawValue: text) { return kind }
        mistakes.append(
            Mistake(
                "there is no finding \(text.quoted)", at: node.position,
                suggestion: text.nearest(in: FindingKind.allCases.map(\.rawValue).sorted())))
        return nil
    }

    mutating func hosts(_ entry: YAMLEntry) -> HostCondition {
        var condition = HostCondition()
        guard let fields = mapping(entry.value, "'hosts'", known: Self.hostKeys) else { return condition }
        condition.isNixOS = value(fields["nixos"], ParameterReader.flag)
        if let entry = fields["groups"] { condition.groups = list(entry, InventoryValue.name) }
        if let entry = fields["tags"] { condition.tags = list(entry, InventoryValue.name) }
        return condition
    }

    mutating func limit(_ entry: YAMLEntry) -> Int? {
        guard let fields = mapping(entry.value, "'limits'", known: Self.limitKeys) else { return nil }
        return value(fields["per-hour"]) { (text) throws(ValueValidationError) in
            guard let number = wholeNumber(text[...]), (1...1000).contains(number) else {
                throw ValueValidationError("\(text.quoted) is not a valid limit; use a number from 1 to 1000")
            }
            return number
        }
    }

    mutating func parameters(_ entry: YAMLEntry) -> [PlaybookParameter] {
        guard case .mapping(let entries) = entry.value.kind else {
            mistakes.append(
                Mistake("'parameters' must be a mapping, not \(entry.value.kindName)", at: entry.value.position))
            return []
        }
        return entries.compactMap { parameter($0) }
    }

    private mutating func parameter(_ entry: YAMLEntry) -> PlaybookParameter? {
        let what = "parameter \(entry.key.quoted)"
        if !Template.isName(entry.key) || ["host", "summary"].contains(entry.key) {
            mistakes.append(
                Mistake(
                    "\(what): use lower-case letters, digits and dashes, not 'host' or 'summary'", at: entry.position))
        }
        guard let fields = mapping(entry.value, what, known: Self.parameterKeys) else { return nil }
        guard fields["type"] != nil else {
            mistakes.append(Mistake("\(what) needs 'type'", at: entry.position))
            return nil
        }
        guard let kind: PlaybookParameter.Kind = value(fields["type"], ParameterReader.word) else { return nil }
        var parameter = PlaybookParameter(name: entry.key, kind: kind)
        parameter.description = value(fields["description"]) { (text) throws(ValueValidationError) in text } ?? ""
        parameter.source = value(fields["from"], PlaybookParameter.Source.init)
        parameter.capture = value(fields["capture"], PlaybookParameter.Capture.init)
        parameter.pattern = value(fields["pattern"], SubjectPattern.init)
        parameter.isOptional = value(fields["optional"], ParameterReader.flag) ?? false
        let unchecked = parameter
        parameter.fallback = value(fields["default"]) { (text) throws(ValueValidationError) in
            try unchecked.check(text)
            return text
        }
        if parameter.capture != nil, fields["from"] == nil, let place = fields["capture"]?.position {
            mistakes.append(Mistake("\(what): 'capture' needs 'from'", at: place))
        }
        return parameter
    }
}

/// Single values, lists and mappings.
extension PlaybookReader {
    /// The keys of a mapping; what is unknown is a mistake and left out.
    mutating func mapping(_ node: YAMLNode, _ what: String, known: [String]) -> [String: YAMLEntry]? {
        guard case .mapping(let entries) = node.kind else {
            mistakes.append(Mistake("\(what) must be a mapping, not \(node.kindName)", at: node.position))
            return nil
        }
        var fields: [String: YAMLEntry] = [:]
        for entry in entries {
            guard known.contains(entry.key) else {
                mistakes.append(.unknownKey(entry, "in \(what)", known: known))
                continue
            }
            if fields[entry.key] == nil { fields[entry.key] = entry }
        }
        return fields
    }

    /// The meaning of a single value; `nil` when it is not given or wrong.
    mutating func value<Value>(_ entry: YAMLEntry?, _ meaning: (String) throws(ValueValidationError) -> Value)
        -> Value?
    {
        guard let entry, let text = text(entry.value, entry.key) else { return nil }
        return value(text, entry.value, entry.key, meaning)
    }

    /// The meanings of a list, or of a single value.
    mutating func list<Value>(_ entry: YAMLEntry, _ meaning: (String) throws(ValueValidationError) -> Value) -> [Value]
    {
        nodes(entry).compactMap { node in
            text(node, entry.key).flatMap { value($0, node, entry.key, meaning) }
        }
    }

    func nodes(_ entry: YAMLEntry) -> [YAMLNode] {
        if case .sequence(let items) = entry.value.kind { items } else { [entry.value] }
    }

    mutating func text(_ node: YAMLNode, _ key: String) -> String? {
        guard case .scalar(let text, _) = node.kind, !node.isNull else {
            mistakes.append(Mistake("\(key.quoted) must be a single value, not \(node.kindName)", at: node.position))
            return nil
        }
        return text
    }

    private mutating func value<Value>(
        _ text: String, _ node: YAMLNode, _ key: String, _ meaning: (String) throws(ValueValidationError) -> Value
    ) -> Value? {
        do throws(ValueValidationError) {
            return try meaning(text)
        } catch {
            mistakes.append(
                Mistake("\(key.quoted): \(error.description)", at: node.position, suggestion: error.suggestion))
            return nil
        }
    }
}
