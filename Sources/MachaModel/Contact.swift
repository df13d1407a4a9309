// SPDX-License-Identifier: MIT

/// Whether a host could be asked at all.
package enum Contact: Hashable, Codable, Sendable {
    case reached
    case failed(ContactFailure)
}

/// Why a host could not be asked, in words that say what to do.
package struct ContactFailure: Error, Hashable, Codable, Sendable {
    package enum Kind: String, Codable, Sendable, CaseIterable {
        /// No route, refused, no such name, or silence.
        case unreachable
        /// The host key is unknown, changed or revoked; nothing was sent.
        case untrusted
        /// The host refused our login.
        case authentication
        /// The two sides share no algorithm.
        case incompatible
        /// The connection was there and was lost, or the script could not run.
        case broken
        /// Something is wrong on our side: a key file that cannot be read, a local limit.
        case local
    }

    package var kind: Kind
    /// How far we got.
    package var stage: ContactStage
    /// Whether the command may have been carried out.
    package var delivery: Delivery
    /// Starts lower case; names host and operation.
    package var message: UntrustedText
    /// What a person can do next, in words without commands; empty when nothing is known.
    package var advice: String
    /// Commands that help, each to be pasted as it is; the advice says where.
    package var commands: [String]

    /// Advice and commands in one text.
    package var remedy: String { Remedy.text(advice, commands) }

    /// `remedy` is the advice, without the commands.
    package init(
        _ kind: Kind, stage: ContactStage, delivery: Delivery, message: String, remedy: String = "",
        commands: [String] = []
    ) {
        self.kind = kind
        self.stage = stage
        self.delivery = delivery
        self.message = UntrustedText(message)
        self.advice = remedy
        self.commands = commands
    }

    private enum CodingKeys: String, CodingKey { case kind, stage, delivery, message, remedy, advice, commands }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        kind = try container.decode(Kind.self, forKey: .kind)
        stage = try container.decode(ContactStage.self, forKey: .stage)
        // What an earlier version stored does not say; then it may have been.
        delivery = try container.decodeIfPresent(Delivery.self, forKey: .delivery) ?? .maybeSent
        message = try container.decode(UntrustedText.self, forKey: .message)
        // An earlier version kept both in one text.
        let remedy = try container.decode(String.self, forKey: .remedy)
        advice = try container.decodeIfPresent(String.self, forKey: .advice) ?? remedy
        commands = try container.decodeIfPresent([String].self, forKey: .commands) ?? []
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(kind, forKey: .kind)
        try container.encode(stage, forKey: .stage)
        try container.encode(delivery, forKey: .delivery)
        try container.encode(message, forKey: .message)
        try container.encode(remedy, forKey: .remedy)
        try container.encode(advice, forKey: .advice)
        try container.encode(commands, forKey: .commands)
    }
}

/// Whether a command may have reached the host: what "at most once" rests on.
///
/// It is set where it is known, by the transport that sends, and carried to where it decides. A command that was not sent
/// left no trace; of any other nobody knows what became of it until the host is asked.
package enum Delivery: String, Hashable, Codable, Sendable {
    case notSent = "not-sent"
    case maybeSent = "maybe-sent"
}

/// How far a conversation with a host got, in the order of its life.
package enum ContactStage: String, Hashable, Sendable, CaseIterable, CustomStringConvertible {
    case resolve, connect, handshake
    case hostKey = "host-key"
    case authentication, exec, collect, upload, close
    /// Nothing was sent, because a rule of ours forbids it.
    case policy
    /// One that this version does not know, as another version stored it.
    case other

    package var description: String { rawValue }
}

extension ContactStage: Codable {
    package init(from decoder: any Decoder) throws {
        self = Self(rawValue: try decoder.singleValueContainer().decode(String.self)) ?? .other
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}
