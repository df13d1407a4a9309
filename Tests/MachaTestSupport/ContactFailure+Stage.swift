// SPDX-License-Identifier: MIT
package import MachaModel

extension ContactFailure {
    /// A failure as a transport makes it that knows no more than the stage: a command that ran may have been sent.
    package init(_ kind: Kind, stage: ContactStage, message: String, remedy: String = "") {
        self.init(
            kind, stage: stage, delivery: stage == .exec ? .maybeSent : .notSent, message: message, remedy: remedy)
    }
}

extension ContactStage: ExpressibleByStringLiteral {
    /// As reports write it.
    package init(stringLiteral name: String) { self = Self(rawValue: name) ?? .other }
}
