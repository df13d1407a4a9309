// SPDX-License-Identifier: MIT
@testable import MachaViews
import Foundation
import Testing

@testable import MachaCLI

struct DescriptorTests {
    /// Two ends of a pipe or of a pseudo terminal, closed with the test.
    private final class Ends {
        let near: CInt
        let far: CInt

        init(near: CInt, far: CInt) {
            self.near = near
            self.far = far
        }

        deinit {
            close(near)
            close(far)
        }
    }

    private func pipeEnds() throws -> Ends {
        var ends: [CInt] = [0, 0]
        let isMade = pipe(&ends) == 0
        try #require(isMade)
        for end in ends { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
        return Ends(near: ends[1], far: ends[0])
    }

    private func terminalEnds(columns: UInt16) throws -> Ends {
        var (far, near): (CInt, CInt) = (-1, -1)
        var size = winsize(ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        let isMade = openpty(&far, &near, nil, nil, &size) == 0
        try #require(isMade)
        return Ends(near: near, far: far)
    }

    @Test(arguments: [80, 132] as [UInt16])
    func `a terminal tells its width`(columns: UInt16) throws {
        let ends = try terminalEnds(columns: columns)
        let terminal = Terminal(descriptor: ends.near, environment: ["TERM": "xterm"])
        #expect(terminal.width == Int(columns))
        #expect(terminal.isInteractive)
        #expect(terminal.usesColor)
    }

    @Test func `a pipe is no terminal`() throws {
        let terminal = Terminal(descriptor: try pipeEnds().near, environment: ["TERM": "xterm"])
        #expect(terminal == .pipe)
    }

    @Test func `a long text arrives whole through a pipe that does not block`() async throws {
        let ends = try pipeEnds()
        let text = (0..<40_000).map { "line \($0)\n" }.joined()
        async let writing: Void = Task.detached { [near = ends.near] in
            try DescriptorSink.sink(to: near)(text)
        }.value
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while received.count < text.utf8.count {
            let count = read(ends.far, &buffer, buffer.count)
            if count > 0 { received += buffer[..<count] } else { await Task.yield() }
        }
        try await writing
        #expect(String(decoding: received, as: UTF8.self) == text)
    }

    @Test func `a full disk behind the output is an error`() throws {
        let full = open("/dev/full", O_WRONLY | O_CLOEXEC)
        try #require(full >= 0)
        defer { close(full) }
        let error = #expect(throws: OutputError.self) { try DescriptorSink.sink(to: full)("x") }
        #expect(error?.description.contains("no space left on device") == true)
        #expect(error?.isReaderGone == false)
    }
}
