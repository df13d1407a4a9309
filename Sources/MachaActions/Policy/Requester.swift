// SPDX-License-Identifier: MIT
import MachaModel

/// Who proposes an action.
package enum Requester: Hashable, Sendable {
    /// Macha itself: a finding met a playbook.
    case macha
    /// A model's proposal, by the model's name.
    case model(String)
    /// A person, by login name.
    case person(String)

    /// Only a model proposes it.
    package var isModel: Bool {
        switch self {
        case .model: true
        case .macha, .person: false
        }
    }

    /// Not decided by anyone.
    package var isAutomatic: Bool {
        switch self {
        case .macha, .model: true
        case .person: false
        }
    }
}

extension Requester: CustomStringConvertible {
    /// `macha`, `model qwen3:8b` or `person anna`; safe to print.
    package var description: String {
        switch self {
        case .macha: "macha"
        case .model(let name): "model \(name.printable(limit: 60))"
        case .person(let name): "person \(name.printable(limit: 60))"
        }
    }
}

extension Requester: Codable {
    private enum CodingKeys: String, CodingKey {
        case kind, name
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let name = try container.decodeIfPresent(String.self, forKey: .name) ?? ""
        switch try container.decode(String.self, forKey: .kind) {
        case "macha": self = .macha
        case "model": self = .model(name)
        case "person": self = .person(name)
        case let other:
            throw DecodingError.dataCorruptedError(
                forKey: .kind, in: container, debugDescription: "there is no requester \(other.quoted)")
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .macha: try container.encode("macha", forKey: .kind)
        case .model(let name):
            try container.encode("model", forKey: .kind)
            try container.encode(name, forKey: .name)
        case .person(let name):
            try container.encode("person", forKey: .kind)
            try container.encode(name, forKey: .name)
        }
    }
}
