// SPDX-License-Identifier: MIT
import MachaModel

/// A parameter that holds one text: its name, and what the text means. Its type holds the bounds.
struct Parameter<Value>: Sendable {
    let name: String
    let example: String
    let shape: ParameterSpec.Shape
    let meaning: @Sendable (String) throws(ValueValidationError) -> Value

    init(
        _ name: String, example: String, _ meaning: @escaping @Sendable (String) throws(ValueValidationError) -> Value
    ) {
        self.name = name
        self.example = example
        self.meaning = meaning
        shape = .text
    }

    /// It must be there.
    var required: ParameterSpec { ParameterSpec(name, isRequired: true, shape, example: example) }
    var optional: ParameterSpec { ParameterSpec(name, isRequired: false, shape, example: example) }
    /// A value there is read by Nix, not by a person, so a placeholder's must be plain.
    var code: ParameterSpec { ParameterSpec(name, isRequired: false, shape, example: example, isCode: true) }
}

extension Parameter where Value: RawRepresentable<String> & CaseIterable & SendableMetatype {
    /// One word of `Value`.
    init(_ name: String, example: String) {
        self.name = name
        self.example = example
        shape = .oneOf(Value.allCases.map(\.rawValue))
        meaning = { (text) throws(ValueValidationError) in try ParameterReader.word(text) }
    }
}

extension Parameter<Bool> {
    init(flag name: String, example: String) {
        self.name = name
        self.example = example
        shape = .oneOf(["true", "false"])
        meaning = { (text) throws(ValueValidationError) in try ParameterReader.flag(text) }
    }
}

extension Parameter<UnitName> {
    static var unit: Self { Self("unit", example: "nginx.service", UnitName.init) }
    /// What can be restarted and stopped: other kinds of unit carry many with them, or are not ours to move.
    static var startedUnit: Self { Self("unit", example: "nginx.service", started) }

    private static func started(_ text: String) throws(ValueValidationError) -> UnitName {
        let unit = try UnitName(text)
        switch unit.kind {
        case .service, .socket, .timer, .path: return unit
        case .mount, .automount, .swap, .target, .device, .scope, .slice:
            throw ValueValidationError(
                "\(text.quoted) is a \(unit.kind.rawValue); only services, sockets, timers and paths are restarted or "
                    + "stopped")
        }
    }
}

extension Parameter<GenerationNumber> {
    static var generation: Self { Self("generation", example: "41", GenerationNumber.init) }
}

/// Which parameters an action or a check takes, for the schema that editors use and for help texts.
package struct ParameterSpec: Hashable, Sendable {
    package enum Shape: Hashable, Sendable {
        case text
        case words
        case oneOf([String])
    }

    package let name: String
    package let isRequired: Bool
    package let shape: Shape
    package let example: String
    /// What stands there is read by Nix.
    let isCode: Bool

    init(_ name: String, isRequired: Bool, _ shape: Shape, example: String, isCode: Bool = false) {
        self.name = name
        self.isRequired = isRequired
        self.shape = shape
        self.example = example
        self.isCode = isCode
    }
}
