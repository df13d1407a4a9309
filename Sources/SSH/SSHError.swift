// SPDX-License-Identifier: MIT

/// Why something over SSH did not happen: what, where, at which stage, and what a person can do about it.
package struct SSHError: Error, Hashable, Sendable {
    /// What went wrong, for programs.
    package enum Code: Hashable, Sendable {
        case nameNotFound
        /// Refused, no route, reset before a banner.
        case unreachable
        case timedOut
        /// The peer closed or talked something else before its banner.
        case notSSH
        case noCommonAlgorithm
        case hostKeyUnknown
        case hostKeyChanged
        case hostKeyRevoked
        case authenticationRefused
        /// The host accepted a key and wants another proof as well.
        case moreFactorsWanted
        /// The host ended the connection after some keys.
        case hungUpOnLogin
        /// A private key or `known_hosts` file on our side cannot be used.
        case localFile
        /// The connection ended in the middle of something.
        case connectionLost
        /// The server sent far more than anything asked for, or a message over which libssh2 does not come back.
        case flooded
        /// The server did not open a channel or refused to start the command.
        case channelRefused
        /// The account ran something of its own in place of the command.
        case notRun
        /// The command line is longer than one request can be; nothing was sent.
        case commandTooLong
        /// The session was closed on our side, by `close()` or after an earlier failure.
        case closed
        case cancelled
        /// Another error of libssh2, by its number (libssh2.h, `LIBSSH2_ERROR_…`).
        case library(CInt)
    }

    package var code: Code
    package var stage: SSHStage
    /// The host as the caller named it.
    package var host: String
    /// Starts lower case; names the host and the operation.
    package var message: String
    /// What to do next, in words without commands; empty when nothing is known.
    package var remedy: String
    /// Commands that help, each to be pasted as it is; the remedy says where.
    package var commands: [String]

    /// Nothing of a login or of a command has been asked of the host, so the same may be tried on a new connection
    /// without anything happening twice.
    package var mayReconnect = false

    /// Of a command: whether the host may have begun it; `nil` when this is not about a command.
    package var wasSent: Bool?

    package init(
        _ code: Code, _ stage: SSHStage, host: String, _ message: String, remedy: String = "", commands: [String] = []
    ) {
        self.code = code
        self.stage = stage
        self.host = host
        self.message = message
        self.remedy = remedy
        self.commands = commands
    }
}

extension SSHError: CustomStringConvertible {
    package var description: String {
        let help = [remedy, commands.joined(separator: "; ")].filter { !$0.isEmpty }.joined(separator: ": ")
        return help.isEmpty ? message : "\(message); \(help)"
    }
}

/// How far a conversation got, in the order of a connection's life.
package enum SSHStage: String, Hashable, Sendable, CaseIterable {
    case resolve, connect, handshake
    case hostKey = "host-key"
    case authentication, exec, close
}

extension SSHStage {
    /// The stage as a noun in a sentence.
    package var words: String {
        switch self {
        case .resolve: "name resolution"
        case .connect: "connecting"
        case .handshake: "the SSH handshake"
        case .hostKey: "checking the host key"
        case .authentication: "login"
        case .exec: "the command"
        case .close: "closing"
        }
    }

    /// What to look at when this stage takes too long.
    var timeoutRemedy: String {
        switch self {
        case .resolve: "check this machine's name servers"
        case .connect: "check that the host is on and that no firewall drops the packets"
        case .handshake: "something accepts connections there but does not speak SSH: check the port, or restart sshd"
        case .hostKey, .close: ""
        case .authentication: "check the host's PAM and name service, and whether ssh-agent waits for a confirmation"
        case .exec: "raise the time limit, or find out what hangs on the host"
        }
    }
}
