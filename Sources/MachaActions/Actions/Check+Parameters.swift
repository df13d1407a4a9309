// SPDX-License-Identifier: MIT
import MachaModel

/// Checks as they are written: a kind and its parameters.
extension Check {
    /// Reads a check.
    ///
    /// - Throws: every parameter that is missing, unknown or has no meaning, in one go.
    package init(_ kind: Kind, _ parameters: [String: ActionValue] = [:]) throws(ParameterMistakes) {
        var reader = ParameterReader(parameters, of: kind.rawValue)
        let check: Check?
        switch kind {
        case .unitExists: check = reader.required("unit", UnitName.init).map { .unitExists($0) }
        case .unitNeedsRepair: check = reader.required("unit", UnitName.init).map { .unitNeedsRepair($0) }
        case .unitActive: check = reader.required("unit", UnitName.init).map { .unitActive($0) }
        case .unitNotFailed: check = reader.required("unit", UnitName.init).map { .unitNotFailed($0) }
        case .unitStopped: check = reader.required("unit", UnitName.init).map { .unitStopped($0) }
        case .noNewFailures: check = .noNewFailures
        case .clockSynchronized: check = .clockSynchronized
        case .nameResolves: check = reader.required("name", DomainName.init).map { .nameResolves($0) }
        case .systemIsProfile: check = .systemIsProfile
        case .systemChanged: check = .systemChanged
        case .generationExists:
            check = reader.required("generation", GenerationNumber.init).map { .generationExists($0) }
        case .generationIs: check = reader.required("generation", GenerationNumber.init).map { .generationIs($0) }
        case .rebooted: check = .rebooted
        case .diskBelow:
            let path = reader.required("path", FolderPath.init)
            let share = reader.required("percent", Percent.init)
            check = if let path, let share { .diskBelow(path, share) } else { nil }
        case .findingGone: check = .findingGone
        }
        self = try reader.finish(check)
    }

    /// The parameters that make this check; reading them with ``kind`` gives it again.
    package var parameters: [String: ActionValue] {
        switch self {
        case .unitExists(let unit), .unitNeedsRepair(let unit), .unitActive(let unit), .unitNotFailed(let unit),
            .unitStopped(let unit):
            ["unit": .text(unit.description)]
        case .nameResolves(let name): ["name": .text(name.description)]
        case .generationExists(let number), .generationIs(let number): ["generation": .text(number.description)]
        case .diskBelow(let path, let share):
            ["path": .text(path.description), "percent": .text("\(share.number)")]
        case .noNewFailures, .clockSynchronized, .systemIsProfile, .systemChanged, .rebooted, .findingGone: [:]
        }
    }
}

extension Check: Codable {
    private enum CodingKeys: String, CodingKey {
        case check, with
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let name = try container.decode(String.self, forKey: .check)
        let parameters = try container.decodeIfPresent([String: ActionValue].self, forKey: .with) ?? [:]
        guard let kind = Kind(rawValue: name) else {
            throw DecodingError.dataCorruptedError(
                forKey: .check, in: container, debugDescription: "there is no check \(name.quoted)")
        }
        do throws(ParameterMistakes) {
            self = try Check(kind, parameters)
        } catch {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "\(error)"))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(kind.rawValue, forKey: .check)
        try container.encode(parameters, forKey: .with)
    }
}
