// SPDX-License-Identifier: MIT
import MachaModel

/// `silences:`, a list of what is known for good.
extension InventoryReader {
    private enum SilenceKey: String, CaseIterable {
        case hosts, kind, subject, reason
    }

    mutating func silences(_ node: YAMLNode) -> [ReadSilence] {
        if node.isNull { return [] }
        guard case .sequence(let items) = node.kind else {
            mistakes.append(Mistake("silences must be a list, not \(node.kindName)", at: node.position))
            return []
        }
        return items.compactMap { silence($0) }
    }

    private mutating func silence(_ node: YAMLNode) -> ReadSilence? {
        guard case .mapping(let entries) = node.kind else {
            mistakes.append(
                Mistake(
                    "a silence must be a mapping with 'hosts' and 'reason', not \(node.kindName)", at: node.position))
            return nil
        }
        let before = mistakes.count
        var values: [SilenceKey: (text: String, position: SourcePosition)] = [:]
        for entry in entries {
            guard let key = SilenceKey(rawValue: entry.key) else {
                let known = SilenceKey.allCases.map(\.rawValue)
                mistakes.append(.unknownKey(entry, "in a silence", known: known))
                continue
            }
            guard case .scalar(let text, _) = entry.value.kind, !entry.value.isNull, !text.isEmpty else {
                mistakes.append(
                    Mistake("\(entry.key.quoted) of a silence must be a text", at: entry.value.position))
                continue
            }
            values[key] = (text, entry.value.position)
        }
        guard mistakes.count == before else { return nil }
        return silence(values, at: node.position)
    }

    private mutating func silence(
        _ values: [SilenceKey: (text: String, position: SourcePosition)], at position: SourcePosition
    ) -> ReadSilence? {
        guard let hosts = values[.hosts], let reason = values[.reason] else {
            let missing = values[.hosts] == nil ? "hosts" : "reason"
            mistakes.append(Mistake("a silence needs \(missing.quoted)", at: position))
            return nil
        }
        let selector: HostSelector
        do throws(SelectorError) {
            selector = try HostSelector(hosts.text)
        } catch {
            mistakes += error.mistakes.map { Mistake("'hosts' of a silence: \($0)", at: hosts.position) }
            return nil
        }
        do throws(ValueValidationError) {
            let subject = try values[.subject].map { (value) throws(ValueValidationError) in
                try SubjectGlob(value.text)
            }
            let silence = StandingSilence(
                selector: selector, kind: values[.kind]?.text, subject: subject,
                reason: try InventoryValue.reason(reason.text), position: position,
                kindPosition: values[.kind]?.position)
            return ReadSilence(silence: silence, selectorPosition: hosts.position)
        } catch {
            mistakes.append(Mistake("a silence: \(error.description)", at: position, suggestion: error.suggestion))
            return nil
        }
    }
}

/// A silence of a file, before it is known which hosts there are.
struct ReadSilence {
    var silence: StandingSilence
    var selectorPosition: SourcePosition

    /// What is wrong with its selector in this fleet.
    func mistakes(in hosts: [FleetHost]) -> [Mistake] {
        do throws(SelectorError) {
            _ = try silence.selector.select(from: hosts)
            return []
        } catch {
            return error.mistakes.map { Mistake("'hosts' of a silence: \($0)", at: selectorPosition) }
        }
    }
}

extension InventoryValue {
    /// One line of text for people, at most 300 characters.
    static func reason(_ text: String) throws(ValueValidationError) -> String {
        guard text == text.printable(limit: 300) else {
            throw ValueValidationError(
                "reason \(text.quoted) is longer than 300 characters or holds control characters")
        }
        return text
    }
}
