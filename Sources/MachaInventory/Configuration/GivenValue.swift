// SPDX-License-Identifier: MIT

/// One value of the configuration file and where it was written.
package struct GivenValue: Hashable, Sendable {
    /// From the top: `daemon.width`.
    package var name: String
    /// As it was written; lists with commas. A secret is left out.
    package var text: String
    package var position: SourcePosition

    static func all(_ entries: [YAMLEntry], below parent: String?) -> [GivenValue] {
        entries.flatMap { entry -> [GivenValue] in
            guard !entry.value.isNull else { return [] }
            let name = parent.map { "\($0).\(entry.key)" } ?? entry.key
            switch entry.value.kind {
            case .mapping(let inner): return all(inner, below: name)
            case .sequence(let items):
                let texts = items.compactMap { item in if case .scalar(let text, _) = item.kind { text } else { nil } }
                return [GivenValue(name: name, text: texts.joined(separator: ", "), position: entry.position)]
            case .scalar(let text, _):
                let isSecret = entry.key.lowercased().contains("token") || entry.key == "heartbeat-url"
                return [GivenValue(name: name, text: isSecret ? "(a secret)" : text, position: entry.position)]
            }
        }
    }
}
