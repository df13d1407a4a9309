// SPDX-License-Identifier: MIT
import Foundation
import MachaModel
import Testing

@testable import MachaInventory

/// The keys of the configuration, where they are read, documented and offered to editors.
struct ConfigurationSchemaTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    @Test func `the schema names every key that is read, and no other`() {
        let nested: Set<Configuration.Key> = [.modelEndpoints, .daemon, .backup, .notifications]
        let top = Configuration.Key.allCases.filter { !nested.contains($0) }.map(\.rawValue)
        let endpoint = ModelEndpoint.Key.allCases.map { "model-endpoints.NAME.\($0.rawValue)" }
        let daemon = DaemonSettings.Key.allCases.map { "daemon.\($0.rawValue)" }
        let backup = BackupSettings.Key.allCases.map { "backup.\($0.rawValue)" }
        let timing = RouteTiming.Key.allCases.map(\.rawValue)
        let notices =
            NotificationSettings.Key.allCases.filter { ![.receivers, .routes, .reports].contains($0) }.map(\.rawValue)
            + timing
            + ReceiverSettings.Key.allCases.map { "receivers.NAME.\($0.rawValue)" }
            + (NotificationRoute.Key.allCases.map(\.rawValue) + timing).map { "routes.N.\($0)" }
            + ReportSettings.Key.allCases.map { "reports.\($0.rawValue)" }
        let names = ConfigurationKey.all.map(\.name)
        #expect(Set(names) == Set(top + endpoint + daemon + backup + notices.map { "notifications.\($0)" }))
        #expect(names.count == Set(names).count)
    }

    @Test func `the documentation holds the table of the schema as it is`() throws {
        let text = try String(
            contentsOf: Self.root.appending(path: "docs/configuration.md"), encoding: .utf8)
        #expect(
            text.contains(ConfigurationKey.table), "put this into docs/configuration.md:\n\(ConfigurationKey.table)")
    }

    @Test func `the schema for editors allows exactly the keys that are read`() throws {
        guard case .object(let members) = ConfigurationKey.schema,
            case .object(let properties)? = members.first(where: { $0.name == "properties" })?.value
        else {
            Issue.record("the schema has no properties")
            return
        }
        let names = Set(properties.map(\.name))
        #expect(names == Set(Configuration.Key.allCases.map(\.rawValue) + SeedSettings.Key.allCases.map(\.rawValue)))
    }

    // MARK: daemon

    private func parse(_ text: String) throws -> Configuration {
        try Configuration.parse(text, file: "c.yaml", home: "/home/anna")
    }

    private func mistakes(_ text: String) -> [String] {
        do {
            _ = try parse(text)
            return []
        } catch let error as InventoryError {
            return error.mistakes.map(\.description)
        } catch {
            return ["\(error)"]
        }
    }

    @Test func `every key of the daemon is read`() throws {
        let daemon = try parse(
            """
            daemon:
              width: 8
              analyses-per-day: 40
              heartbeat-url: "https://hc.example.org/ping/abc"
              heartbeat-interval: 5m
            """
        ).daemon
        #expect(daemon.width == 8)
        #expect(daemon.analysesPerDay == 40)
        #expect(daemon.heartbeatURL == "https://hc.example.org/ping/abc")
        #expect(daemon.heartbeatInterval == 300)
        #expect(try parse("daemon: { heartbeat-url-file: ~/hc }").daemon.heartbeatURLFile == "/home/anna/hc")
        #expect(try parse("daemon: { heartbeat-url-file: credential:hc }").daemon.heartbeatURLFile == "credential:hc")
    }

    @Test(arguments: [
        ("daemon: [1]", "'daemon' must be a mapping, not a list"),
        ("daemon: { widht: 8 }", "did you mean 'width'?"), ("daemon: { width: 0 }", "'width'"),
        ("daemon: { width: 20000 }", "must lie between 1 and 10000"),
        ("daemon: { heartbeat-url: ftp://x }", "this is no URL"),
        ("daemon: { heartbeat-url: \"http://x\", heartbeat-url-file: /x }", "write one"),
        ("daemon: { heartbeat-url-file: \"credential:../x\" }", "names no credential"),
        ("demon: {}", "did you mean 'daemon'?"), ("backup:", "write backup: {} for a backup every day"),
        ("backup: { at: \"25:00\" }", "is not a time of day"), ("backup: { keep: 0 }", "'keep'"),
        ("backup: { at: \"03:30\", every: 1d }", "write one"), ("backup: { folder: here }", "must begin with '/'"),
        ("backup: { foldr: /x }", "did you mean 'folder'?"),
    ])
    func `a mistake is named with its place`(text: String, message: String) {
        let mistakes = mistakes(text)
        #expect(
            mistakes.count == 1 && mistakes[0].hasPrefix("c.yaml:1:") && mistakes[0].contains(message), "\(mistakes)")
    }

    // MARK: backup

    @Test func `every key of the backups is read, and there are none unless they are asked for`() throws {
        #expect(try parse("daemon: {}").backup == nil)
        let usual = try #require(try parse("backup: {}").backup)
        #expect(usual.folder == nil && usual.pace == .every(86_400) && usual.keep == 14)
        let backup = try #require(try parse("backup: { folder: ~/b, at: \"03:30\", keep: 3 }").backup)
        #expect(backup.folder == "/home/anna/b" && backup.pace == .at(210) && backup.keep == 3)
        #expect(try parse("backup: { every: 6h }").backup?.pace == .every(21_600))
    }

    // MARK: the first Macha

    @Test(arguments: [
        #"{"enable": true, "autonomyLevel": "auto-safe", "checkInterval": 180, "model": "llama3.1:8b", "ollamaHost": "http://gpu.lan:11434", "gotifyUrl": "", "gotifyToken": "", "remoteSystems": ["nas", "wiki"], "configRepo": "git+https://x", "configBranch": "main", "aiName": "macha", "uid": 2501}"#,
        #"{"ai_name": "macha", "check_interval": 180, "autonomy_level": "auto-safe", "ollama_host": "http://gpu.lan:11434", "model": "llama3.1:8b", "config_repo": "", "config_branch": "main", "remote_systems": ["nas", "wiki"]}"#,
    ])
    func `the configuration of the first Macha is read as it is`(text: String) throws {
        let configuration = try parse(text)
        #expect(configuration.seeds.autonomy == .autoSafe)
        #expect(configuration.seeds.checkInterval == 180)
        #expect(configuration.seeds.remoteSystems == ["nas", "wiki"])
        #expect(configuration.seeds.gotifyURL == nil)
        let endpoint = try #require(configuration.modelEndpoints.first)
        #expect(endpoint.kind == .ollama)
        #expect(endpoint.url == "http://gpu.lan:11434")
        #expect(endpoint.models == ["llama3.1:8b"])
    }

    @Test(arguments: [
        (#"{"autonomyLevel": "reckless"}"#, "reckless"), (#"{"checkInterval": "soon"}"#, "soon"),
        (#"{"remoteSystems": "nas"}"#, "must be a list"), (#"{"autonomyLevl": "observe"}"#, "autonomyLevl"),
    ])
    func `a mistake in the configuration of the first Macha is one`(text: String, word: String) {
        #expect(mistakes(text).first?.contains(word) == true)
    }

    @Test func `level and interval of the configuration count where the inventory is silent`() throws {
        let inventory = try Inventory.parse(
            sources: [("f.yaml", "hosts: { a: {}, b: { autonomy: observe, check-interval: 1h } }")], home: "/h",
            user: "u",
            fallback: FleetFallback(autonomy: .autoSafe, checkInterval: 180))
        #expect(inventory["a"]?.autonomy == .autoSafe && inventory["a"]?.checkInterval == 180)
        #expect(inventory["b"]?.autonomy == .observe && inventory["b"]?.checkInterval == 3_600)
        let origin = inventory.explanation(of: "a").first { $0.key == "autonomy" }?.origin
        #expect(origin.map { "\($0)" } == "the configuration")
    }
}
