// SPDX-License-Identifier: MIT
import MachaModel

/// The keys of the first Macha's `config.json`, which is read as it is. Each may also be written with underscores:
/// `check_interval`.
package struct SeedSettings: Hashable, Sendable {
    package enum Key: String, CaseIterable, Sendable {
        case enable, autonomyLevel, checkInterval, model, ollamaHost, gotifyUrl, gotifyToken, remoteSystems, configRepo,
            configBranch, aiName, uid

        /// What it is called with underscores.
        var underscored: String {
            rawValue.reduce(into: "") { name, letter in
                name += letter.isUppercase ? "_" + letter.lowercased() : String(letter)
            }
        }

        init?(spelled text: String) {
            guard let key = Self.allCases.first(where: { $0.rawValue == text || $0.underscored == text }) else {
                return nil
            }
            self = key
        }
    }

    /// What hosts may do unasked where the inventory is silent.
    package var autonomy: AutonomyLevel?
    /// Seconds between two checks where the inventory is silent.
    package var checkInterval: Int?
    package var model: String?
    package var ollamaHost: String?
    package var gotifyURL: String?
    package var gotifyToken: String?
    /// The fleet beside the controller itself, where there is no inventory.
    package var remoteSystems: [String] = []

    package init() {}

    /// The endpoint that `model` and `ollamaHost` mean together.
    var endpoint: ModelEndpoint? {
        guard model != nil || ollamaHost != nil else { return nil }
        return ModelEndpoint(
            name: "ollama", kind: .ollama, url: ollamaHost ?? "http://localhost:11434",
            models: [model ?? "llama3.1:70b"])
    }

    mutating func read(_ key: Key, _ entry: YAMLEntry, _ mistakes: inout [Mistake]) {
        switch key {
        case .autonomyLevel:
            autonomy = Configuration.single(entry, &mistakes, InventoryValue.word)
        case .checkInterval:
            checkInterval = Configuration.single(entry, &mistakes) { (text) throws(ValueValidationError) in
                // The first Macha counted in seconds.
                if let seconds = Int(text), (1...365 * 86_400).contains(seconds) { return seconds }
                return try InventoryValue.interval(text)
            }
        case .model: model = Self.text(entry, &mistakes)
        case .ollamaHost: ollamaHost = Configuration.single(entry, &mistakes, DaemonSettings.url)
        case .gotifyUrl: gotifyURL = Self.text(entry, &mistakes)
        case .gotifyToken: gotifyToken = Self.text(entry, &mistakes)
        case .remoteSystems: remoteSystems = Self.names(entry, &mistakes)
        // Of no use here: the module of NixOS has done its work by then, and the repository is not read.
        case .enable, .uid, .aiName, .configRepo, .configBranch: break
        }
    }

    private static func text(_ entry: YAMLEntry, _ mistakes: inout [Mistake]) -> String? {
        let text = Configuration.single(entry, &mistakes) { (text) throws(ValueValidationError) in text }
        return text.flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func names(_ entry: YAMLEntry, _ mistakes: inout [Mistake]) -> [String] {
        guard case .sequence(let items) = entry.value.kind else {
            mistakes.append(
                Mistake("\(entry.key.quoted) must be a list, not \(entry.value.kindName)", at: entry.value.position))
            return []
        }
        return items.compactMap { item in
            guard case .scalar(let text, _) = item.kind, (try? InventoryValue.name(text)) != nil else {
                mistakes.append(Mistake("\(entry.key.quoted) must be a list of host names", at: item.position))
                return nil
            }
            return text
        }
    }
}
