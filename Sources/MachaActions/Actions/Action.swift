// SPDX-License-Identifier: MIT
package import MachaModel

/// One thing Macha can do, from a closed catalogue. There is no other way to change a host.
package enum Action: Hashable, Sendable {
    case restartUnit(UnitName)
    case startUnit(UnitName)
    case stopUnit(UnitName)
    /// Forgets that a unit failed, and how often; it runs nothing.
    case resetFailedUnit(UnitName)
    /// Deletes what no generation needs; before that, with `keeping`, all system generations but the newest ones.
    case collectGarbage(keeping: KeptGenerations?)
    case vacuumJournal(JournalLimit)
    case rotateJournal
    /// Deletes temporary files by the host's own rules of age.
    case cleanTemporaryFiles
    case rebuild(Rebuild)
    case rollbackGeneration(GenerationNumber)
    case reboot
    /// Looks, and changes nothing.
    case diagnose(Diagnosis)
    /// A program with arguments that the fleet's owner wrote into a playbook. Never from a model.
    case command(OwnerCommand)
    /// Looks again and again until something holds.
    case waitUntil(Check, within: ActionSpan)
    case notify(NoteText)
    /// Writes a proposal for the fleet's configuration into a file on the controller, for a person to apply.
    case suggestChange(ConfigurationChange)

    /// The catalogue's names, as playbooks, the command line and the audit have them.
    package enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
        case restartUnit = "restart-unit"
        case startUnit = "start-unit"
        case stopUnit = "stop-unit"
        case resetFailedUnit = "reset-failed-unit"
        case collectGarbage = "collect-garbage"
        case vacuumJournal = "vacuum-journal"
        case rotateJournal = "rotate-journal"
        case cleanTemporaryFiles = "clean-tmp"
        case rebuild
        case rollbackGeneration = "rollback-generation"
        case reboot, diagnose, command
        case waitUntil = "wait-until"
        case notify
        case suggestChange = "suggest-change"
    }

    /// Where an action leaves its mark.
    package enum Footprint: String, Codable, Hashable, Sendable, CaseIterable {
        /// Nothing is sent to the host.
        case controller
        /// The host answers a question that Macha itself designed.
        case reads
        case changes
    }

    package var kind: Kind {
        switch self {
        case .restartUnit: .restartUnit
        case .startUnit: .startUnit
        case .stopUnit: .stopUnit
        case .resetFailedUnit: .resetFailedUnit
        case .collectGarbage: .collectGarbage
        case .vacuumJournal: .vacuumJournal
        case .rotateJournal: .rotateJournal
        case .cleanTemporaryFiles: .cleanTemporaryFiles
        case .rebuild: .rebuild
        case .rollbackGeneration: .rollbackGeneration
        case .reboot: .reboot
        case .diagnose: .diagnose
        case .command: .command
        case .waitUntil: .waitUntil
        case .notify: .notify
        case .suggestChange: .suggestChange
        }
    }

    package var footprint: Footprint {
        switch self {
        case .notify, .suggestChange: .controller
        case .diagnose, .waitUntil: .reads
        case .restartUnit, .startUnit, .stopUnit, .resetFailedUnit, .collectGarbage, .vacuumJournal, .rotateJournal,
            .cleanTemporaryFiles, .rebuild, .rollbackGeneration, .reboot, .command:
            .changes
        }
    }

    /// The unit it acts upon.
    package var unit: UnitName? {
        switch self {
        case .restartUnit(let unit), .startUnit(let unit), .stopUnit(let unit), .resetFailedUnit(let unit): unit
        case .diagnose(let diagnosis): diagnosis.unit
        default: nil
        }
    }

    /// What it acts upon on its host: cooldowns and the loop breaker count by host, kind and target.
    package var target: String {
        switch self {
        case .restartUnit(let unit), .startUnit(let unit), .stopUnit(let unit), .resetFailedUnit(let unit):
            unit.description
        case .command(let command): command.words.joined(separator: " ")
        case .rebuild, .rollbackGeneration, .reboot: "system"
        case .collectGarbage: "store"
        case .vacuumJournal, .rotateJournal: "journal"
        case .cleanTemporaryFiles: "tmp"
        case .diagnose(let diagnosis): diagnosis.description
        case .waitUntil(let check, _): check.description
        case .notify, .suggestChange: ""
        }
    }
}

/// How much of the journal stays.
package enum JournalLimit: Hashable, Sendable {
    case size(ByteSize)
    case age(ActionSpan)
}

/// A build of the host's configuration, and how far it goes.
package struct Rebuild: Hashable, Sendable {
    package enum Mode: String, Hashable, Sendable, CaseIterable {
        /// Builds, and says what an activation would do.
        case dryActivate = "dry-activate"
        /// Activates; a reboot returns to the old system.
        case test
        /// Activates, and boots it from now on.
        case `switch`
        /// Boots it from the next start on.
        case boot
    }

    package var mode: Mode
    /// `nil` builds the host's own configuration.
    package var flake: FlakeReference?

    package init(_ mode: Mode, flake: FlakeReference? = nil) {
        self.mode = mode
        self.flake = flake
    }
}

/// A program and its arguments, written by the fleet's owner.
package struct OwnerCommand: Hashable, Sendable {
    /// The program first. None is empty, none holds a NUL or a line break; the program does not begin with `-`.
    package let words: [String]
    package let asRoot: Bool
    /// High, unless the playbook says otherwise and why.
    package let risk: Risk
    /// Why the risk is lower than high; empty when it is not.
    package let justification: String

    package init(_ words: [String], asRoot: Bool = false, risk: Risk = .high, because justification: String = "")
        throws(ValueValidationError)
    {
        guard let program = words.first, !program.isEmpty, program.first != "-" else {
            throw ValueValidationError("a command begins with a program, which is not empty and no option")
        }
        guard words.count <= 100, words.allSatisfy({ $0.utf8.count <= 4096 }) else {
            throw ValueValidationError("the command \(program.quoted) has more than 100 words, or one over 4096 bytes")
        }
        guard words.allSatisfy({ word in word.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control } })
        else { throw ValueValidationError("the command \(program.quoted) holds a control character") }
        guard risk == .high || !justification.isEmpty else {
            throw ValueValidationError("a command's risk is high unless 'because' says why \(program.quoted) is not")
        }
        self.words = words
        self.asRoot = asRoot
        self.risk = risk
        self.justification = risk == .high ? "" : justification
    }
}

/// Words for a person: one to 16,000 bytes without control characters other than line breaks and tabs.
package struct NoteText: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    /// Stands for any text.
    static let unspoken = NoteText()

    private init() { description = "…" }

    package init(_ text: String) throws(ValueValidationError) {
        guard (1...16_000).contains(text.utf8.count) else {
            throw ValueValidationError("a text for a person has 1 to 16000 bytes, not \(text.utf8.count)")
        }
        guard
            text.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control || $0 == "\n" || $0 == "\t" })
        else { throw ValueValidationError("the text \(text.quoted) holds a control character") }
        description = text
    }
}
