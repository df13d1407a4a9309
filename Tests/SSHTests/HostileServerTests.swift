// SPDX-License-Identifier: MIT
import Glibc
import MachaTestSupport
import SSH
import Testing

/// How a conversation with a server that goes wrong must end.
struct Hostility: Sendable, CustomTestStringConvertible {
    /// A code of `SSHError`; `library` stands for any number of libssh2's.
    enum Code: Sendable, Hashable {
        case code(SSHError.Code)
        case library

        init(_ code: SSHError.Code) {
            if case .library = code { self = .library } else { self = .code(code) }
        }
    }

    enum End: Sendable {
        case error(Set<Code>, SSHStage)
        /// The command's end and the first line of its output.
        case result(Set<ExitOutcome>, String)
        case cut
        /// Either way, but it ends.
        case any
    }

    var behaviour: String
    var end: End
    /// Bytes of input the command gets.
    var input = 0
    /// The stage whose deadline is short because the behaviour is to make it pass; all others have half a minute.
    var short: SSHStage?

    var testDescription: String { behaviour }

    init(_ behaviour: String, _ end: End, short: SSHStage? = nil, input: Int = 0) {
        (self.behaviour, self.end, self.short, self.input) = (behaviour, end, short, input)
    }

    static func fails(_ behaviour: String, _ codes: SSHError.Code..., at stage: SSHStage, input: Int = 0) -> Self {
        let codes = Set(codes.map(Code.init))
        let short = codes.contains(.code(.timedOut)) ? stage : nil
        return Self(behaviour, .error(codes, stage), short: short, input: input)
    }

    static func answers(_ behaviour: String, _ outcomes: ExitOutcome..., output: String = "hello") -> Self {
        Self(behaviour, .result(Set(outcomes), output))
    }

    /// Connects, runs one command and closes.
    func meet(_ server: HostileServer) async throws -> Result<ExecResult, SSHError> {
        let brief = Duration.milliseconds(300)
        let (target, input) = (try server.target(behaviour), [UInt8](repeating: 65, count: input))
        var timeouts = SSHTimeouts()
        (timeouts.handshake, timeouts.authentication) = (.seconds(30), .seconds(30))
        if short == .handshake { timeouts.handshake = brief }
        if short == .authentication { timeouts.authentication = brief }
        do throws(SSHError) {
            let session = try await SSHSession.connect(to: target, timeouts: timeouts)
            let deadline = ContinuousClock.now + (short == .exec ? brief : .seconds(30))
            let limit = OutputLimit(standardOutput: 20 << 20)
            let result: Result<ExecResult, SSHError>
            do throws(SSHError) {
                result = .success(try await session.execute(["true"], input: input, limit: limit, until: deadline))
            } catch {
                result = .failure(error)
            }
            await session.close()
            return result
        } catch {
            return .failure(error)
        }
    }
}

extension Hostility {
    private static let steps = [
        "banner", "kexinit", "key exchange", "new keys", "service", "key asked for", "login", "channel", "command",
        "output", "exit status", "end of output",
    ]

    private static func stage(after step: Int) -> SSHStage {
        // libssh2 counts the question for the login service as part of the handshake.
        step < 4 ? .handshake : step < 6 ? .authentication : .exec
    }

    /// Every behaviour of Tests/Lab/hostile/behaviours.py.
    static let all: [Hostility] =
        ciphers + beforeTheKeys + inTheKeyExchange + stalls + leaves + encrypted + floods + logins + channels + again
        + endedByTheWatchdog

    private static let stalls = steps.indices.map {
        fails("stalls after: \(steps[$0])", .timedOut, at: stage(after: $0))
    }
    private static let leaves = steps.indices.map {
        // libssh2 1.10 says of some of these only that the key exchange failed.
        $0 < 3
            ? fails("leaves after: \(steps[$0])", .connectionLost, .library(0), at: .handshake)
            : fails("leaves after: \(steps[$0])", .connectionLost, at: stage(after: $0))
    }

