// SPDX-License-Identifier: MIT
import Foundation
import MachaTestSupport
import Testing

/// `check --watch` in front of a person: the built program on a pseudo terminal.
@Suite(.timeLimit(.minutes(10))) struct WatchTests {
    /// A pseudo terminal with a program on it.
    private final class Seat {
        let child: ChildProcess
        private let near: CInt
        private let far: CInt
        private(set) var seen = ""

        init(rows: UInt16, columns: UInt16, scratch: Scratch) throws {
            var (far, near): (CInt, CInt) = (-1, -1)
            var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
            var name = [CChar](repeating: 0, count: 128)
            let isMade = openpty(&far, &near, &name, nil, &size) == 0
            try #require(isMade)
            _ = fcntl(far, F_SETFL, O_NONBLOCK)
            (self.far, self.near) = (far, near)
            let path = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            child = try ChildProcess(
                BuiltMacha.path,
                ["check", "--watch", "--inventory", scratch.path("fleet.yaml"), "--state-dir", scratch.path("state")],
                environment: [
                    "HOME": scratch.path("home"), "PATH": "/usr/bin:/bin", "TERM": "xterm", "COLUMNS": "300",
                ],
                input: path, output: path, errors: scratch.path("err"))
        }

        deinit {
            // Nobody reads any more, so one that waits for room in the terminal's buffer would never hear a gentler signal.
            kill(child.pid, SIGKILL)
            child.stop()
            close(near)
            close(far)
        }

        /// Reads until `text` has come, after what was seen before.
        func wait(for text: String) async {
            let start = seen.endIndex
            while !seen[start...].contains(text) {
                var buffer = [UInt8](repeating: 0, count: 8192)
                let count = read(far, &buffer, buffer.count)
                if count > 0 { seen += String(decoding: buffer[..<count], as: UTF8.self) } else { await Task.yield() }
            }
        }

        func type(_ text: String) { _ = text.withCString { write(far, $0, strlen($0)) } }

        func resize(rows: UInt16, columns: UInt16) {
            var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
            _ = ioctl(far, UInt(TIOCSWINSZ), &size)
            kill(child.pid, SIGWINCH)
        }

        /// Keys come line by line and are shown, as a shell leaves them.
        var isAsBefore: Bool {
            var keys = termios()
            return tcgetattr(near, &keys) == 0 && keys.c_lflag & tcflag_t(ICANON | ECHO) == tcflag_t(ICANON | ECHO)
        }
    }

    private func seat(in scratch: Scratch, rows: UInt16 = 24, columns: UInt16 = 90) throws -> Seat {
        try scratch.write(
            "hosts: { nas: { address: 127.0.0.1, port: \(try Loopback.freePort()), check-interval: 1s } }",
            to: "fleet.yaml")
        return try Seat(rows: rows, columns: columns, scratch: scratch)
    }

    private static let restored = "\u{1b}[?7h\u{1b}[?25h\u{1b}[?1049l"

    @Test(arguments: ["q", "\u{4}"])
    func `a person sees the fleet on a screen of its own and leaves with a key`(key: String) async throws {
        let scratch = try Scratch()
        let seat = try seat(in: scratch)
        await seat.wait(for: "does not answer.")
        #expect(seat.seen.hasPrefix("\u{1b}[?1049h\u{1b}[?25l"))
        #expect(seat.seen.contains("q leaves"))
        #expect(!seat.isAsBefore)
        seat.type(key)
        await seat.wait(for: Self.restored)
        #expect(await seat.child.finished() == 0)
        #expect(seat.isAsBefore)
    }

    @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
    func `a signal gives the terminal back`(signal: CInt) async throws {
        let scratch = try Scratch()
        let seat = try seat(in: scratch)
        await seat.wait(for: "does not answer.")
        kill(seat.child.pid, signal)
        await seat.wait(for: Self.restored)
        #expect(await seat.child.finished() == 0)
        #expect(seat.isAsBefore)
    }

    @Test func `a picture follows the window, whatever COLUMNS says`() async throws {
        let scratch = try Scratch()
        let seat = try seat(in: scratch, rows: 12, columns: 90)
        await seat.wait(for: "does not answer.")
        func widest(_ text: Substring) -> Int {
            text.replacing(/\u{1b}\[[?0-9;]*[A-Za-z]/, with: "\n").split(whereSeparator: \.isNewline).map(\.count).max()
                ?? 0
        }
        #expect((60..<90).contains(widest(seat.seen[...])))
        seat.resize(rows: 10, columns: 50)
        let before = seat.seen.endIndex
        // Pictures that were begun before the window changed may still come; the narrow one follows by itself.
        var last = ""
        repeat {
            await seat.wait(for: "\u{1b}[?2026l")
            let pictures = seat.seen[before...].components(separatedBy: "\u{1b}[?2026h")
            last = pictures.last { $0.contains("\u{1b}[?2026l") } ?? ""
        } while last.isEmpty || widest(last[...]) >= 50
        #expect(last.components(separatedBy: "\r\n").count == 10)
    }

    @Test func `a watch checks again at the host's own interval`() async throws {
        let scratch = try Scratch()
        let seat = try seat(in: scratch)
        await seat.wait(for: "does not answer.")
        try await Self.untilLookedAt(3, scratch)
    }

    /// Each look leaves a file of its own second.
    private static func untilLookedAt(_ count: Int, _ scratch: Scratch) async throws {
        var looks = 0
        while looks < count {
            let files = try? FileManager.default.contentsOfDirectory(atPath: scratch.path("state/snapshots/nas"))
            looks = files?.count { $0.hasPrefix("snapshot_nas_") } ?? 0
            await Task.yield()
        }
    }

    /// A login for each look would fill the host's log and cost it more than the look.
    @Test(.enabled(if: LocalSSHD.isAvailable, "needs OpenSSH's server"))
    func `a watch reuses one connection for every check`() async throws {
        let server = try await LocalSSHD()
        let scratch = try Scratch()
        let known = try scratch.write(try server.knownHostsLine() + "\n", to: "known")
        try scratch.write(
            """
            hosts: { nas: { address: 127.0.0.1, port: \(server.port), user: \(server.user), check-interval: 1s,
              identity-file: \(server.scratch.path("id")), known-hosts: \(known) } }
            """, to: "fleet.yaml")
        let watch = try ChildProcess(
            BuiltMacha.path,
            [
                "check", "--watch", "--no-act", "--inventory", scratch.path("fleet.yaml"), "--state-dir",
                scratch.path("state"),
            ],
            environment: ["HOME": scratch.path("home"), "PATH": "/usr/bin:/bin"], output: scratch.path("out"),
            errors: scratch.path("err"))
        defer { watch.stop() }
        try await Self.untilLookedAt(3, scratch)
        #expect(server.connections == 1)
    }

    @Test(arguments: [["--json"], ["--exit-code"]])
    func `a watch has neither a document nor an end to exit with`(words: [String]) async throws {
        let scratch = try Scratch()
        let child = try ChildProcess(BuiltMacha.path, ["check", "--watch"] + words, errors: scratch.path("err"))
        #expect(await child.finished() == 64)
    }
}
