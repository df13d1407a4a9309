// SPDX-License-Identifier: MIT
import MachaModel

/// Checks as they are written: a kind and its parameters.
extension Check {
    /// Reads a check.
    ///
    /// - Throws: every parameter that is missing, unknown or has no meaning, in one go.
    package init(_ kind: Kind, _ parameters: [String: ActionValue] = [:]) throws(ParameterMistakes) {
        self = try Self.read(kind.definition, parameters)
    }

    private static func read<Definition: CheckDefinition>(
        _ definition: Definition.Type, _ parameters: [String: ActionValue]
    ) throws(ParameterMistakes) -> Check {
        var reader = ParameterReader(parameters, of: Definition.name)
        return Check(try reader.finish(Definition(&reader)))
    }

    /// The parameters that make this check; reading them with ``kind`` gives it again.
    package var parameters: [String: ActionValue] { definition.values }
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
