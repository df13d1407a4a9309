// SPDX-License-Identifier: MIT
import MachaModel

extension Action {
    /// How risky this is on a host of which `context` is known.
    package func risk(in context: RiskContext = RiskContext()) -> RiskAssessment {
        var assessment = ownRisk
        switch self {
        case .restartUnit(let unit), .startUnit(let unit), .stopUnit(let unit), .resetFailedUnit(let unit):
            if let reason = context.protection.reason(for: unit) {
                assessment = assessment.raised(to: .high, because: "\(unit) is protected: \(reason)")
            }
        case .rebuild(let rebuild) where rebuild.mode == .dryActivate: break
        case .rebuild, .rollbackGeneration:
            if let activation = context.activation {
                assessment = assessment.raised(by: activation, context.protection)
            } else {
                assessment = assessment.raised(to: .high, because: "it has not been determined yet what it would touch")
            }
        case .collectGarbage, .vacuumJournal, .rotateJournal, .cleanTemporaryFiles, .reboot, .diagnose, .command,
            .waitUntil, .notify, .suggestChange:
            break
        }
        return assessment.raised(by: self, context)
    }

    /// By kind and parameters alone.
    private var ownRisk: RiskAssessment {
        switch self {
        case .diagnose, .waitUntil: RiskAssessment(.low, "it is read-only")
        case .notify, .suggestChange: RiskAssessment(.low, "nothing is sent to the host")
        case .restartUnit: RiskAssessment(.low, "one unit is down for a moment")
        case .startUnit(let unit):
            unit.kind == .target
                ? RiskAssessment(.high, "a target starts many units")
                : RiskAssessment(.low, "one unit is started")
        case .stopUnit: RiskAssessment(.medium, "the unit stays down until someone starts it")
        case .resetFailedUnit: RiskAssessment(.low, "only the note of a failure goes")
        case .collectGarbage(nil): RiskAssessment(.low, "only what no generation needs is deleted")
        case .collectGarbage(let kept?):
            RiskAssessment(.medium, "generations older than the newest \(kept) can no longer be gone back to")
        case .vacuumJournal(.size(let size)) where size.bytes < 256 << 20:
            RiskAssessment(.medium, "of the journal only \(size) stays")
        case .vacuumJournal(.age(let age)) where age.seconds < 7 * 86_400:
            RiskAssessment(.medium, "of the journal only \(age) stays")
        case .vacuumJournal: RiskAssessment(.low, "only the oldest part of the journal goes")
        case .rotateJournal: RiskAssessment(.low, "the journal begins a new file")
        case .cleanTemporaryFiles: RiskAssessment(.low, "what the host's own rules call old is deleted, as every day")
        case .rebuild(let rebuild):
            switch rebuild.mode {
            case .dryActivate: RiskAssessment(.low, "a system is built and not activated")
            case .test: RiskAssessment(.medium, "another system runs until the next reboot")
            case .switch: RiskAssessment(.high, "another system runs from now on")
            case .boot: RiskAssessment(.high, "another system boots next")
            }
        case .rollbackGeneration: RiskAssessment(.high, "an older system runs from now on")
        case .reboot: RiskAssessment(.high, "the host is down meanwhile, and may not come back")
        case .command(let command) where command.risk == .high:
            RiskAssessment(.high, "a command of the playbook's author")
        case .command(let command):
            RiskAssessment(command.risk, "the playbook's author says: \(command.justification.printable())")
                .raised(to: command.unseenReach == nil ? command.risk : .high, because: command.unseenReach ?? "")
        }
    }
}

extension RiskAssessment {
    /// What moves along with the units of `action` weighs as much as they do; what nobody knows of is not harmless.
    fileprivate func raised(by action: Action, _ context: RiskContext) -> RiskAssessment {
        var assessment = self
        for unit in action.movedUnits {
            switch context.companions[unit] {
            case nil: continue
            case .unknown(let why)?:
                assessment = assessment.raised(
                    to: .high, because: "it is unknown what systemd would change along with \(unit): \(why)")
            case .known(let others, let ending)?:
                for other in others {
                    guard let reason = context.protection.reason(for: other) else { continue }
                    assessment = assessment.raised(
                        to: .high, because: "systemd would move \(other) along with it, which is protected: \(reason)")
                }
                if others.count > 3 {
                    assessment = assessment.raised(
                        to: .medium, because: "systemd would move \(others.count) other units along with it")
                }
                if let ending {
                    assessment = assessment.raised(
                        to: .high, because: "the end of \(unit) can end the system: \(ending)")
                }
            }
        }
        return assessment
    }

    /// An activation that touches what the host needs in order to be reached is as risky as can be.
    fileprivate func raised(by activation: ActivationPreview, _ protection: ProtectedUnits) -> RiskAssessment {
        let critical = activation.critical(protection).prefix(5).map { $0.printable(limit: 60) }
        var assessment = self
        if !activation.units.isEmpty {
            assessment = assessment.raised(to: .medium, because: "it would touch \(activation.units.count) units")
        }
        if activation.restartsSystemd {
            assessment = assessment.raised(to: .high, because: "systemd itself would restart")
        }
        if !critical.isEmpty {
            assessment = assessment.noting(.high, "it would touch \(critical.joined(separator: ", "))")
        }
        return assessment
    }
}
