// SPDX-License-Identifier: MIT
package import MachaModel

/// Every key of the configuration: for `config show`, the documentation and editors.
package struct ConfigurationKey: Hashable, Sendable {
    /// What a value looks like.
    package enum Shape: Hashable, Sendable {
        case text, count, bool, span, path, secretPath, url, names
        case word([String])
    }

    /// From the top: `daemon.width`. `NAME` stands for a name of the owner's choice.
    package var name: String
    package var shape: Shape
    /// What counts without it, in words.
    package var fallback: String
    package var meaning: String

    init(_ name: String, _ shape: Shape, _ fallback: String, _ meaning: String) {
        self.name = name
        self.shape = shape
        self.fallback = fallback
        self.meaning = meaning
    }
}

extension ConfigurationKey {
    /// In the order of the documentation.
    package static let all: [ConfigurationKey] = own + endpoint + daemon + backup + notifications

    private static let own = [
        ConfigurationKey(
            "audit-head-file", .path, "none", "A file in another place that keeps the ends of the audit's chain."),
        ConfigurationKey("audit-head-syslog", .bool, "false", "The system's log keeps them too."),
    ]

    private static func endpoint(
        _ key: ModelEndpoint.Key, _ shape: Shape, _ fallback: String, _ meaning: String
    ) -> ConfigurationKey {
        ConfigurationKey("\(Configuration.Key.modelEndpoints.rawValue).NAME.\(key.rawValue)", shape, fallback, meaning)
    }

    private static let endpoint = [
        endpoint(.kind, .word(ModelEndpoint.Kind.allCases.map(\.rawValue)), "must be there", "Which API it speaks."),
        endpoint(.url, .url, "must be there", "Where it listens."),
        endpoint(.models, .names, "must be there", "Models to ask, the preferred one first."),
        endpoint(.concurrency, .count, "1", "Calls at a time."),
        endpoint(.apiKeyFile, .secretPath, "none", "A file that holds the key."),
        endpoint(.certificateFile, .path, "the system's", "Certificates (PEM) to trust."),
        endpoint(.context, .count, "8192", "Tokens of prompt and answer together."),
        endpoint(.answerLimit, .count, "1400", "Most tokens of an answer."),
        endpoint(
            .thinking, .word(ModelThinking.allCases.map(\.rawValue)), "off where that can be said",
            "Whether a model that can think does."),
        endpoint(
            .firstByteTimeout, .span, "5m", "Until the first byte of an answer, which may include loading the model."),
        endpoint(.timeout, .span, "20m", "For a whole answer."),
    ]

    private static func daemon(
        _ key: DaemonSettings.Key, _ shape: Shape, _ fallback: String, _ meaning: String
    ) -> ConfigurationKey {
        ConfigurationKey("\(Configuration.Key.daemon.rawValue).\(key.rawValue)", shape, fallback, meaning)
    }

    private static let daemon = [
        daemon(.width, .count, "64", "Hosts that `macha serve` asks at once; `--width` counts more."),
        daemon(
            .analysesPerDay, .count, "as many as are needed",
            "Analyses by models within 24 hours at most, of all hosts together."),
        daemon(
            .heartbeatURL, .url, "none", "Where a sign of life is sent, as healthchecks.io and Uptime Kuma take it."),
        daemon(.heartbeatURLFile, .secretPath, "none", "A file that holds this URL, where it is a secret."),
        daemon(.heartbeatInterval, .span, "1m", "The time between two signs of life."),
    ]

    private static func backup(
        _ key: BackupSettings.Key, _ shape: Shape, _ fallback: String, _ meaning: String
    ) -> ConfigurationKey {
        ConfigurationKey("\(Configuration.Key.backup.rawValue).\(key.rawValue)", shape, fallback, meaning)
    }

    /// [the backup page](../../docs/backup.md) says what they do.
    private static let backup = [
        backup(
            .folder, .path, "`backups` in the state directory", "Where `macha serve` puts its backups; it must exist."),
        backup(.every, .span, "1d", "The time between two backups."),
        backup(.at, .text, "none", "`\"03:30\"`: the time of day of a daily backup, in place of `every`."),
        backup(.keep, .count, "14", "Backups that stay there; older ones are deleted."),
    ]
}

extension ConfigurationKey {
    /// The table of `docs/configuration.md`.
    package static var table: String {
        let rows = all.map { key in
            "| `\(key.name)` | \(key.shape.words) | \(key.fallback) | \(key.meaning) |"
        }
        return (["| key | value | without it | what it does |", "|---|---|---|---|"] + rows).joined(separator: "\n")
            + "\n"
    }
}

extension ConfigurationKey {
    /// The file's JSON schema.
    package static var schema: JSONValue {
        var top: [JSONValue.Member] = all.filter { !$0.name.contains(".") }.map { .init($0.name, $0.described) }
        let endpoint = properties("\(Configuration.Key.modelEndpoints.rawValue).NAME.")
        top.append(
            .init(
                Configuration.Key.modelEndpoints.rawValue,
                ["type": "object", "additionalProperties": endpoint]))
        top.append(.init(Configuration.Key.daemon.rawValue, properties("\(Configuration.Key.daemon.rawValue).")))
        top.append(.init(Configuration.Key.backup.rawValue, properties("\(Configuration.Key.backup.rawValue).")))
        top.append(.init(Configuration.Key.notifications.rawValue, notificationSchema))
        top += SeedSettings.Key.allCases.map { .init($0.rawValue, .object([])) }
        return [
            "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "The configuration of Macha",
            "type": "object", "properties": .object(top),
            "additionalProperties": false,
        ]
    }

    var described: JSONValue {
        guard case .object(let members) = shape.schema else { return shape.schema }
        return .object(members + [.init("description", .string(meaning))])
    }

    static func properties(_ prefix: String) -> JSONValue {
        let keys = all.filter { $0.name.hasPrefix(prefix) }
        return [
            "type": "object",
            "properties": .object(keys.map { .init(String($0.name.dropFirst(prefix.count)), $0.described) }),
            "additionalProperties": false,
        ]
    }
}

extension ConfigurationKey.Shape {
    /// What a person writes.
    package var words: String {
        switch self {
        case .text: "text"
        case .count: "a number"
        case .bool: "true or false"
        case .span: "90s, 5m, 1h, 2d"
        case .path: "a path"
        case .secretPath: "a path, or `credential:NAME`"
        case .url: "a URL"
        case .names: "a list of names"
        case .word(let words): words.joined(separator: ", ")
        }
    }

    /// The same as a JSON schema.
    package var schema: JSONValue {
        switch self {
        case .text, .path, .secretPath, .url: ["type": "string"]
        case .count: ["type": "integer", "minimum": 1]
        case .bool: ["type": "boolean"]
        case .span: ["type": "string", "pattern": "^([0-9.]+[smhdw])+$"]
        case .names: ["type": "array", "items": ["type": "string"]]
        case .word(let words): ["enum": .array(words.map { .string($0) })]
        }
    }

}
