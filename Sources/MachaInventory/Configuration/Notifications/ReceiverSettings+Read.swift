// SPDX-License-Identifier: MIT
import MachaModel

extension ReceiverSettings {
    /// The keys of one receiver. Which of them it may have depends on its kind.
    package enum Key: String, CaseIterable, Sendable {
        case kind, url, topic, server, port, tls, user, from, to
        case tokenFile = "token-file"
        case tokenCredential = "token-credential"
        case secretFile = "secret-file"
        case secretCredential = "secret-credential"
        case passwordFile = "password-file"
        case passwordCredential = "password-credential"
        case certificateFile = "certificate-file"
    }

    enum Word: String, CaseIterable {
        case gotify, ntfy, webhook, smtp

        var keys: Set<Key> {
            switch self {
            case .gotify: [.kind, .url, .tokenFile, .tokenCredential, .certificateFile]
            case .ntfy: [.kind, .url, .topic, .tokenFile, .tokenCredential, .certificateFile]
            case .webhook: [.kind, .url, .secretFile, .secretCredential, .certificateFile]
            case .smtp:
                [
                    .kind, .server, .port, .tls, .user, .passwordFile, .passwordCredential, .from, .to,
                    .certificateFile,
                ]
            }
        }
    }

    static func read(_ node: YAMLNode, home: String, _ mistakes: inout [Mistake]) -> [ReceiverSettings] {
        guard case .mapping(let entries) = node.kind else {
            let message = "'receivers' must be a mapping of names to receivers, not \(node.kindName)"
            mistakes.append(Mistake(message, at: node.position))
            return []
        }
        return entries.compactMap { entry in
            var reader = ReceiverReader(entry: entry, home: home)
            let receiver = reader.receiver()
            mistakes += reader.settings.mistakes
            return reader.settings.mistakes.isEmpty ? receiver : nil
        }
    }
}

/// Reads one receiver: first every key, then what its kind makes of them.
private struct ReceiverReader {
    let entry: YAMLEntry
    var settings: SettingsReader
    private var word: ReceiverSettings.Word?
    private var given: [ReceiverSettings.Key: YAMLEntry] = [:]
    private var texts: [ReceiverSettings.Key: String] = [:]
    private var port: UInt16?
    private var encryption: MailSettings.Encryption?
    private var to: [String] = []

    init(entry: YAMLEntry, home: String) {
        self.entry = entry
        settings = SettingsReader(title: "receiver \(entry.key.quoted)", home: home)
    }

    mutating func receiver() -> ReceiverSettings? {
        do throws(ValueValidationError) {
            _ = try InventoryValue.name(entry.key)
        } catch {
            settings.mistakes.append(Mistake("receiver name: \(error.description)", at: entry.position))
        }
        guard case .mapping(let pairs) = entry.value.kind else {
            let message = "\(settings.title) must be a mapping with 'kind', not \(entry.value.kindName)"
            settings.mistakes.append(Mistake(message, at: entry.value.position))
            return nil
        }
        for pair in pairs { read(pair) }
        guard let word else {
            if given[.kind] == nil { missing(.kind, "write gotify, ntfy, webhook or smtp") }
            return nil
        }
        for (key, pair) in given.sorted(by: { $0.value.position < $1.value.position }) where !word.keys.contains(key) {
            let known = word.keys.map(\.rawValue).sorted().joined(separator: ", ")
            settings.complain("a receiver of kind \(word.rawValue) has \(known)", at: pair.position, of: key.rawValue)
        }
        guard let kind = kind(word) else { return nil }
        return ReceiverSettings(name: entry.key, kind: kind, certificateFile: texts[.certificateFile])
    }

