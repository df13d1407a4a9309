// SPDX-License-Identifier: MIT
package import MachaInventory
package import MachaModel

/// A risk with every reason that led to it, the weightiest first; safe to print.
package struct RiskAssessment: Hashable, Codable, Sendable {
    package private(set) var risk: Risk
    package private(set) var reasons: [String]

    package init(_ risk: Risk, _ reason: String) {
        self.risk = risk
        reasons = [reason]
    }

    /// Takes another view into account. It can only raise the risk: a lower one leaves no trace.
    package func raised(to other: Risk, because reason: String) -> RiskAssessment {
        guard other > risk else { return self }
        var raised = self
        raised.risk = other
        raised.reasons.insert(reason, at: 0)
        return raised
    }

    /// As ``raised(to:because:)``, but keeps the reason even where the risk is as high already.
    func noting(_ other: Risk, _ reason: String) -> RiskAssessment {
        guard other == risk else { return raised(to: other, because: reason) }
        var noted = self
        noted.reasons.insert(reason, at: 0)
        return noted
    }
}

/// What is known of a host that changes how risky an action is there.
package struct RiskContext: Hashable, Sendable {
    /// The host is the one Macha itself runs on.
    package var isController: Bool
    /// What an activation would touch, as `switch-to-configuration dry-activate` said; `nil` when nobody has asked.
    package var activation: ActivationPreview?
    /// Units that systemd would stop or restart along with those acted upon.
    package var companions: Companions
    /// The units that no automatic decision may touch on this host.
    package var protection: ProtectedUnits

    package init(
        isController: Bool = false, activation: ActivationPreview? = nil, companions: Companions = .notAsked,
        protection: ProtectedUnits = ProtectedUnits()
    ) {
        self.isController = isController
        self.activation = activation
        self.companions = companions
        self.protection = protection
    }

    /// What the inventory alone tells of `host`: enough to plan by, not to decide.
    package init(host: FleetHost) {
        self.init(isController: host.connection == .local, protection: ProtectedUnits(adding: host.protectedUnits))
    }

    /// What is known of `host` right before it is decided about an action there.
    package init(host: FleetHost, companions: Companions) {
        self.init(host: host)
        self.companions = companions
    }
}
