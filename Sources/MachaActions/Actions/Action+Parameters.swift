// SPDX-License-Identifier: MIT
import MachaModel

/// Actions as they are written in playbooks, on the command line, in the database and in the audit: a kind and its
/// parameters. This is the only way text becomes an action.
extension Action {
    /// Reads an action.
    ///
    /// - Throws: every parameter that is missing, unknown or has no meaning, in one go.
    package init(_ kind: Kind, _ parameters: [String: ActionValue] = [:]) throws(ParameterMistakes) {
        self = try Self.read(kind.definition, parameters)
    }

    private static func read<Definition: ActionDefinition>(
        _ definition: Definition.Type, _ parameters: [String: ActionValue]
    ) throws(ParameterMistakes) -> Action {
        var reader = ParameterReader(parameters, of: Definition.name)
        return Action(try reader.finish(Definition(&reader)))
    }

    /// The parameters that make this action; reading them with ``kind`` gives it again.
    package var parameters: [String: ActionValue] { definition.values }
}

extension Action: Codable {
    private enum CodingKeys: String, CodingKey {
        case action, with
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let kind = try container.decode(Kind.self, forKey: .action)
        let parameters = try container.decodeIfPresent([String: ActionValue].self, forKey: .with) ?? [:]
        do throws(ParameterMistakes) {
            self = try Action(kind, parameters)
        } catch {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "\(error)"))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(kind, forKey: .action)
        try container.encode(parameters, forKey: .with)
    }
}

extension Action: CustomStringConvertible {
    /// `restart-unit unit=demo.service`, one line, safe to print.
    package var description: String {
        let words = parameters.sorted { $0.key < $1.key }.map { key, value in
            switch value {
            case .text(let text): "\(key)=\(text)"
            case .words(let words): "\(key)=[\(words.map { $0.quoted }.joined(separator: ", "))]"
            }
        }
        return ([kind.rawValue] + words).joined(separator: " ").printable(limit: 600)
    }
}
