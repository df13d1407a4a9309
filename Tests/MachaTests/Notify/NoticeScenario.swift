// SPDX-License-Identifier: MIT
import Foundation
import Macha
import MachaInventory
import MachaModel
import Testing

/// A story in virtual time: what happens when, and which notices it must lead to. One line an event:
///
/// | line | means |
/// |---|---|
/// | `30s + disk@web1 warning` | the problem `disk` of `web1` is open from now on, or is that severe now |
/// | `30s + down@* critical web1,web2` | a trouble that these hosts share |
/// | `2m - disk@web1` | it is over |
/// | `1m mute disk@web1 acknowledged` | somebody knows of it (or `silenced`, `maintenance`); `unmute` ends it |
/// | `1m settle disk@web1` | it comes and goes; `unsettle` ends it |
/// | `4h revise approval@nas 1` | it has to be said once more |
/// | `1m off`, `5m on` | the controller is down meanwhile, and begins with what is on the disk |
/// | `1m clock -1h` | the controller's clock jumps |
/// | `= 30s phone new disk@web1 unit@web1` | a notice at that time, within one run (`= 30s~60s`: within a minute) |
/// | `! disk@web1 inhibited` | it was held back for that reason |
/// | `every 60s`, `end 13h`, `once` | how often the pipeline runs, how long, and at which pace |
struct NoticeScenario: CustomTestStringConvertible, Sendable {
    let name: String
    /// Lines below `notifications:` beside the receivers `phone` and `mail`.
    let settings: String
    let script: String

    init(_ name: String, _ settings: String = "", _ script: String) {
        self.name = name
        self.settings = settings
        self.script = script
    }

    var testDescription: String { name }

    struct Notice: Hashable, CustomStringConvertible {
        var at: Int
        var receiver: String
        var occasion: String
        var alerts: Set<String>

        var description: String { "\(at)s \(receiver) \(occasion) \(alerts.sorted().joined(separator: " "))" }
    }

    struct Expected {
        var notice: Notice
        var tolerance: Int

        func meets(_ other: Notice) -> Bool {
            other.receiver == notice.receiver && other.occasion == notice.occasion && other.alerts == notice.alerts
                && abs(other.at - notice.at) <= tolerance
        }
    }
}

/// Runs a scenario.
struct ScenarioRun {
    private(set) var notices: [NoticeScenario.Notice] = []
    private(set) var held: Set<String> = []
    private(set) var expected: [NoticeScenario.Expected] = []
    private(set) var expectedHeld: [String] = []
    private var events: [(at: Int, words: [String])] = []
    private var step = 5
    private var end = 3_600
    private var pace = NotificationPipeline.Pace.continuous
    private var alerts: [String: Alert] = [:]
    private var states: [String: NotificationState] = [:]
    private var sent: [(at: Date, receiver: String)] = []
    private var isOff = false
    private var shift = 0

    struct Mistake: Error { var line: String }

    /// Monday noon.
    private static let begin = Date(timeIntervalSince1970: 1_780_315_200)

    init(_ scenario: NoticeScenario) throws {
        for line in scenario.script.split(separator: "\n").map({ $0.trimmingCharacters(in: .whitespaces) })
        where !line.isEmpty { try read(line) }
        let text = """
            notifications:
              receivers:
                phone: { kind: ntfy, url: "https://ntfy.lan", topic: macha }
                mail: { kind: ntfy, url: "https://ntfy.lan", topic: mail }
              fallback: [phone]
            \(scenario.settings.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n"))
            """
        let settings = try Configuration.parse(text, file: "config.yaml", home: "/root").notifications
        guard let settings else { throw Mistake(line: text) }
        try run(settings)
    }

    private mutating func run(_ settings: NotificationSettings) throws {
        let zone = TimeZone(secondsFromGMT: 0)
        guard let zone else { throw Mistake(line: "UTC") }
        let pipeline = NotificationPipeline(settings, hosts: Self.hosts, zone: zone, pace: pace)
        var next = 0
        for second in stride(from: 0, through: end, by: step) {
            while next < events.count, events[next].at <= second {
                try apply(events[next].words, at: second)
                next += 1
            }
            if isOff { continue }
            let now = Self.begin.addingTimeInterval(Double(second + shift))
            let recent = Dictionary(
                grouping: sent.filter { (0..<3_600).contains(now.timeIntervalSince($0.at)) }, by: \.receiver
            ).mapValues(\.count)
            let plan = pipeline.plan(
                alerts.values.sorted { $0.id < $1.id }, states: states, recent: recent, at: now)
            states = plan.states
            for notice in plan.notices {
                sent.append((now, notice.receiver))
                notices.append(
                    NoticeScenario.Notice(
                        at: second, receiver: notice.receiver, occasion: notice.occasion.rawValue,
                        alerts: Set(notice.alerts)))
            }
            for item in plan.held { held.insert("\(item.alert) \(item.reason.rawValue)") }
        }
    }

