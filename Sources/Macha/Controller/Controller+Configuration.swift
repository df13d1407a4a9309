// SPDX-License-Identifier: MIT
import MachaInventory

extension Controller {
    /// The configuration as it counts.
    package struct ConfigurationView: Sendable, Encodable {
        package struct Value: Sendable, Encodable {
            package var key: String
            package var value: String
            /// `file:line:column`, or whose default it is.
            package var origin: String
        }

        /// The file; `nil` when there is none.
        package var file: String?
        package var values: [Value]
        /// What is sound in itself and cannot be used, such as the file of a secret.
        package var warnings: [String]
    }

    /// Every key with its value and where it comes from. Throws with every mistake in the file.
    package func configuration() throws(ControllerError) -> ConfigurationView {
        let configuration = try environment.configuration()
        let given = configuration.given
        var values = given.map {
            ConfigurationView.Value(key: $0.name, value: $0.text, origin: "\($0.position)")
        }
        let names = Set(given.map(\.name))
        values += ConfigurationKey.all.filter { !$0.name.contains("NAME") && !names.contains($0.name) }.map {
            ConfigurationView.Value(key: $0.name, value: $0.fallback, origin: "built in")
        }
        return ConfigurationView(
            file: environment.existingConfiguration, values: values,
            warnings: SecretFile.refusals(in: configuration) + environment.configurationWarnings(configuration))
    }
}
