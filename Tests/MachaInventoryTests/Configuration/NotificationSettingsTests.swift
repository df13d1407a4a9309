// SPDX-License-Identifier: MIT
import Foundation
import MachaInventory
import MachaModel
import Testing

@Suite struct NotificationSettingsTests {
    private func read(_ text: String) throws(InventoryError) -> NotificationSettings? {
        try Configuration.parse(text, file: "config.yaml", home: "/home/me").notifications
    }

    private func complaints(_ text: String) -> [String] {
        do throws(InventoryError) {
            _ = try read(text)
            return []
        } catch {
            return error.mistakes.map(\.description)
        }
    }

    @Test func `one receiver is enough`() throws {
        let settings = try #require(
            try read("notifications: { receivers: { phone: { kind: ntfy, url: https://ntfy.sh, topic: macha } } }"))
        #expect(settings.fallbackReceivers == ["phone"])
        #expect(settings.routes.isEmpty && settings.quietHours == nil && settings.sendsResolved)
        #expect(settings.rateLimit == 30 && settings.approvalReminder == 14_400 && settings.quietExcept == .critical)
        #expect(settings.timing == RouteTiming())
    }

    @Test(arguments: ["token-file: \"credential:phone\"", "token-credential: phone"])
    func `a credential is named as everywhere else, and as it was before`(key: String) throws {
        let settings = try #require(
            try read("notifications: { receivers: { p: { kind: gotify, url: https://gotify.lan, \(key) } } }"))
        #expect(
            settings.receivers.map(\.kind) == [.gotify(url: "https://gotify.lan", token: .credential("phone"))])
    }

    @Test func `a credential with a path for a name is a mistake`() {
        let text =
            "notifications: { receivers: { p: { kind: ntfy, url: https://n.sh, topic: t, token-file: \"credential:../x\" } } }"
        #expect(complaints(text).first?.contains("names no credential") == true)
    }

    @Test func `every key of the notifications counts`() throws {
        let text = """
            notifications:
              group-by: [kind, severity]
              group-wait: 1m
              group-interval: 10m
              repeat-interval: 1d
              receivers:
                phone: { kind: gotify, url: https://gotify.lan, token-file: ~/token, certificate-file: /etc/ca.pem }
                push: { kind: ntfy, url: https://ntfy.sh, topic: macha, token-credential: ntfy }
                hook: { kind: webhook, url: https://hook.lan/x, secret-file: /run/secret }
                mail:
                  kind: smtp
                  server: mail.lan
                  port: 2525
                  tls: tls
                  user: macha
                  password-credential: mail
                  from: macha@fleet.lan
                  to: [me@fleet.lan, you@fleet.lan]
              routes:
                - { receivers: [push, hook], severity: critical, kinds: disk-*, hosts: "@media,!nas", hours: "08:00-22:00" }
                - { receivers: mail, continue: yes, group-by: [], repeat-interval: 2d }
              fallback: [phone]
              quiet-hours: "22:00-07:00"
              quiet-except: none
              rate-limit: 10
              resolved: no
              approval-reminder: 2h
              reports: { daily: "7:30", weekly: "sun 18:00", receivers: [mail, hook], time-zone: Asia/Tokyo }
              link: https://macha.lan
            """
        let settings = try #require(try read(text))
        #expect(
            settings.receivers.map(\.kind) == [
                .gotify(url: "https://gotify.lan", token: .file("/home/me/token")),
                .ntfy(url: "https://ntfy.sh", topic: "macha", token: .credential("ntfy")),
                .webhook(url: "https://hook.lan/x", secret: .file("/run/secret")),
                .smtp(
                    MailSettings(
                        server: "mail.lan", port: 2_525, encryption: .tls, user: "macha", password: .credential("mail"),
                        from: "macha@fleet.lan", to: ["me@fleet.lan", "you@fleet.lan"])),
            ])
        #expect(settings.receivers[0].certificateFile == "/etc/ca.pem")
        let first = settings.routes[0]
        #expect(first.receivers == ["push", "hook"] && first.severity == .critical && first.kinds == ["disk-*"])
        #expect(first.hosts == (try? HostSelector("@media,!nas")) && first.hours == QuietHours(start: 480, end: 1_320))
        #expect(first.timing == settings.timing && !first.continues)
        let second = settings.routes[1]
        #expect(second.continues && second.timing.groupBy.isEmpty && second.timing.repeatInterval == 172_800)
        #expect(second.timing.groupWait == 60 && second.timing.groupInterval == 600)
        #expect(settings.fallback == ["phone"] && settings.quietHours == QuietHours(start: 1_320, end: 420))
        #expect(settings.quietExcept == nil && settings.rateLimit == 10 && !settings.sendsResolved)
        let reports = try #require(settings.reports)
        #expect(reports.daily == 450 && reports.weekly == ReportSettings.Weekly(day: .sun, minute: 1_080))
        #expect(settings.reportReceivers.map(\.name) == ["hook", "mail"])
        #expect(reports.timeZone?.identifier == "Asia/Tokyo")
        #expect(settings.approvalReminder == 7_200 && settings.link == "https://macha.lan")
    }

    @Test(arguments: [("starttls", 587), ("tls", 465), ("none", 25)])
    func `a mail server has its usual port`(tls: String, port: UInt16) throws {
        let text = """
            notifications: { receivers: { m: { kind: smtp, server: localhost, tls: \(tls), from: a@b, to: c@d } } }
            """
        guard case .smtp(let mail)? = try read(text)?.receivers.first?.kind else {
            Issue.record("no mail")
            return
        }
        #expect(mail.port == port && mail.to == ["c@d"])
    }

    @Test(arguments: [
        ("token: A123", "did you mean 'token-file'?"), ("url: https://gotify.lan?token=A", "a token goes into a file"),
        ("url: gotify.lan", "is no URL"), ("topic: x", "'topic' of receiver 'phone': a receiver of kind gotify has"),
        ("token-credential: ../x", "is no credential"), ("password-file: /x", "a receiver of kind gotify has"),
        ("tokenfile: /x", "did you mean 'token-file'?"),
    ])
    func `a mistake in a receiver names its place and the remedy`(line: String, message: String) {
        let text = """
            notifications:
              receivers:
                phone:
                  kind: gotify
                  url: https://gotify.lan
                  token-file: /token
                  \(line)
            """
        let found = complaints(text)
        #expect(found.contains { $0.contains(message) && $0.hasPrefix("config.yaml:7:") }, "\(found)")
    }

    @Test(arguments: [
        ("group-by: [hots]", "did you mean 'host'?"), ("group-wait: soon", "group-wait"),
        ("rate-limit: 0", "is not a valid count"),
        ("quiet-hours: night", "is not a valid range of hours"), ("quiet-except: loud", "is not one of"),
        ("fallback: [phon]", "did you mean 'phone'?"),
        ("routes: { a: b }", "must be a list of routes"), ("routes: [{ severity: critical }]", "has no 'receivers'"),
        ("routes: [{ receivers: [phon] }]", "names the receiver 'phon', which is not there"),
        ("routes: [{ receivers: [phone], severty: critical }]", "did you mean 'severity'?"),
        ("routes: [{ receivers: [phone], hosts: \"a,,b\" }]", "is empty"),
        ("routes: [{ receivers: [phone], kinds: \"disk[\" }]", "is no pattern"), ("quiet: yes", "unknown key 'quiet'"),
        ("reports: daily", "must be a mapping with 'daily' or 'weekly'"), ("reports: {}", "neither 'daily' nor"),
        ("reports: { daily: \"25:00\" }", "is not a valid time of day"),
        ("reports: { daily: \"24:00\" }", "is not a valid time of day"),
        ("reports: { daily: \"7:30\", weekly: \"7:30\" }", "is not a weekday and a time of day"),
        ("reports: { weekly: \"mno 7:30\" }", "did you mean 'mon'?"),
        ("reports: { daily: \"7:30\", time-zone: Europe/Zurch }", "did you mean 'Europe/Zurich'?"),
        ("reports: { daily: \"7:30\", receivers: [phon] }", "'reports' names the receiver 'phon'"),
        ("reports: { daily: \"7:30\", receivers: [] }", "name at least one receiver"),
        ("reports: { dayly: \"7:30\" }", "did you mean 'daily'?"),
        ("link: macha.lan", "is no URL"), ("approval-reminder: 5", "approval-reminder"),
    ])
    func `a mistake in the notifications is named`(line: String, message: String) {
        let text = """
            notifications:
              receivers: { phone: { kind: gotify, url: https://gotify.lan, token-file: /token } }
              \(line)
            """
        let found = complaints(text)
        #expect(found.contains { $0.contains(message) && $0.hasPrefix("config.yaml:3:") }, "\(found)")
    }

    @Test(arguments: [
        ("kind: smtp, server: mail.lan, from: \"Macha <a@b>\", to: c@d", "is no mail address"),
        ("kind: smtp, server: mail.lan, from: a@b, to: []", "name at least one address"),
        ("kind: smtp, server: mail.lan, from: a@b, to: c@d, user: u", "has no 'password-file'"),
        ("kind: smtp, server: mail.lan, from: a@b, to: c@d, user: u, password-file: /p, tls: none", "without TLS"),
        ("kind: smtp, from: a@b, to: c@d", "has no 'server'"), ("kind: gotify, url: https://g", "has no 'token-file'"),
        ("kind: ntfy, url: https://n, topic: \"a/b\"", "is no topic"), ("kind: pigeon", "is not one of"),
        ("url: https://g", "has no 'kind'"),
        ("kind: ntfy, url: https://n, topic: a, token-file: /a, token-credential: b", "leave out either this or"),
    ])
    func `a receiver that cannot work is refused`(keys: String, message: String) {
        let found = complaints("notifications: { receivers: { x: { \(keys) } } }")
        #expect(found.contains { $0.contains(message) }, "\(found)")
    }

    @Test func `notifications without receivers are a mistake`() {
        #expect(complaints("notifications: { rate-limit: 3 }").contains { $0.contains("has no 'receivers'") })
        #expect(complaints("notifications: yes").contains { $0.contains("must be a mapping") })
    }
}
