// SPDX-License-Identifier: MIT
import Foundation
import MachaInventory
import MachaTestSupport
import Testing

/// Names, addresses, pauses and state folders as a person meets them, on light hosts of the lab that say themselves what was
/// done to them.
@Suite(.enabled(if: LightLab.isAvailable, "needs sshd, python3 and flock"), .timeLimit(.minutes(20)))
struct MachineCommandTests {
    private let lab: LightLab
    private let scratch: Scratch
    private let endpoints: [String: SSHEndpoint]

    init() async throws {
        lab = try await LightLab("one failed-unit\ntwo failed-unit\n")
        scratch = try Scratch()
        var endpoints: [String: SSHEndpoint] = [:]
        for host in lab.inventory.hosts {
            guard case .ssh(let endpoint) = host.connection else { continue }
            endpoints[host.name] = endpoint
        }
        self.endpoints = endpoints
    }

    /// Writes the inventory: each name with the lab host it leads to, through another name where one is given, and its level.
    private func write(_ hosts: [(name: String, host: String, through: String?, level: String)]) throws {
        var lines = ["hosts:"]
        for host in hosts {
            let endpoint = try #require(endpoints[host.host])
            let jump = host.through.map { ", jump: \($0)" } ?? ""
            lines.append(
                "  \(host.name): { address: \(endpoint.address), port: \(endpoint.port), user: \(endpoint.user), "
                    + "identity-file: \(endpoint.identityFiles[0]), known-hosts: \(endpoint.knownHosts[0]), "
                    + "autonomy: \(host.level)\(jump) }")
        }
        try scratch.write(lines.joined(separator: "\n") + "\n", to: "fleet.yaml")
    }

    private func macha(_ words: String..., state: String = "state") async throws -> (status: Int32, output: String) {
        let playbooks = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "playbooks").path
        let name = "\(state)-\(UInt64.random(in: .min ... .max))"
        let process = try ChildProcess(
            BuiltMacha.path, ["--inventory", scratch.path("fleet.yaml"), "--state-dir", scratch.path(state)] + words,
            environment: BuiltMacha.environment([
                "HOME": scratch.path("home"), "PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "MACHA_PLAYBOOKS": playbooks,
            ]), output: scratch.path("\(name).out"), errors: scratch.path("\(name).err"))
        let status = await process.finished()
        return (status, try scratch.read("\(name).out") + (try scratch.read("\(name).err")))
    }

    /// What a lab host says was done to it.
    private func actions(_ host: String) throws -> [String] {
        let endpoint = try #require(endpoints[host])
        let folder = URL(filePath: endpoint.knownHosts[0]).deletingLastPathComponent()
        let files = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
        let file = files.first { $0.hasSuffix("/\(host)/actions") }
        guard let file else { return [] }
        return try String(contentsOfFile: "\(folder.path)/\(file)", encoding: .utf8).split(separator: "\n").map(
            String.init)
    }

    @Test func `an approval stays with its machine when the name moves to another address`() async throws {
        try write([("nas", "one", nil, "suggest")])
        _ = try await macha("check", "--no-model")
        let (_, shown) = try await macha("approve", "show", "0")
        #expect(shown.contains("port \(try #require(endpoints["one"]).port)"), "\(shown)")
        #expect(shown.contains("host key SHA256:"), "\(shown)")
        #expect(shown.contains("machine id "), "\(shown)")
        let (_, json) = try await macha("approve", "show", "0", "--json")
        #expect(json.contains("\"hostKey\" : \"SHA256:") || json.contains("\"hostKey\":\"SHA256:"), "\(json)")

        try write([("nas", "two", nil, "suggest")])
        let (status, refused) = try await macha("approve", "approve", "0", "--settle", "0")
        #expect(status != 0)
        #expect(refused.contains("it was approved for nas at "), "\(refused)")
        #expect(try actions("one").isEmpty && actions("two").isEmpty)
        // The machine that is there now is asked about under an id of its own.
        _ = try await macha("check", "--no-model")
        let (approved, verified) = try await macha("approve", "approve", "1", "--settle", "0")
        #expect(approved == 0, "\(verified)")
        #expect(try actions("one").isEmpty)
        #expect(try actions("two").count == 1)
    }

    @Test func `a machine's second name protects it and is reported`() async throws {
        try write([
            ("www", "one", nil, "auto-full"), ("prot", "one", "gate", "observe"), ("gate", "two", nil, "observe"),
        ])
        let (_, first) = try await macha("check", "--no-model", "--settle", "0")
        #expect(try actions("one").isEmpty, "\(first)")
        let (_, second) = try await macha("check", "--no-model", "--settle", "0")
        #expect(try actions("one").isEmpty, "\(second)")
        #expect(second.contains("the same machine as prot"), "\(second)")
        #expect(second.contains("the same machine as www"), "\(second)")
    }

    @Test func `two state folders do not both act on one machine`() async throws {
        try write([("web", "one", nil, "auto-full")])
        async let here = macha("check", "--no-model", "--settle", "2", state: "here")
        async let there = macha("check", "--no-model", "--settle", "2", state: "there")
        let (first, second) = (try await here, try await there)
        #expect(try actions("one").count == 1, "\(first.output)\n\(second.output)")
        let (_, paused) = try await macha("pause", state: "here")
        #expect(paused.contains("state folder \(scratch.path("here"))"), "\(paused)")
        #expect(paused.contains("another state folder is not paused: \(scratch.path("there"))"), "\(paused)")
        let (_, told) = try await macha("status", state: "there")
        #expect(told.contains("another state folder is paused: \(scratch.path("here"))"), "\(told)")
    }

    @Test(arguments: [[], ["--json"]])
    func `root's rights are not used in a pause or on an observed host without a word`(format: [String]) async throws {
        try write([("web", "one", nil, "observe"), ("nas", "two", nil, "auto-full")])
        let restart = ["--sudo"] + format + ["--", "systemctl", "restart", "nginx.service"]
        let (observed, why) = try await exec(["exec", "all"] + restart)
        #expect(observed == 1)
        #expect(why.contains("observe") && why.contains("--yes"), "\(why)")
        #expect(try actions("one").isEmpty && actions("two").isEmpty)
        _ = try await macha("pause", "--reason", "backup")
        let (paused, reason) = try await exec(["exec", "nas"] + restart)
        #expect(paused == 1)
        #expect(reason.contains("paused") && reason.contains("backup"), "\(reason)")
        #expect(try actions("two").isEmpty)
        let (read, output) = try await exec(["exec", "nas"] + format + ["--", "true"])
        #expect(read == 0, "\(output)")
        let (done, said) = try await exec(["exec", "nas", "--yes"] + restart)
        #expect(done == 0, "\(said)")
        #expect(try actions("two").count == 1)
    }

    private func exec(_ words: [String]) async throws -> (status: Int32, output: String) {
        let name = "exec-\(UInt64.random(in: .min ... .max))"
        let process = try ChildProcess(
            BuiltMacha.path, ["--inventory", scratch.path("fleet.yaml"), "--state-dir", scratch.path("state")] + words,
            environment: BuiltMacha.environment([
                "HOME": scratch.path("home"), "PATH": "/usr/bin:/bin:/usr/sbin:/sbin",
            ]), output: scratch.path("\(name).out"), errors: scratch.path("\(name).err"))
        let status = await process.finished()
        return (status, try scratch.read("\(name).out") + (try scratch.read("\(name).err")))
    }
}
