// SPDX-License-Identifier: MIT
import Foundation
import MachaFleet
import MachaInventory
import MachaModel
import MachaProbes
import MachaTestSupport
import Testing

/// One host, one connection, one command: what becomes of it.
@Suite(.timeLimit(.minutes(10))) struct CollectorTests {
    private let host = FleetHost(name: "nas", connection: .local)

    /// A collector whose clock stands still.
    private let noon = Date(timeIntervalSince1970: 1_800_000_000)
    private var collector: Collector { Collector(now: { [noon] in noon }) }

    private func snapshot(_ answer: FakeTransport.Answer) async -> (Snapshot, FakeTransport) {
        let transport = FakeTransport(host: host.name) { _ in answer }
        return (await collector.collect(host, over: transport), transport)
    }

    /// What a host sends when only this probe answers.
    private static let memory = """
        MemTotal:       16384000 kB
        MemFree:         1024000 kB
        MemAvailable:    8192000 kB
        Buffers:          100000 kB
        Cached:          6000000 kB
        SwapTotal:             0 kB
        SwapFree:              0 kB

        """

    private static func frame(_ name: String, _ body: String) -> String { "@@\(name) 0 \(body.utf8.count)\n\(body)\n" }

    @Test func `the probe script goes to a plain shell on standard input, once`() async throws {
        let (_, transport) = await snapshot(.output(""))
        let asked = try #require(transport.asked.first)
        #expect(transport.asked.count == 1)
        #expect(asked.words == ["sh", "-s"])
        let request = ProbeRequest(host, after: nil, now: noon, everything: false)
        #expect(asked.input == Array(ProbeScript.text(for: request).utf8))
    }

    @Test func `a whole answer becomes readings, with the time the collection began`() async {
        let answer = Self.frame("begin", "") + Self.frame("memory", Self.memory) + Self.frame("end", "")
        let (snapshot, _) = await snapshot(.output(answer))
        #expect(snapshot.contact == .reached)
        #expect(snapshot.takenAt == noon)
        #expect(snapshot.host == "nas")
        #expect(snapshot[MemoryProbe.self].value?.total == 16_384_000 * 1024)
        #expect(snapshot[DisksProbe.self].failure?.reason == .missing)
    }

    @Test func `an answer that was cut off keeps what arrived whole; the rest is unknown`() async {
        let answer = Self.frame("begin", "") + Self.frame("memory", Self.memory) + "@@disks 0 4000\n/dev/sda1"
        var result = CommandResult(standardOutput: Array(answer.utf8))
        result.isCut = true
        let (snapshot, _) = await snapshot(.result(result))
        #expect(snapshot.contact == .reached)
        #expect(snapshot[MemoryProbe.self].value != nil)
        #expect(snapshot[DisksProbe.self].failure?.reason == .missing)
    }

    @Test(arguments: [
        CommandResult(outcome: .status(0)),
        CommandResult(standardError: Array("This account is currently not available.".utf8), outcome: .status(1)),
        CommandResult(standardOutput: Array("Welcome!\n@@begin 0 0\n\n".utf8), outcome: .signal("KILL")),
        CommandResult(standardOutput: [0xff, 0xfe, 0x00], outcome: .unknown),
    ])
    func `a host that did not run the script was not reached, and says why`(_ result: CommandResult) async {
        let (snapshot, _) = await snapshot(.result(result))
        guard case .failed(let failure) = snapshot.contact else {
            Issue.record("nothing arrived, and the host counts as reached")
            return
        }
        #expect(failure.kind == .broken)
        #expect(failure.stage == "collect")
        #expect(failure.message.raw.contains("nas"))
        #expect(failure.message.raw.hasSuffix(String(decoding: result.standardError, as: UTF8.self)))
    }

    @Test(arguments: ContactFailure.Kind.allCases)
    func `a contact failure is recorded in the host's snapshot`(_ kind: ContactFailure.Kind) async {
        let failure = ContactFailure(kind, stage: "connect", message: "nas: no route", remedy: "plug it in")
        let (snapshot, _) = await snapshot(.failure(failure))
        #expect(snapshot.contact == .failed(failure))
        #expect(snapshot[MemoryProbe.self].failure?.reason == .notCollected)
    }

    /// What this machine itself says of its memory.
    private func expectThisMachine(_ snapshot: Snapshot) throws {
        #expect(snapshot.contact == .reached)
        let system = try #require(snapshot[SystemProbe.self].value)
        let name = try String(contentsOfFile: "/proc/sys/kernel/hostname", encoding: .utf8)
        #expect(system.hostname == name.trimmingCharacters(in: .whitespacesAndNewlines))
        let memory = try #require(snapshot[MemoryProbe.self].value)
        let text = try String(contentsOfFile: "/proc/meminfo", encoding: .utf8)
        let total = try #require(text.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) })
        #expect(Int(memory.total) == total * 1024)
        #expect(snapshot.duration > 0)
    }

    @Test(.enabled(if: LocalSSHD.isAvailable, "needs OpenSSH's server"))
    func `a real host over SSH is collected, and no process of the script remains`() async throws {
        let server = try await LocalSSHD()
        // Every process of the session carries the home folder of this one server.
        let mark = "HOME=\(server.scratch.path("home"))"
        let transport = SSHTransport(try server.target())
        let snapshot = await collector.collect(host, over: transport)
        try expectThisMachine(snapshot)
        #expect(processes(with: mark).isEmpty)
        await transport.close()
    }

    @Test func `the controller itself is collected over a local connection`() async throws {
        let transport = LocalTransport(host: "self")
        try expectThisMachine(await collector.collect(host, over: transport))
    }

    /// Process ids whose environment holds `entry`.
    private func processes(with entry: String) -> [String] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return all.filter { $0.allSatisfy(\.isNumber) }.filter { pid in
            let environment = FileManager.default.contents(atPath: "/proc/\(pid)/environ") ?? Data()
            return environment.split(separator: 0).contains { $0.elementsEqual(entry.utf8) }
        }
    }
}
