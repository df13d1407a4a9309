// SPDX-License-Identifier: MIT

/// The two streams a command writes.
package enum OutputStream: Sendable, Hashable, CaseIterable {
    case standardOutput, standardError
}

/// How a remote command ended.
package enum ExitOutcome: Sendable, Hashable {
    case status(Int32)
    /// Ended by a signal, named without `SIG`: `KILL`, `TERM`.
    case signal(String)
    /// The server closed the channel without saying, or we stopped listening.
    case unknown
}

/// What a remote command wrote and how it ended.
package struct ExecResult: Sendable, Hashable {
    package var standardOutput: [UInt8] = []
    package var standardError: [UInt8] = []
    package var outcome: ExitOutcome = .unknown
    /// What the account's shell printed before the command, at most 2 KiB of it.
    package var preamble: [UInt8] = []
    /// The stream that went over its limit; what was kept is its beginning, and the command was abandoned.
    package var cut: OutputStream?

    package init() {}
}

/// Bytes of output that are kept of one command.
package struct OutputLimit: Sendable, Hashable {
    package var standardOutput: Int
    package var standardError: Int

    package init(standardOutput: Int = 16 << 20, standardError: Int = 1 << 20) {
        self.standardOutput = standardOutput
        self.standardError = standardError
    }

    subscript(stream: OutputStream) -> Int { stream == .standardOutput ? standardOutput : standardError }
}
