// SPDX-License-Identifier: MIT
import MachaModel

/// Reads the keys of one mapping, and collects what is wrong in it.
struct SettingsReader {
    /// What the mapping is, for messages: `receiver 'phone'`.
    let title: String
    /// What `~` stands for.
    let home: String
    var mistakes: [Mistake] = []

    init(title: String, home: String) {
        self.title = title
        self.home = home
    }

    mutating func single<Value>(
        _ pair: YAMLEntry, _ meaning: (String) throws(ValueValidationError) -> Value
    ) -> Value? { single(pair.value, of: pair, meaning) }

    /// A list, or one value that stands for a list of one.
    mutating func list<Value>(
        _ pair: YAMLEntry, _ meaning: (String) throws(ValueValidationError) -> Value
    ) -> [Value] {
        guard case .sequence(let nodes) = pair.value.kind else {
            return single(pair, meaning).map { [$0] } ?? []
        }
        return nodes.compactMap { single($0, of: pair, meaning) }
    }

    mutating func path(_ pair: YAMLEntry) -> String? {
        let home = home
        return single(pair) { (text) throws(ValueValidationError) in try InventoryValue.path(text, home: home) }
    }

    /// A path, or `credential:NAME`.
    mutating func secretPath(_ pair: YAMLEntry) -> String? {
        let home = home
        return single(pair) { (text) throws(ValueValidationError) in try InventoryValue.secretPath(text, home: home) }
    }

    /// Notes a key that is none of `known`; `instead` is what somebody should have written who tried to put a secret here.
    mutating func unknown(_ pair: YAMLEntry, known: [String], instead: [String: String] = [:]) {
        mistakes.append(.unknownKey(pair, "in \(title)", known: known, instead: instead[pair.key.lowercased()]))
    }

    mutating func complain(
        _ message: String, at place: SourcePosition, of key: String, suggestion: String? = nil
    ) {
        mistakes.append(Mistake("\(key.quoted) of \(title): \(message)", at: place, suggestion: suggestion))
    }

    private mutating func single<Value>(
        _ node: YAMLNode, of pair: YAMLEntry, _ meaning: (String) throws(ValueValidationError) -> Value
    ) -> Value? {
        guard case .scalar(let text, _) = node.kind, !node.isNull else {
            complain("must be a single value, not \(node.kindName)", at: node.position, of: pair.key)
            return nil
        }
        do throws(ValueValidationError) {
            return try meaning(text)
        } catch {
            complain(error.description, at: node.position, of: pair.key, suggestion: error.suggestion)
            return nil
        }
    }
}
