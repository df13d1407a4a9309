// SPDX-License-Identifier: MIT

/// A program and its arguments, for a host. Never a shell line: how it is quoted is the wire's business.
package struct Command: Hashable, Sendable {
    package var program: String
    package var arguments: [String]
    /// Written to standard input, which then ends.
    package var input: [UInt8]
    /// Bytes of standard output, and of standard error, that are kept. Beyond it the command is ended.
    package var outputLimit: Int
    /// The fingerprint of the host key that the session must have been opened with; another machine is sent nothing.
    /// `nil` where the caller has not pinned one.
    package var hostKey: String?

    package init(_ program: String, _ arguments: [String] = [], input: [UInt8] = [], outputLimit: Int = 16 << 20) {
        self.program = program
        self.arguments = arguments
        self.input = input
        self.outputLimit = outputLimit
    }

    package var words: [String] { [program] + arguments }
}

/// The two streams a command writes.
package enum CommandStream: Hashable, Sendable { case output, errors }

/// What a command wrote and how it ended.
package struct CommandResult: Hashable, Sendable {
    /// How a command ended.
    package enum Outcome: Hashable, Sendable, Codable {
        /// 0…255.
        case status(Int32)
        /// The signal's name without `SIG`, or its number.
        case signal(String)
        /// It was ended because it wrote too much, or the host did not say.
        case unknown
    }

    package var standardOutput: [UInt8]
    package var standardError: [UInt8]
    package var outcome: Outcome
    /// Output was cut at the command's limit.
    package var isCut: Bool
    /// The fingerprint of the host key of the session that it ran over; `nil` where there is none.
    package var hostKey: String?
    /// What the account's shell printed before the command, the beginning of it. No part of the output.
    package var preamble: [UInt8] = []

    package init(
        standardOutput: [UInt8] = [], standardError: [UInt8] = [], outcome: Outcome = .unknown, isCut: Bool = false
    ) {
        self.standardOutput = standardOutput
        self.standardError = standardError
        self.outcome = outcome
        self.isCut = isCut
    }
}
