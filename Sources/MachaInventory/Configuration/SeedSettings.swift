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
    /// Where every notice goes, unless `notifications` says who is told.
    package var gotifyURL: String?
    package var gotifyToken: String?
    /// Why one of the two is not used.
    package private(set) var gotifyNotes: [Note] = []
    private var gotifyPlace: SourcePosition?
    /// The fleet beside the controller itself, where there is no inventory.
    package var remoteSystems: [String] = []

    package init() {}

    /// A key that is read and not used, and why.
    package struct Note: Hashable, Sendable {
        package var position: SourcePosition
        package var text: String
    }

    /// The notices that `gotifyUrl` and `gotifyToken` mean together: everything, to one receiver. `own` is what
    /// `notifications` says, which counts instead.
    mutating func notifications(beside own: NotificationSettings?) -> NotificationSettings? {
        guard let place = gotifyPlace else { return own }
        switch (gotifyURL, gotifyToken) {
        case (let url?, let token?) where own == nil:
            return .everything(to: ReceiverSettings(gotify: url, token: token))
        case (_?, _?):
            gotifyNotes.append(
                Note(
                    position: place,
                    text: "gotifyUrl and gotifyToken are not used, for 'notifications' says who is told"))
        case (_?, nil):
            gotifyNotes.append(Note(position: place, text: "gotifyUrl has no gotifyToken, so nothing is sent there"))
        case (nil, _?):
            gotifyNotes.append(Note(position: place, text: "gotifyToken has no gotifyUrl, so nothing is sent"))
        case (nil, nil): break
        }
        return own
    }

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
        case .gotifyUrl:
            gotifyURL =
                Self.text(entry, &mistakes) == nil
                ? nil : Configuration.single(entry, &mistakes, NotificationValue.url)
            gotifyPlace = entry.position
        case .gotifyToken:
            gotifyToken = Self.text(entry, &mistakes)
            if gotifyPlace == nil { gotifyPlace = entry.position }
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