    private static let beforeTheKeys = [
        fails("silence", .timedOut, at: .handshake),
        fails("one byte a second", .timedOut, at: .handshake),
        fails("endless lines before the banner", .flooded, at: .handshake),
        fails("an endless line before the banner", .flooded, at: .handshake),
        fails("an endless banner", .library(0), .connectionLost, at: .handshake),
        fails("binary noise", .notSSH, .flooded, at: .handshake),
        fails("NUL in the banner", .library(0), .notSSH, at: .handshake),
        fails("SSH 1", .notSSH, .timedOut, at: .handshake),
        fails("HTTP", .notSSH, at: .handshake),
        fails("a packet of length 0", .library(0), .connectionLost, at: .handshake),
        fails("a packet of length 1", .library(0), .connectionLost, .timedOut, at: .handshake),
        fails("a packet of 4 GiB", .library(0), .connectionLost, at: .handshake),
        fails("a packet of 36,000 bytes", .library(0), .noCommonAlgorithm, .timedOut, at: .handshake),
        fails("padding longer than its packet", .library(0), .connectionLost, at: .handshake),
        fails("padding and nothing else", .library(0), .connectionLost, .timedOut, at: .handshake),
        fails("a key exchange message cut short", .library(0), at: .handshake),
        fails("a key exchange message without lists", .noCommonAlgorithm, at: .handshake),
        fails("lists with lengths of 4 GiB", .library(0), .connectionLost, at: .handshake),
        fails("30 KB of algorithm names", .noCommonAlgorithm, at: .handshake),
        fails("one algorithm name of 30 KB", .noCommonAlgorithm, at: .handshake),
        fails("a group exchange with a group of 16,384 bits", .noCommonAlgorithm, at: .handshake),
        fails("messages nobody knows, before the keys", .flooded, at: .handshake),
        fails("ignored messages without end, before the keys", .flooded, at: .handshake),
        fails("a login accepted before the keys", .library(0), .timedOut, at: .handshake),
        fails("new keys before the key exchange", .library(0), .timedOut, at: .handshake),
    ]

    private static let inTheKeyExchange = [
        fails("an empty public key", .library(0), at: .handshake),
        fails("a public key of zeros", .library(0), at: .handshake),
        fails("a public key of 30 KB", .library(0), at: .handshake),
        fails("a wrong signature", .library(0), at: .handshake),
        fails("a signature of 2 bytes", .library(0), at: .handshake),
        fails("a host key of no kind", .library(0), at: .handshake),
        fails("an answer that is one byte", .library(0), at: .handshake),
        fails("another host key than before", .hostKeyChanged, at: .hostKey),
    ]

    /// What is offered is what is safe with this libssh2.
    private static let ciphers = ["ctr", "etm", "gcm", "chacha"].map { cipher in
        cipher == (LibSSH2.hasAuthenticatedCiphers ? "gcm" : "ctr")
            ? answers("healthy, \(cipher)", .status(0))
            : fails("healthy, \(cipher)", .noCommonAlgorithm, at: .handshake)
    }

    private static let encrypted =
        [
            fails("leaves in the middle of a packet", .connectionLost, at: .exec),
            fails("stalls in the middle of a packet", .timedOut, at: .exec),
            answers("messages without a body", .status(0)),
            fails("a wrong MAC", .library(0), at: .exec),
            fails("garbage after the new keys", .library(0), .timedOut, at: .handshake),
            fails("padding longer than its packet, encrypted", .library(0), at: .exec),
            fails("a packet of 4 GiB, encrypted", .library(0), at: .exec),
            fails("a packet of length 0, encrypted", .library(0), .timedOut, at: .exec),
        ]
        // libssh2 1.10 ends the process here (see Algorithms.ciphers).
        + (LibSSH2.hasAuthenticatedCiphers
            ? [fails("a length that is no multiple of the block, encrypted", .library(0), .timedOut, at: .exec)] : [])

