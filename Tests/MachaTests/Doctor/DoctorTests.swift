// SPDX-License-Identifier: MIT
import Foundation
import MachaModel
import MachaStore
import MachaTestSupport
import Testing

@testable import Macha

/// A fleet's files in a folder, each to be broken by itself.
private struct Household {
    let scratch: Scratch
    var configuration = ""
    var inventory = "hosts: { here: { connection: local } }\n"
    var playbooks: String?

    init() throws { scratch = try Scratch("macha-doctor") }

    func report(isOffline: Bool = true) async throws -> DoctorReport {
        let file = scratch.path("config.yaml")
        if !FileManager.default.fileExists(atPath: file) { try scratch.write(configuration, to: "config.yaml") }
        if !FileManager.default.fileExists(atPath: scratch.path("fleet.yaml")) {
            try scratch.write(inventory, to: "fleet.yaml")
        }
        let names = Environment.Names(
            configuration: file, inventory: scratch.path("fleet.yaml"), stateFolder: scratch.path("state"),
            playbooks: playbooks)
        let controller = Controller(
            Environment(names, keepsConnections: false, clock: .machine, warn: { _ in }))
        return try await controller.examine([], isOffline: isOffline, width: 4) { _ in }
    }
}

extension DoctorReport {
    fileprivate func lines(_ subject: String) -> [Line] {
        sections.flatMap(\.lines).filter { $0.subject == subject }
    }

    /// The problems of `subject`, with their remedies, as one text.
    fileprivate func problems(_ subject: String) -> String {
        lines(subject).filter { $0.state == .problem }
            .map { ([$0.message.raw, $0.advice] + $0.commands).joined(separator: " ") }.joined(separator: "\n")
    }
}

/// One thing broken at a time: the report names its cause, and calls nothing else broken.
@Suite(.timeLimit(.minutes(5))) struct DoctorTests {
    @Test func `a sound installation that has never run has no problems and gets no state folder`() async throws {
        let household = try Household()
        let report = try await household.report()
        let problems = report.sections.flatMap(\.lines).filter { $0.state == .problem }
        // What the machine of the test itself lacks is not the set-up's doing.
        #expect(problems.filter { !["program", "clock"].contains($0.subject) }.isEmpty)
        #expect(report.lines("database").map(\.state) == [.note])
        #expect(!FileManager.default.fileExists(atPath: household.scratch.path("state")))
    }

    @Test(arguments: [
        ("speling: 1\n", "speling"), ("notifications: [\n", "config.yaml"),
        ("daemon: { width: 0 }\n", "width"),
        ("daemon: { width: lots }\n", "width"),
        ("model-endpoints: { a: { kind: clever, url: 'http://127.0.0.1:1', models: [m] } }\n", "clever"),
        ("model-endpoints: { a: { kind: ollama, url: 'gopher://x', models: [m] } }\n", "gopher"),
        ("notifications: { receivers: { phone: { kind: pigeon, url: 'https://x' } } }\n", "pigeon"),
        ("notifications: { receivers: { phone: { kind: gotify } } }\n", "phone"),
    ]) func `a mistake in the configuration is named, and the rest is still looked at`(
        text: String, word: String
    ) async throws {
        var household = try Household()
        household.configuration = text
        let report = try await household.report()
        #expect(report.problems("configuration").contains(word), "\(report.problems("configuration"))")
        #expect(report.problems("configuration").contains("config.yaml:"))
        #expect(report.lines("playbooks").map(\.state) == [.ok])
        #expect(!report.lines("disk").isEmpty)
    }

    @Test(arguments: [
        ("hosts: { here: { conection: local } }\n", "conection"), ("hosts: {}\n", "no host"),
        ("hosts: { here: { address: '' } }\n", "address"), ("hosts: { here: { port: 99999 } }\n", "99999"),
        ("hosts: { here: { autonomy: yolo } }\n", "yolo"), ("hosts: { here: { jump: nowhere } }\n", "nowhere"),
        ("hosts: { here: [", "fleet.yaml"),
    ]) func `a mistake in the inventory is named, and the rest is still looked at`(
        text: String, word: String
    ) async throws {
        var household = try Household()
        household.inventory = text
        let report = try await household.report()
        #expect(report.problems("inventory").contains(word), "\(report.problems("inventory"))")
        #expect(report.lines("configuration").map(\.state) == [.ok])
    }

    @Test func `an inventory that others may write is refused by name`() async throws {
        let household = try Household()
        try household.scratch.write(household.inventory, to: "fleet.yaml", permissions: 0o666)
        #expect(try await household.report().problems("inventory").contains("fleet.yaml"))
    }

    @Test(arguments: [
        ("id: mine\ntitle: Mine\nsteps: [{ action: fly }]\n", "fly"), ("id: [\n", "mine.yaml"),
    ]) func `a mistake in a playbook is named with what it turns off`(text: String, word: String) async throws {
        var household = try Household()
        household.playbooks = household.scratch.path("playbooks")
        try household.scratch.write(text, to: "playbooks/mine.yaml")
        let problems = try await household.report().problems("playbooks")
        #expect(problems.contains(word) && problems.contains("mine.yaml"), "\(problems)")
        #expect(problems.contains("repairs are off"))
    }

    @Test(
        arguments: [(nil, 0o600, "key"), ("", 0o600, "empty"), ("secret-word\n", 0o644, "key")]
            as [(String?, Int, String)]) func `a key file that cannot be used is named, and not a word of it is shown`(
            text: String?, permissions: Int, word: String
        ) async throws
    {
        var household = try Household()
        if let text { try household.scratch.write(text, to: "key", permissions: permissions) }
        household.configuration = """
            model-endpoints:
              cloud: { kind: openai, url: 'http://127.0.0.1:1', models: [m], api-key-file: \(household.scratch.path("key")) }
            """
        let report = try await household.report()
        #expect(report.problems("secrets").contains(word), "\(report.problems("secrets"))")
        #expect(!"\(report)".contains("secret-word"))
    }

    @Test func `a receiver whose token is missing is named`() async throws {
        var household = try Household()
        household.configuration = """
            notifications:
              receivers:
                phone: { kind: gotify, url: 'https://gotify.example', token-file: \(household.scratch.path("token")) }
            """
        #expect(try await household.report().problems("receiver phone").contains("token"))
    }

    @Test func `a damaged database and an altered record are problems, each with its remedy`() async throws {
        let household = try Household()
        let database = household.scratch.path("state/macha.db")
        let store = try Store.open(at: database)
        _ = try store.pause(hosts: nil, by: "eve", because: "test", at: Date())
        #expect(try await household.report().lines("record").map(\.state) == [.ok])
        try await SQLiteEdit.run("UPDATE audit SET at = at + 1", in: database)
        let report = try await household.report()
        #expect(report.problems("record").contains("macha audit verify"), "\(report.lines("record"))")
    }

    @Test func `a database that is none is a problem`() async throws {
        let household = try Household()
        try household.scratch.write("this is a letter to my aunt, and no database at all\n", to: "state/macha.db")
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o700], ofItemAtPath: household.scratch.path("state"))
        #expect(try await household.report().problems("database").contains("macha.db"))
    }
}

