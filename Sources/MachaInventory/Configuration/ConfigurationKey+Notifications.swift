// SPDX-License-Identifier: MIT
import MachaModel

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
            case .receivers, .routes, .reports: nil
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
            case .tokenFile: (.secretPath, "none", "A file that holds the token.")
            case .tokenCredential: (.text, "none", "Older spelling of `token-file: credential:NAME`.")
            case .secretFile: (.secretPath, "none", "A file with the secret that webhooks are signed with.")
            case .secretCredential: (.text, "none", "Older spelling of `secret-file: credential:NAME`.")
            case .passwordFile: (.secretPath, "none", "A file that holds the password.")
            case .passwordCredential: (.text, "none", "Older spelling of `password-file: credential:NAME`.")
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

    private static func report(_ key: ReportSettings.Key) -> ConfigurationKey {
        let (shape, fallback, meaning): (Shape, String, String) =
            switch key {
            case .daily: (.text, "none", "When the daily fleet report is sent: `\"07:30\"`.")
            case .weekly: (.text, "none", "When the weekly fleet report is sent: `\"mon 07:30\"`.")
            case .receivers: (.names, "all", "Who gets the reports.")
            case .timeZone: (.text, "the controller's", "The time zone of these times: `Europe/Zurich`.")
            }
        return ConfigurationKey("\(notices).reports.\(key.rawValue)", shape, fallback, meaning)
    }

    /// [the notifications page](../../docs/notifications.md) says what they do together.
    static let notifications =
        NotificationSettings.Key.allCases.compactMap { notice($0) }
        + RouteTiming.Key.allCases.map { timing(notices, $0, nil) }
        + ReceiverSettings.Key.allCases.map { receiver($0) }
        + NotificationRoute.Key.allCases.map { route($0) }
        + RouteTiming.Key.allCases.map { timing("\(notices).routes.N", $0, "as above") }
        + ReportSettings.Key.allCases.map { report($0) }

    static var notificationSchema: JSONValue {
        let receivers: JSONValue = ["type": "object", "additionalProperties": properties("\(notices).receivers.NAME.")]
        let routes: JSONValue = ["type": "array", "items": properties("\(notices).routes.N.")]
        let own = notifications.filter { key in
            ![".NAME.", ".N.", ".reports."].contains { key.name.contains($0) }
        }.map {
            JSONValue.Member(String($0.name.dropFirst(notices.count + 1)), $0.described)
        }
        return [
            "type": "object",
            "properties": .object(
                own + [
                    .init("receivers", receivers), .init("routes", routes),
                    .init("reports", properties("\(notices).reports.")),
                ]),
            "additionalProperties": false,
        ]
    }
}