    private static let floods = [
        fails("login banners without end", .flooded, at: .authentication),
        fails("ignored messages without end", .flooded, at: .exec),
        fails("debug messages without end", .flooded, at: .exec),
        fails("messages nobody knows without end", .flooded, at: .exec),
        fails("messages of the key exchange without end", .flooded, at: .exec),
        fails("data for a channel that is not there", .flooded, at: .exec),
        fails("data for a stream nobody reads", .flooded, at: .exec),
        fails("data of no bytes", .flooded, at: .exec),
        fails("window adjustments without end", .flooded, at: .exec),
        fails("end after end of output", .flooded, at: .exec),
        fails("requests that want an answer, without end", .flooded, at: .exec),
        fails("channels opened without end", .flooded, at: .exec),
        fails("confirmations without end", .flooded, at: .exec),
    ]

    private static let logins = [
        fails("partial success without end", .authenticationRefused, at: .authentication),
        fails("30 KB of login methods", .authenticationRefused, at: .authentication),
        fails("a login failure of one byte", .authenticationRefused, at: .authentication),
        fails("another key than the one offered", .timedOut, at: .authentication),
        fails("another service than the one asked for", .library(0), at: .handshake),
    ]

    private static let channels = [
        fails("no channel is opened", .channelRefused, at: .exec),
        fails("no command is started", .channelRefused, at: .exec),
        fails("a confirmation for another channel", .timedOut, .library(0), at: .exec),
        fails("a confirmation cut short", .library(0), at: .exec),
        fails("no window for our input", .timedOut, at: .exec, input: 100_000),
        fails("a window of one byte at a time", .timedOut, at: .exec, input: 10_000_000),
        fails("packets of no bytes for our input", .timedOut, at: .exec, input: 100_000),
        answers("a window that overflows", .status(0)),
        Hostility("more than its window", .any, short: .exec),
        answers("data longer than its packet", .status(0)),
        answers("never an exit status", .unknown),
        answers("exit before output", .status(3)),
        answers("exit before the command is said to have begun", .status(3)),
        Hostility("output after end and close", .any, short: .exec),
        Hostility("output after its end", .any, short: .exec),
        answers("close without an end of output", .status(3)),
        answers("an OpenSSH that lets us close first", .status(3)),
        fails("an OpenSSH that never closes", .timedOut, at: .exec),
        Hostility("a signal with a name of 30 KB", .any),
        Hostility("a signal whose name is longer than its packet", .any),
        Hostility("200 MB without end", .cut),
        fails("goodbye in the middle of the output", .connectionLost, at: .exec),
        fails("a goodbye longer than its packet", .connectionLost, .timedOut, at: .exec),
    ]

    /// With libssh2 1.11 one call of 78 s, which the watchdog ends. Not with a sanitizer: the thread sanitizer hands signals on only
    /// when the program calls something, and libcrypto's part of an ended session is a leak.
    private static let endedByTheWatchdog =
        OwnProcess.isSanitized
        ? []
        : [
            fails(
                "a message that counts 4,294,967,295 extensions",
                LibSSH2.version.hasPrefix("1.11.") ? .flooded : .timedOut, at: .exec)
        ]

    private static let again =
        [
            answers("a hundred key exchanges", .status(0)),
            answers("a key exchange as the command is asked for", .status(0)),
            answers("a channel in the middle of a key exchange", .status(0)),
            fails("key exchanges without end", .timedOut, .flooded, at: .exec),
            fails("key exchanges begun without end", .flooded, .library(0), at: .exec),
            fails("a key exchange that stalls", .timedOut, at: .exec),
            fails("a key exchange whose new lists share nothing", .library(0), .timedOut, at: .exec),
        ]
}

