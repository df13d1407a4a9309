// SPDX-License-Identifier: MIT
package import MachaModel

/// What a probe learnt, or why it learnt nothing. There is no third state and no default value: unknown is never healthy.
package enum Reading<Value: Sendable>: Sendable {
    case known(Value)
    case unknown(because: ProbeFailure)

    /// The value if it is known, for places where both cases have already been met.
    package var value: Value? {
        switch self {
        case .known(let value): value
        case .unknown: nil
        }
    }

    package var failure: ProbeFailure? {
        switch self {
        case .known: nil
        case .unknown(let failure): failure
        }
    }
}

extension Reading: Equatable where Value: Equatable {}
extension Reading: Hashable where Value: Hashable {}

extension Reading: Codable where Value: Codable {
    private enum CodingKeys: String, CodingKey { case known, unknown }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        if container.contains(.known) {
            self = .known(try container.decode(Value.self, forKey: .known))
        } else {
            self = .unknown(because: try container.decode(ProbeFailure.self, forKey: .unknown))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .known(let value): try container.encode(value, forKey: .known)
        case .unknown(let failure): try container.encode(failure, forKey: .unknown)
        }
    }
}

/// Why a probe has no value.
package struct ProbeFailure: Error, Hashable, Codable, Sendable {
    package enum Reason: String, Codable, Sendable, CaseIterable {
        /// The host was not reached, so nothing was asked.
        case notCollected = "not-collected"
        /// The program is not on the host (status 127).
        case toolMissing = "tool-missing"
        /// The account may not see it.
        case permission
        /// The probe's own time limit ran out (status 124).
        case timedOut = "timed-out"
        /// The program failed with another status.
        case failed
        /// It answered, but not in a form we understand.
        case unparsable
        /// The program that was asked cannot speak to it, and says so: a USB case that hides its disk.
        case unsupported
        /// The answer was longer than the probe's byte limit.
        case tooLarge = "too-large"
        /// The section did not arrive whole.
        case missing
    }

    package var reason: Reason
    /// What the host said, or which part was not understood.
    package var detail: UntrustedText

    package init(_ reason: Reason, _ detail: String = "") {
        self.reason = reason
        self.detail = UntrustedText(detail)
    }
}