/// What goes wrong on the way to hosts and models.
@Suite(.enabled(if: LocalSSHD.isAvailable, "needs OpenSSH's server"), .timeLimit(.minutes(5)))
struct DoctorContactTests {
    private func household(
        _ server: LocalSSHD, key: String = "id", known: String, extra: String = ""
    ) throws -> Household {
        var household = try Household()
        let file = try household.scratch.write(known, to: "known_hosts")
        household.inventory = """
            hosts:
              nas:
                address: 127.0.0.1
                port: \(server.port)
                user: \(server.user)
                identity-file: \(server.scratch.path(key))
                known-hosts: \(file)
                autonomy: observe
            \(extra)
            """
        return household
    }

    private func problems(_ household: Household) async throws -> String {
        try await household.report(isOffline: false).problems("nas")
    }

    @Test func `a host that lets Macha in is ok`() async throws {
        let server = try await LocalSSHD()
        let report = try await household(server, known: try server.knownHostsLine()).report(isOffline: false)
        #expect(report.lines("nas").first?.state == .ok, "\(report.lines("nas"))")
    }

    @Test func `an unknown key, a changed key, a refused login and a silent port each name their cause`() async throws {
        let (server, other) = (try await LocalSSHD(), try await LocalSSHD())
        #expect(try await problems(household(server, known: "")).contains("macha hosts trust"))
        let stranger = try other.knownHostsLine().split(separator: " ").dropFirst().joined(separator: " ")
        let changed = "[127.0.0.1]:\(server.port) \(stranger)"
        #expect(try await problems(household(server, known: changed)).contains("changed"))
        try LocalSSHD.makeKey("wrong", "ed25519", in: server.scratch)
        let refused = try await problems(household(server, key: "wrong", known: try server.knownHostsLine()))
        #expect(refused.contains("authorized_keys"), "\(refused)")
        let line = try server.knownHostsLine()
        server.stop()
        #expect(try await problems(household(server, known: line)).contains("refused"))
    }

    @Test func `a key file that is not there is named`() async throws {
        let server = try await LocalSSHD()
        #expect(try await problems(household(server, key: "gone", known: try server.knownHostsLine())).contains("gone"))
    }

    @Test func `a model that does not answer is named with what to do`() async throws {
        var household = try Household()
        let port = try Loopback.freePort()
        household.configuration = """
            model-endpoints: { local: { kind: ollama, url: 'http://127.0.0.1:\(port)', models: ['tiny'] } }
            """
        let report = try await household.report(isOffline: false)
        let problems = report.sections.last?.lines.filter { $0.state == .problem } ?? []
        #expect(problems.count == 1 && problems.first?.advice.isEmpty == false, "\(report)")
    }
}