    private mutating func apply(_ words: [String], at second: Int) throws {
        let id = words.count > 1 ? words[1] : ""
        switch words[0] {
        case "+": try open(words, at: second)
        case "-": alerts[id] = nil
        case "mute":
            guard let kind = Alert.Muting.Kind(rawValue: words[2]) else { throw Mistake(line: "\(words)") }
            alerts[id]?.muted = Alert.Muting(kind, "by me")
        case "unmute": alerts[id]?.muted = nil
        case "settle": alerts[id]?.settling = "it comes and goes"
        case "unsettle": alerts[id]?.settling = nil
        case "revise": alerts[id]?.revision = Int(words[2]) ?? 0
        case "off": isOff = true
        case "on":
            isOff = false
            states = try JSONDecoder().decode(
                [String: NotificationState].self, from: try JSONEncoder().encode(states))
        case "clock": shift += try Self.seconds(words[1])
        default: throw Mistake(line: "\(words)")
        }
    }

    private mutating func open(_ words: [String], at second: Int) throws {
        let (id, parts) = (words[1], words[1].split(separator: "@").map(String.init))
        guard parts.count == 2, words.count > 2, let severity = Severity(rawValue: words[2]) else {
            throw Mistake(line: "\(words)")
        }
        if alerts[id] != nil {
            alerts[id]?.severity = severity
            return
        }
        let isFleet = parts[1] == "*"
        let source: Alert.Source =
            isFleet ? .fleet : parts[0] == "approval" ? .approval : parts[0].hasPrefix("macha") ? .fault : .problem
        alerts[id] = Alert(
            id: id, source: source, kind: parts[0], host: isFleet ? nil : parts[1], subject: nil, severity: severity,
            revision: 0, since: Self.begin.addingTimeInterval(Double(second + shift)), summary: "\(parts[0]) is wrong",
            evidence: [], advice: "", muted: nil, settling: nil, besides: [],
            hosts: words.count > 3 ? words[3].split(separator: ",").map(String.init) : [])
    }

    private mutating func read(_ line: String) throws {
        let words = line.split(separator: " ").map(String.init)
        switch words[0] {
        case "every": step = try Self.seconds(words[1])
        case "end": end = try Self.seconds(words[1])
        case "once": pace = .once
        case "!": expectedHeld.append(words.dropFirst().joined(separator: " "))
        case "=":
            let times = try words[1].split(separator: "~").map { try Self.seconds(String($0)) }
            expected.append(
                NoticeScenario.Expected(
                    notice: NoticeScenario.Notice(
                        at: times[0], receiver: words[2], occasion: words[3], alerts: Set(words.dropFirst(4))),
                    tolerance: times.count > 1 ? times[1] : step))
        default: events.append((try Self.seconds(words[0]), Array(words.dropFirst())))
        }
    }

    /// `1h30m5s`, also below zero.
    private static func seconds(_ text: String) throws -> Int {
        var (total, digits) = (0, "")
        for character in text.drop(while: { $0 == "-" }) {
            guard let unit = ["s": 1, "m": 60, "h": 3_600, "d": 86_400][character] else {
                digits.append(character)
                continue
            }
            guard let number = Int(digits) else { throw Mistake(line: text) }
            total += number * unit
            digits = ""
        }
        guard digits.isEmpty else { throw Mistake(line: text) }
        return text.hasPrefix("-") ? -total : total
    }

    private static let hosts: [FleetHost] = {
        func host(_ name: String, groups: [String] = [], jump: String? = nil, dependsOn: [String] = []) -> FleetHost {
            FleetHost(
                name: name, connection: .ssh(SSHEndpoint(address: "\(name).lan", user: "macha", jump: jump)),
                groups: groups, dependsOn: dependsOn)
        }
        return [
            FleetHost(name: "ctl", connection: .local), host("router"), host("web1", groups: ["web"]),
            host("web2", groups: ["web"]), host("nas", groups: ["storage"]), host("cam", jump: "router"),
            host("bulb", jump: "cam"), host("guest", dependsOn: ["nas"]),
        ]
    }()
}
