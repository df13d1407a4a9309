// SPDX-License-Identifier: MIT
import MachaModel

extension Action.Kind {
    package static let reboot = Self(RebootHost.self)
}

extension Action {
    package static let reboot = Action(RebootHost())
}

private struct RebootHost: ActionDefinition {
    static let name = "reboot"
    static let parameters: [ParameterSpec] = []
    static let traits: Set<ActionTrait> = [.neverOnController]
    static let sudo = SudoNeed.exactWords

    init() {}
    init?(_ reader: inout ParameterReader) {}

    var values: [String: ActionValue] { [:] }
    var work: ActionWork { .change }
    var subject: ActionSubject { .part("system") }
    var isDisruptive: Bool { true }
    var trace: ActionTrace { .boot }

    func risk(in context: RiskContext) -> RiskAssessment {
        RiskAssessment(.high, "the host is down meanwhile, and may not come back")
    }

    func plan(in context: RiskContext) -> ActionPlan {
        ActionPlan(
            checks: [.systemIsProfile],
            act: [PlannedCommand("systemctl", ["reboot"], timeout: 30)],
            proofs: [.rebooted, .systemIsProfile, .noNewFailures], looksAfter: [600],
            wayBack: .none("an earlier entry of the boot menu, at the machine itself"), needsNewConnection: true)
    }
}
