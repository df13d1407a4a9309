// SPDX-License-Identifier: MIT
import Foundation
import Macha
import MachaAnalyst
import MachaCore

extension GlobalOptions {
    /// Loads the configuration; without a file there is an empty one. Ends the command with what is wrong in it.
    func loadConfiguration() throws -> Configuration {
        guard let path = ConfigurationPath.find(named: config) else { return Configuration() }
        try Self.require(path, for: .instructions, .configuration)
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Failure(
                .configuration, "\(path.printable()): the file cannot be read; check that it exists and its permissions"
            )
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw Failure(.configuration, "\(path.printable()): the file is not UTF-8 text")
        }
        do throws(InventoryError) {
            return try Configuration.parse(text, file: path, home: NSHomeDirectory())
        } catch {
            throw Failure(.configuration, error.mistakes.map(\.description))
        }
    }

    /// The models of the configuration, of which there must be one at least.
    func modelPool() throws -> ModelPool {
        let endpoints = try loadConfiguration().modelEndpoints
        guard !endpoints.isEmpty else {
            let place = ConfigurationPath.find(named: config) ?? ConfigurationPath.candidates()[0]
            throw Failure(
                .configuration,
                ["no model endpoint is configured; write one into \(place), such as this"],
                example: """
                    model-endpoints:
                      local:
                        kind: ollama
                        url: "http://127.0.0.1:11434"
                        models: [qwen3:8b]

                    """)
        }
        return pool(of: endpoints)
    }

    /// The models of `endpoints`. A key file that somebody else may read or write is said on standard error and not used;
    /// the other endpoints still serve.
    func pool(of endpoints: [ModelEndpoint]) -> ModelPool {
        let output = output
        return ModelPool(endpoints) { path in
            if let refusal = TrustedPath.refusal(path, for: .secret) {
                try? output.note(Cell("warning:", .warning), Cell(refusal, limit: 800))
                return nil
            }
            return FileManager.default.contents(atPath: path).flatMap { String(validating: $0, as: UTF8.self) }
        }
    }
}
