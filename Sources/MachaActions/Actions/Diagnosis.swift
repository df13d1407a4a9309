// SPDX-License-Identifier: MIT
package import MachaModel

/// A question that Macha itself designed. It reads, and nothing else; a model may ask these too.
package struct Diagnosis: Hashable, Sendable {
    package let kind: Kind
    /// Of those kinds that speak of one.
    package let unit: UnitName?

    /// Which question. A new one is a new file in `Diagnoses/` and one line in ``DiagnosisCatalog``.
    package struct Kind: RawRepresentable, Sendable, CaseIterable {
        package let rawValue: String
        let question: Question

        /// What is asked. None of these writes, needs root, or starts a pager.
        enum Question: Sendable {
            case host(Command)
            case unit(@Sendable (UnitName) -> Command)
        }

        /// `name` never changes: approvals and playbooks rest on it.
        init(_ name: String, _ question: Question) {
            rawValue = name
            self.question = question
        }

        package init?(rawValue: String) {
            guard let kind = DiagnosisCatalog.byName[rawValue] else { return nil }
            self = kind
        }

        package static var allCases: [Kind] { DiagnosisCatalog.all }

        package var takesUnit: Bool {
            switch question {
            case .host: false
            case .unit: true
            }
        }
    }

    /// `unit` where the kind speaks of one, and only there.
    init(kind: Kind, unit: UnitName?) {
        precondition(kind.takesUnit == (unit != nil), "\(kind.rawValue) and its unit do not fit")
        self.kind = kind
        self.unit = unit
    }

    /// `unit` is needed by exactly those kinds that speak of one.
    package init(_ kind: Kind, unit: UnitName? = nil) throws(ValueValidationError) {
        switch (kind.takesUnit, unit) {
        case (true, _?), (false, nil): self.init(kind: kind, unit: unit)
        case (true, nil): throw ValueValidationError("'\(kind.rawValue)' needs a unit")
        case (false, _?): throw ValueValidationError("'\(kind.rawValue)' takes no unit; leave it out")
        }
    }

    package var command: Command {
        switch (kind.question, unit) {
        case (.host(let command), _): command
        case (.unit(let command), let unit?): command(unit)
        case (.unit, nil): preconditionFailure("\(kind.rawValue) has no unit")
        }
    }
}

extension Diagnosis: CustomStringConvertible {
    package var description: String { unit.map { "\(kind.rawValue) \($0)" } ?? kind.rawValue }
}

extension Diagnosis.Kind: Hashable, CustomStringConvertible {
    package var description: String { rawValue }

    package static func == (left: Self, right: Self) -> Bool { left.rawValue == right.rawValue }

    package func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }
}