    private mutating func read(_ pair: YAMLEntry) {
        guard let key = ReceiverSettings.Key(rawValue: pair.key) else {
            // A secret has no place in a configuration that is shown and copied.
            settings.unknown(
                pair, known: ReceiverSettings.Key.allCases.map(\.rawValue),
                instead: ["token": "token-file", "password": "password-file", "secret": "secret-file"])
            return
        }
        given[key] = pair
        switch key {
        case .kind: word = settings.single(pair, NotificationValue.kind)
        case .url: texts[key] = settings.single(pair, NotificationValue.url)
        case .topic: texts[key] = settings.single(pair, NotificationValue.topic)
        case .server: texts[key] = settings.single(pair, InventoryValue.address)
        case .port: port = settings.single(pair, InventoryValue.port)
        case .tls: encryption = settings.single(pair, NotificationValue.encryption)
        case .user: texts[key] = settings.single(pair, NotificationValue.plain)
        case .from: texts[key] = settings.single(pair, NotificationValue.mailAddress)
        case .to: to = settings.list(pair, NotificationValue.mailAddress)
        case .tokenCredential, .secretCredential, .passwordCredential:
            texts[key] = settings.single(pair, NotificationValue.credential)
        case .tokenFile, .secretFile, .passwordFile: texts[key] = settings.secretPath(pair)
        case .certificateFile: texts[key] = settings.path(pair)
        }
    }

    private mutating func kind(_ word: ReceiverSettings.Word) -> ReceiverSettings.Kind? {
        switch word {
        case .gotify:
            let url = required(.url, "write where the server is, as in https://gotify.lan")
            let token = secret(.tokenFile, .tokenCredential, "it holds the application's token")
            guard let url, let token else { return nil }
            return .gotify(url: url, token: token)
        case .ntfy:
            let url = required(.url, "write where the server is, as in https://ntfy.sh")
            let topic = required(.topic, "name the topic to publish to")
            let token = secret(.tokenFile, .tokenCredential, nil)
            guard let url, let topic else { return nil }
            return .ntfy(url: url, topic: topic, token: token)
        case .webhook:
            guard let url = required(.url, "write where to post to") else { return nil }
            return .webhook(url: url, secret: secret(.secretFile, .secretCredential, nil))
        case .smtp: return mail().map { .smtp($0) }
        }
    }

    private mutating func mail() -> MailSettings? {
        let server = required(.server, "write the mail server's name")
        let from = required(.from, "write the sender's address")
        if given[.to] == nil { missing(.to, "write at least one address") }
        if let pair = given[.to], to.isEmpty {
            settings.complain("name at least one address", at: pair.position, of: "to")
        }
        let password = secret(.passwordFile, .passwordCredential, nil)
        if texts[.user] != nil, password == nil { missing(.passwordFile, "it holds the password of 'user'") }
        let encryption = encryption ?? .starttls
        if encryption == .none, texts[.user] != nil, let pair = given[.tls] {
            settings.complain(
                "a password does not go over a connection without TLS; write starttls or tls", at: pair.position,
                of: "tls")
        }
        guard let server, let from else { return nil }
        let usual: UInt16 =
            switch encryption {
            case .starttls: 587
            case .tls: 465
            case .none: 25
            }
        return MailSettings(
            server: server, port: port ?? usual, encryption: encryption, user: texts[.user], password: password,
            from: from, to: to)
    }

    /// Where a secret is; `purpose` is what a missing one is for, `nil` where none is needed.
    private mutating func secret(
        _ file: ReceiverSettings.Key, _ credential: ReceiverSettings.Key, _ purpose: String?
    ) -> ReceiverSettings.Secret? {
        if let first = given[file], given[credential] != nil {
            settings.complain(
                "leave out either this or \(credential.rawValue.quoted)", at: first.position, of: file.rawValue)
        }
        if let path = texts[file] {
            let mark = "credential:"
            return path.hasPrefix(mark) ? .credential(String(path.dropFirst(mark.count))) : .file(path)
        }
        if let name = texts[credential] { return .credential(name) }
        if let purpose, given[file] == nil, given[credential] == nil { missing(file, purpose) }
        return nil
    }

    private mutating func required(_ key: ReceiverSettings.Key, _ hint: String) -> String? {
        if given[key] == nil { missing(key, hint) }
        return texts[key]
    }

    private mutating func missing(_ key: ReceiverSettings.Key, _ hint: String) {
        settings.mistakes.append(
            Mistake("\(settings.title) has no \(key.rawValue.quoted); \(hint)", at: entry.position))
    }
}
