// SPDX-License-Identifier: MIT
import MachaFleet
import MachaInventory
import MachaModel
import MachaTestSupport
import Synchronization

/// A host with units and a clock of its own, behind a transport: enough of systemd for a restart and its consequences.
final class FakeHost: Sendable {
    struct Unit {
        var active = "failed"
        var sub = "failed"
        var result = "exit-code"
        var invocation = 1
        var restarts = 0
        /// Time at which it dies; `nil` for never.
        var diesAt: Duration?
        /// More of what `systemctl show` prints of it, such as `ConsistsOf=sshd.service`.
        var links = ""
    }

    /// What a restart does to a unit.
    enum Restart {
        case comesBack
        /// It runs and dies after so many seconds.
        case dies(after: Int)
        /// It runs, and the link is lost before the host can say so.
        case losesLink
        /// The link is lost before the host hears of it.
        case isNotHeard
    }

    private struct State {
        var units: [String: Unit] = [:]
        var restart = Restart.comesBack
        var isReachable = true
        var sent: [[String]] = []
        /// What sudo answers when it is asked what it would allow: status, and words.
        var sudo = (status: 0, said: "/usr/bin/true")
        var boot = "boot-1"
        var time = Duration.zero
        /// In the export format.
        var journal = ""
        /// What other probes than that of the units say, by name.
        var sections: [String: String] = [:]
        /// What they say once anything was done.
        var later: [String: String] = [:]
        /// Commands that only read, apart from the probe script.
        var looks: [[String]] = []
    }

    private let state = Mutex(State())
    let name: String
    /// Hears every command that may change something, right before it is carried out.
    let hears: @Sendable ([String]) -> Void

    init(_ name: String = "web1", hears: @escaping @Sendable ([String]) -> Void = { _ in }) {
        self.name = name
        self.hears = hears
    }

    subscript(unit: String) -> Unit? {
        get { state.withLock { $0.units[unit] } }
        set { state.withLock { $0.units[unit] = newValue } }
    }

    func set(restart: Restart) { state.withLock { $0.restart = restart } }
    func set(reachable: Bool) { state.withLock { $0.isReachable = reachable } }

    func set(sudo status: Int, _ said: String) { state.withLock { $0.sudo = (status, said) } }

    func set(journal: String) { state.withLock { $0.journal = journal } }

    /// What `probe` says from now on, or once something was done to the host.
    func set(_ probe: String, _ body: String?, isLater: Bool = false) {
        state.withLock { if isLater { $0.later[probe] = body } else { $0.sections[probe] = body } }
    }

    /// Everything that was asked and changes nothing, apart from the probe script.
    var looks: [[String]] { state.withLock { $0.looks } }

    /// Everything that was sent with root's rights.
    var sent: [[String]] { state.withLock { $0.sent } }

    /// Time that passes only when somebody waits.
    var waiting: Waiting {
        Waiting { duration in
            self.state.withLock { $0.time += duration }
        } elapsed: {
            self.state.withLock { $0.time }
        }
    }

    @Sendable func connect(_ host: FleetHost) throws(ContactFailure) -> any Transport {
        FakeTransport(host: name) { self.answer($0) }
    }

    /// What it answers to `command`, and what that does to it.
    func reply(to command: Command) -> FakeTransport.Answer? { answer(command) }

