// SPDX-License-Identifier: MIT
import Foundation
import MachaTestSupport
import Testing

/// A program at a pseudo terminal, and the person in front of it.
final class PseudoTerminal {
    let child: ChildProcess
    private let near: CInt
    private let far: CInt
    private(set) var seen = ""
    /// Up to where a wait has read.
    private var mark: String.Index

    /// Starts the built program with all three streams on the terminal.
    init(_ words: [String], environment: [String: String]) throws {
        var (far, near): (CInt, CInt) = (-1, -1)
        var size = winsize(ws_row: 50, ws_col: 120, ws_xpixel: 0, ws_ypixel: 0)
        var name = [CChar](repeating: 0, count: 128)
        let isMade = openpty(&far, &near, &name, nil, &size) == 0
        try #require(isMade)
        _ = fcntl(far, F_SETFL, O_NONBLOCK)
        (self.far, self.near) = (far, near)
        mark = seen.endIndex
        let path = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        child = try ChildProcess(
            BuiltMacha.path, words, environment: BuiltMacha.environment(environment.merging(["TERM": "xterm"]) { $1 }),
            input: path, output: path, errors: path)
    }

    deinit {
        // Nobody reads any more, so one that waits for room in the terminal's buffer would never hear a gentler signal.
        kill(child.pid, SIGKILL)
        child.stop()
        close(near)
        close(far)
    }

    /// Reads until `text` has come, after what was waited for before; returns what came up to it.
    @discardableResult
    func wait(for text: String) async -> String {
        while true {
            let plain = seen[mark...]
            if let found = plain.range(of: text) {
                let passage = String(plain[..<found.upperBound])
                mark = found.upperBound
                return passage
            }
            var buffer = [UInt8](repeating: 0, count: 8192)
            let count = read(far, &buffer, buffer.count)
            guard count > 0 else {
                await Task.yield()
                continue
            }
            let place = seen.distance(from: seen.startIndex, to: mark)
            seen += String(decoding: buffer[..<count], as: UTF8.self)
            mark = seen.index(seen.startIndex, offsetBy: place)
        }
    }

    func type(_ text: String) { _ = text.withCString { write(far, $0, strlen($0)) } }
}
