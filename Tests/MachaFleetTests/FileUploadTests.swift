// SPDX-License-Identifier: MIT
import Foundation
import MachaFleet
import MachaModel
import MachaTestSupport
import Testing

/// A file on a host: whole, or as it was.
@Suite(.timeLimit(.minutes(10))) struct FileUploadTests {
    private static let local = LocalTransport(host: "self")
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private var soon: ContinuousClock.Instant { .now + .seconds(60) }
    private var left: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: scratch.url.path) } }

    private func permissions(_ name: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: scratch.path(name))[.posixPermissions] as? Int
    }

    @Test(arguments: [0, 1, 70_000, 3_000_000])
    func `a file of any size and content arrives with its permissions, and nothing else is left`(size: Int) async throws
    {
        let contents = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        let upload = FileUpload(path: scratch.path("it's a $file"), contents: contents, mode: 0o640)
        try await upload.put(on: "self", over: Self.local, until: soon)
        #expect(try Data(contentsOf: scratch.url.appending(path: "it's a $file")) == Data(contents))
        #expect(try permissions("it's a $file") == 0o640)
        #expect(try left == ["it's a $file"])
    }

    @Test(.enabled(if: LocalSSHD.isAvailable, "needs OpenSSH's server"))
    func `over SSH it replaces a file, and a link is not followed`() async throws {
        let server = try await LocalSSHD()
        let transport = SSHTransport(try server.target())
        try scratch.write("precious", to: "other")
        try FileManager.default.createSymbolicLink(atPath: scratch.path("file"), withDestinationPath: "other")
        let upload = FileUpload(path: scratch.path("file"), contents: Array("new".utf8))
        try await upload.put(on: "nas", over: transport, until: soon)
        #expect(try scratch.read("file") == "new")
        #expect(try scratch.read("other") == "precious")
        #expect(try Set(left) == ["file", "other"])
        await transport.close()
    }

    @Test func `a damaged upload leaves the old file and no other`() async throws {
        try scratch.write("old", to: "file")
        let upload = FileUpload(path: scratch.path("file"), contents: Array("new".utf8))
        let failure = await #expect(throws: ContactFailure.self) {
            try await upload.put(on: "nas", over: DamagingTransport(), until: soon)
        }
        #expect(failure?.message.raw.contains("not what was sent") == true)
        #expect(try scratch.read("file") == "old")
        #expect(try left == ["file"])
    }

    @Test(.enabled(if: LocalSSHD.isAvailable, "needs OpenSSH's server"))
    func `a transfer that is cut off leaves the old file and no other`() async throws {
        let server = try await LocalSSHD()
        let transport = SSHTransport(try server.target())
        try scratch.write("old", to: "file")
        // The host's `cat` gives up after the first bytes: its disk is full.
        try scratch.write("#!/bin/sh\nhead -c 10\nexit 1\n", to: "bin/cat", permissions: 0o755)
        let path = "\(scratch.path("bin")):/usr/bin:/bin"
        let upload = FileUpload(path: scratch.path("file"), contents: [UInt8](repeating: 7, count: 200_000))
        let failure = await #expect(throws: ContactFailure.self) {
            try await upload.put(on: "nas", over: PathTransport(transport, path), until: soon)
        }
        #expect(failure?.message.raw.contains("status 24") == true, "\(failure.debugDescription)")
        #expect(try scratch.read("file") == "old")
        #expect(try Set(left) == ["file", "bin"])
        await transport.close()
    }

    @Test func `a folder in the way, a missing folder and an invalid path are distinguished`() async throws {
        try FileManager.default.createDirectory(atPath: scratch.path("folder"), withIntermediateDirectories: true)
        for (path, words) in [
            (scratch.path("folder"), "a folder of that name"), (scratch.path("gone/file"), "no temporary file"),
            ("relative", "not an absolute path"), (scratch.path("x") + "/", "not an absolute path"),
        ] {
            let failure = await #expect(throws: ContactFailure.self) {
                try await FileUpload(path: path, contents: [1]).put(on: "nas", over: Self.local, until: soon)
            }
            #expect(failure?.message.raw.contains(words) == true, "\(path): \(failure.debugDescription)")
        }
        #expect(try left == ["folder"])
    }
}

/// Loses the last byte of what is sent.
private struct DamagingTransport: Transport {
    func run(_ command: Command, until deadline: ContinuousClock.Instant) async throws(ContactFailure) -> CommandResult
    {
        var command = command
        command.input.removeLast()
        return try await LocalTransport(host: "nas").run(command, until: deadline)
    }

    func stream(
        _ command: Command, until deadline: ContinuousClock.Instant,
        receive: @escaping @Sendable (ArraySlice<UInt8>) -> Void
    ) async throws(ContactFailure) -> CommandResult {
        try await LocalTransport(host: "nas").stream(command, until: deadline, receive: receive)
    }

    func close() async {}
}

/// Runs commands with another PATH.
private struct PathTransport: Transport {
    let inner: any Transport
    let path: String

    init(_ inner: any Transport, _ path: String) {
        self.inner = inner
        self.path = path
    }

    func run(_ command: Command, until deadline: ContinuousClock.Instant) async throws(ContactFailure) -> CommandResult
    {
        var command = command
        command.arguments = ["PATH=\(path)", command.program] + command.arguments
        command.program = "env"
        return try await inner.run(command, until: deadline)
    }

    func stream(
        _ command: Command, until deadline: ContinuousClock.Instant,
        receive: @escaping @Sendable (ArraySlice<UInt8>) -> Void
    ) async throws(ContactFailure) -> CommandResult {
        try await inner.stream(command, until: deadline, receive: receive)
    }

    func close() async {}
}