    private func answer(_ command: Command) -> FakeTransport.Answer? {
        let words = command.words
        if words.first == "sudo" { hears(Array(words.dropFirst(3))) }
        return state.withLock { state in
            guard state.isReachable else {
                return .failure(ContactFailure(.unreachable, stage: "connect", message: "\(name): no route to host"))
            }
            for (unit, fact) in state.units {
                if let end = fact.diesAt, end <= state.time {
                    state.units[unit]?.diesAt = nil
                    state.units[unit]?.active = "failed"
                    state.units[unit]?.sub = "failed"
                    state.units[unit]?.result = "exit-code"
                }
            }
            if words == ["sh", "-s"] { return .output(Self.snapshot(state)) }
            if words.prefix(2) == ["sh", "-c"], let script = words.last, script.contains("macha:list") {
                let asked = script.split(separator: "\n").count { $0.hasPrefix("ask ") }
                let answer = "macha:sudo \(state.sudo.status)\n\(state.sudo.said)\n"
                return .output(String(repeating: answer, count: asked) + "macha:list\n")
            }
            if words.first == "sudo" { return Self.act(Array(words.dropFirst(3)), &state, name) }
            state.looks.append(words)
            if words.prefix(2) == ["journalctl", "--output=export"] { return .output(state.journal) }
            if words.first == "df" { return .output("/dev/sda1 100 97 3 97% /\n") }
            if words.first == "cat" { return .output(state.boot + "\n") }
            if words.contains("--state=failed") {
                let failed = state.units.filter { $0.value.active == "failed" }.map { "Id=\($0.key)\n" }.sorted()
                return .output(failed.joined(separator: "\n"))
            }
            if words.prefix(2) == ["systemctl", "show"], let end = words.firstIndex(of: "--") {
                return .output(
                    words[(end + 1)...].map { unit in
                        Self.show(unit, state.units[unit]) + (state.units[unit]?.links ?? "") + "\n"
                    }.joined(separator: "\n"))
            }
            return nil
        }
    }

    private static func act(_ words: [String], _ state: inout State, _ name: String) -> FakeTransport.Answer {
        state.sent.append(words)
        state.sections.merge(state.later) { $1 }
        let loss = ContactFailure(.broken, stage: "exec", message: "\(name): the connection was lost")
        if words.prefix(3) == ["systemctl", "stop", "--"], let unit = words.last {
            state.units[unit]?.active = "inactive"
            state.units[unit]?.sub = "dead"
            state.units[unit]?.result = "success"
        }
        guard words.prefix(3) == ["systemctl", "restart", "--"], let unit = words.last else { return .output("") }
        if case .isNotHeard = state.restart { return .failure(loss) }
        var fact = state.units[unit] ?? Unit()
        fact.invocation += 1
        fact.active = "active"
        fact.sub = "running"
        fact.result = "success"
        if case .dies(let seconds) = state.restart { fact.diesAt = state.time + .seconds(seconds) }
        state.units[unit] = fact
        if case .losesLink = state.restart { return .failure(loss) }
        return .output("")
    }

    private static func show(_ unit: String, _ fact: Unit?) -> String {
        let fact = fact ?? Unit(active: "inactive", sub: "dead", result: "success", invocation: 0)
        return """
            Id=\(unit)
            LoadState=loaded
            Type=simple
            ActiveState=\(fact.active)
            SubState=\(fact.sub)
            Result=\(fact.result)
            InvocationID=\(fact.invocation)
            NRestarts=\(fact.restarts)
            ExecMainStatus=\(fact.active == "failed" ? 3 : 0)

            """
    }

    /// The frames of a probe script in which the units speak, and who else was given words.
    private static func snapshot(_ state: State) -> String {
        let failed = state.units.filter { $0.value.active == "failed" }
        var body = "Version=257\nSystemState=running\nNFailedUnits=\(failed.count)\nNJobs=0\nNow=1800000000\n"
        for (unit, fact) in failed.sorted(by: { $0.key < $1.key }) { body += "\n" + show(unit, fact) }
        let frames = state.sections.merging(["units": body]) { $1 }.sorted { $0.key < $1.key }
            .map { "@@\($0.key) 0 \($0.value.utf8.count)\n\($0.value)\n" }
        return "@@begin 0 0\n\n\(frames.joined())@@end 0 0\n\n"
    }
}

extension MachineIdentity {
    /// What ``FakeHost`` says of itself: it has no key and no id.
    static let fake = MachineIdentity(hostKey: nil, machineID: nil)
}