/// Servers that break the protocol, flood, stall and lie. Every conversation ends as its row says, and nobody else suffers.
@Suite(
    .serialized, .enabled(if: HostileServer.isAvailable, "needs Python's cryptography (script/bootstrap)"),
    .timeLimit(.minutes(5)))
struct HostileServerTests {
    private static let server = Task { try await HostileServer() }

    @Test(arguments: Hostility.all) func `a server that goes wrong ends as it should`(row: Hostility) async throws {
        let server = try await Self.server.value
        let healthy = try await SSHSession.connect(to: try server.target("healthy", name: "healthy"))
        async let met = row.meet(server)
        // On the same reactor, meanwhile.
        let beside = try await healthy.execute(["true"], until: .now + .seconds(60))
        #expect(beside.standardOutput == Array("hello\n".utf8))
        check(try await met, row)
        let afterwards = try await healthy.execute(["true"], until: .now + .seconds(60))
        #expect(afterwards.outcome == .status(0))
        await healthy.close()
    }

    private func check(_ met: Result<ExecResult, SSHError>, _ row: Hostility) {
        switch (row.end, met) {
        case (.any, _): break
        case (.error(let codes, let stage), .failure(let error)):
            #expect(codes.contains(Hostility.Code(error.code)), "\(error) [\(error.code)]")
            #expect(error.stage == stage, "\(error)")
        case (.result(let outcomes, let line), .success(let result)):
            #expect(outcomes.contains(result.outcome), "\(result.outcome)")
            let text = String(decoding: result.standardOutput, as: UTF8.self)
            #expect(text.hasPrefix(line), "\(text)")
        case (.cut, .success(let result)): #expect(result.cut == .standardOutput)
        default: Issue.record("ended otherwise: \(met)")
        }
        guard case .failure(let error) = met else { return }
        #expect(error.host == "hostile" && error.message.contains("hostile"), "\(error)")
        #expect(error.description.utf8.count < 4000)
        #expect(error.description.utf8.allSatisfy { $0 >= 0x20 })
    }

    /// By order, not by clock: those that answer are through while those that do not are still being waited for.
    @Test func `hosts that do not answer delay no other`() async throws {
        let server = try await Self.server.value
        let mute = ["silence"] + Hostility.all.map(\.behaviour).filter { $0.hasPrefix("stalls after: ") }
        let attempts = mute.map { behaviour in Task { try await Hostility(behaviour, .any).meet(server) } }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<25 {
                group.addTask {
                    let met = try await Hostility("healthy", .any).meet(server)
                    #expect(try met.get().outcome == .status(0))
                }
            }
            try await group.waitForAll()
        }
        for attempt in attempts { attempt.cancel() }
        for attempt in attempts {
            let met = try await attempt.value
            let error = #expect(throws: SSHError.self) { try met.get() }
            #expect(error?.code == .cancelled)
        }
    }

    @Test(.disabled(if: OwnProcess.isAlone)) func `hostile servers leak neither descriptors nor memory`() async throws {
        let (status, output) = try await OwnProcess.runAlone("HostileServerTests/`alone")
        #expect(status == 0, "\(output)")
    }

    @Test(.enabled(if: OwnProcess.isAlone)) func `alone: all of them, counting descriptors and memory`() async throws {
        let server = try await HostileServer()
        _ = try await Hostility("healthy", .any).meet(server)
        let before = try OwnProcess.descriptors()
        let memory = try OwnProcess.peakMemory()
        // Eight at a time: more would only meet the deadlines of a server that is a slow program.
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, row) in Hostility.all.enumerated() {
                if index >= 8 { try await group.next() }
                group.addTask { _ = try await row.meet(server) }
            }
            try await group.waitForAll()
        }
        let after = try OwnProcess.descriptors()
        #expect(after == before)
        // 20 MiB of kept output, eight times what one session may hold, and what the allocator keeps of it.
        if !OwnProcess.isSanitized { #expect(try OwnProcess.peakMemory() - memory < 192 << 20) }
    }
}
