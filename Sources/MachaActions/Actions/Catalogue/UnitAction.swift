// SPDX-License-Identifier: MIT
import MachaModel

/// An action upon one unit: how it is written. What decides about it stays in its own file.
protocol UnitAction: ActionDefinition {
    /// Which units it can be written for.
    static var unitParameter: Parameter<UnitName> { get }
    var unit: UnitName { get }

    init(unit: UnitName)
}

extension UnitAction {
    static var parameters: [ParameterSpec] { [unitParameter.required] }

    init?(_ reader: inout ParameterReader) {
        guard let unit = reader.required(Self.unitParameter) else { return nil }
        self.init(unit: unit)
    }

    var values: [String: ActionValue] { ["unit": .text(unit.description)] }
}
