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

    private init(_ name: String, _ shape: Shape, _ fallback: String, _ meaning: String) {
        self.name = name
        self.shape = shape
        self.fallback = fallback
        self.meaning = meaning
    }
}

extension ConfigurationKey {
    /// In the order of the documentation.
    package static let all: [ConfigurationKey] = own + endpoint + daemon + notifications

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
}

extension ConfigurationKey {
    private static let notices = Configuration.Key.notifications.rawValue

    private static func timing(_ prefix: String, _ key: RouteTiming.Key, _ fallback: String?) -> ConfigurationKey {
        let (shape, usual, meaning): (Shape, String, String) =
            switch key {
            case .groupBy:
                (.names, "host", "What the alerts of one notice have in common: host, kind, subject, severity, group.")
            case .groupWait: (.span, "30s", "From a group's first news to its notice.")
            case .groupInterval: (.span, "5m", "Between two notices of a group when something changed.")
            case .repeatInterval: (.span, "12h", "Until a problem that is still open is told again.")
            }
        return ConfigurationKey("\(prefix).\(key.rawValue)", shape, fallback ?? usual, meaning)
    }

    private static func notice(_ key: NotificationSettings.Key) -> ConfigurationKey? {
        let words: (Shape, String, String)? =
            switch key {
            case .receivers, .routes: nil
            case .fallback: (.names, "all", "Receivers of warnings and worse that no route takes.")
            case .resolved: (.bool, "true", "Whether the end of a problem is told.")
            case .link: (.url, "none", "Where a notice leads when it is clicked.")
            case .quietHours: (.text, "none", "`\"22:00-07:00\"`: what is not severe enough waits for their end.")
            case .quietExcept:
                (
                    .word(["critical", "warning", "info", "none"]), "critical",
                    "As severe as this is told in quiet hours too."
                )
            case .rateLimit: (.count, "30", "Notices to one receiver within an hour; the rest is counted.")
            case .approvalReminder: (.span, "4h", "Until a forgotten approval is told once more.")
            }
        return words.map { ConfigurationKey("\(notices).\(key.rawValue)", $0.0, $0.1, $0.2) }
    }

    private static func receiver(_ key: ReceiverSettings.Key) -> ConfigurationKey {
        let (shape, fallback, meaning): (Shape, String, String) =
            switch key {
            case .kind: (.word(["gotify", "ntfy", "webhook", "smtp"]), "must be there", "What it is.")
            case .url: (.url, "must be there, but for smtp", "Where it listens.")
            case .topic: (.text, "must be there for ntfy", "The topic.")
            case .server: (.text, "must be there for smtp", "The mail server.")
            case .port: (.count, "587, 465 or 25, by `tls`", "Its port.")
            case .tls: (.word(["starttls", "tls", "none"]), "starttls", "How the way to it is encrypted.")
            case .user: (.text, "none", "The login name.")
            case .from: (.text, "must be there for smtp", "The sender's address.")
            case .to: (.names, "must be there for smtp", "The addresses.")
            case .tokenFile: (.path, "none", "A file that holds the token.")
            case .tokenCredential: (.text, "none", "A credential of systemd that is the token.")
            case .secretFile: (.path, "none", "A file with the secret that webhooks are signed with.")
            case .secretCredential: (.text, "none", "A credential of systemd that is this secret.")
            case .passwordFile: (.path, "none", "A file that holds the password.")
            case .passwordCredential: (.text, "none", "A credential of systemd that is the password.")
            case .certificateFile: (.path, "the system's", "Certificates (PEM) to trust.")
            }
        return ConfigurationKey("\(notices).receivers.NAME.\(key.rawValue)", shape, fallback, meaning)
    }

    private static func route(_ key: NotificationRoute.Key) -> ConfigurationKey {
        let (shape, fallback, meaning): (Shape, String, String) =
            switch key {
            case .receivers: (.names, "must be there", "Who is told; `[]` for nobody.")
            case .severity: (.word(Severity.allCases.map(\.rawValue)), "warning", "This severe, and worse.")
            case .kinds: (.names, "all", "Kinds of findings, with `*`.")
            case .hosts: (.text, "all", "A selector.")
            case .hours: (.text, "always", "It counts at these times only: `\"08:00-22:00\"`.")
            case .continue: (.bool, "false", "Whether the routes after it are tried too.")
            }
        return ConfigurationKey("\(notices).routes.N.\(key.rawValue)", shape, fallback, meaning)
    }

    /// [the notifications page](../../docs/notifications.md) says what they do together.
    fileprivate static let notifications =
        NotificationSettings.Key.allCases.compactMap { notice($0) }
        + RouteTiming.Key.allCases.map { timing(notices, $0, nil) }
        + ReceiverSettings.Key.allCases.map { receiver($0) }
        + NotificationRoute.Key.allCases.map { route($0) }
        + RouteTiming.Key.allCases.map { timing("\(notices).routes.N", $0, "as above") }

    fileprivate static var notificationSchema: JSONValue {
        let receivers = Shape.object(
            ("type", .string("object")), ("additionalProperties", properties("\(notices).receivers.NAME.")))
        let routes = Shape.object(("type", .string("array")), ("items", properties("\(notices).routes.N.")))
        let own = notifications.filter { !$0.name.contains(".NAME.") && !$0.name.contains(".N.") }.map {
            JSONValue.Member(String($0.name.dropFirst(notices.count + 1)), $0.described)
        }
        return Shape.object(
            ("type", .string("object")),
            ("properties", .object(own + [.init("receivers", receivers), .init("routes", routes)])),
            ("additionalProperties", .bool(false)))
    }
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
                Shape.object(("type", .string("object")), ("additionalProperties", endpoint))))
        top.append(.init(Configuration.Key.daemon.rawValue, properties("\(Configuration.Key.daemon.rawValue).")))
        top.append(.init(Configuration.Key.notifications.rawValue, notificationSchema))
        top += SeedSettings.Key.allCases.map { .init($0.rawValue, .object([])) }
        return Shape.object(
            ("$schema", .string("https://json-schema.org/draft/2020-12/schema")),
            ("title", .string("The configuration of Macha")), ("type", .string("object")),
            ("properties", .object(top)), ("additionalProperties", .bool(false)))
    }

    fileprivate var described: JSONValue {
        guard case .object(let members) = shape.schema else { return shape.schema }
        return .object(members + [.init("description", .string(meaning))])
    }

    fileprivate static func properties(_ prefix: String) -> JSONValue {
        let keys = all.filter { $0.name.hasPrefix(prefix) }
        return Shape.object(
            ("type", .string("object")),
            ("properties", .object(keys.map { .init(String($0.name.dropFirst(prefix.count)), $0.described) })),
            ("additionalProperties", .bool(false)))
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
        case .text, .path, .secretPath, .url: Self.object(("type", .string("string")))
        case .count: Self.object(("type", .string("integer")), ("minimum", .integer(1)))
        case .bool: Self.object(("type", .string("boolean")))
        case .span: Self.object(("type", .string("string")), ("pattern", .string("^([0-9.]+[smhdw])+$")))
        case .names: Self.object(("type", .string("array")), ("items", Self.object(("type", .string("string")))))
        case .word(let words): Self.object(("enum", .array(words.map { .string($0) })))
        }
    }

    static func object(_ members: (String, JSONValue)...) -> JSONValue {
        .object(members.map { JSONValue.Member($0.0, $0.1) })
    }
}
