// SPDX-License-Identifier: MIT
import Foundation
import MachaInventory
import MachaModel

/// Reads files that hold a secret, by path or as a credential that systemd hands to the service (`LoadCredential=`).
enum SecretFile {
    /// Its text without white space around it, or the reason why there is none: somebody else may read or write it, it is
    /// not there, or it is empty.
    static func text(
        of path: String, environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> Result<String, Refusal> {
        guard let name = credential(path) else { return read(path) }
        guard let folder = environment["CREDENTIALS_DIRECTORY"], folder.hasPrefix("/") else {
            return .failure(
                Refusal("\(path): there are no credentials here; add LoadCredential=\(name):FILE to the service"))
        }
        return read("\(folder)/\(name)")
    }

    /// Why secrets of models and of the heartbeat cannot be used, of those that `configuration` names.
    static func refusals(in configuration: Configuration) -> [String] {
        let files = configuration.modelEndpoints.compactMap(\.apiKeyFile) + [configuration.daemon.heartbeatURLFile]
        return files.compactMap { $0 }.compactMap { file in
            if case .failure(let refusal) = text(of: file) { refusal.reason } else { nil }
        }
    }

    /// Why a secret cannot be used; safe to print, without a word of it.
    struct Refusal: Error {
        var reason: String
        init(_ reason: String) { self.reason = reason.printable(limit: 800) }
    }

    private static func credential(_ path: String) -> String? {
        path.hasPrefix("credential:") ? String(path.dropFirst("credential:".count)) : nil
    }

    private static func read(_ path: String) -> Result<String, Refusal> {
        if let refusal = TrustedPath.refusal(path, for: .secret) { return .failure(Refusal(refusal)) }
        guard let data = FileManager.default.contents(atPath: path), let text = String(validating: data, as: UTF8.self)
        else { return .failure(Refusal("\(path): the file cannot be read as text; check that it exists")) }
        let secret = text.trimmingCharacters(in: .whitespacesAndNewlines)
        return secret.isEmpty ? .failure(Refusal("\(path): the file is empty")) : .success(secret)
    }
}
