// SPDX-License-Identifier: MIT
import HTTP
import MachaInventory
import MachaModel

/// The dead man's switch: a request that tells another service that all is alive. When it stays away, that service tells
/// somebody.
struct Heartbeat: Sendable {
    private let url: String
    /// Seconds between two.
    let interval: Int

    /// `nil` when the configuration names no place. Throws with the reason why the place cannot be used.
    init?(_ settings: DaemonSettings) throws(ControllerError) {
        interval = settings.heartbeatInterval
        if let file = settings.heartbeatURLFile {
            switch SecretFile.text(of: file) {
            case .success(let text):
                do throws(ValueValidationError) {
                    url = try DaemonSettings.url(text)
                } catch {
                    throw ControllerError(.configuration, "\(file): \(error.description)")
                }
            case .failure(let refusal): throw ControllerError(.configuration, refusal.reason)
            }
        } else if let named = settings.heartbeatURL {
            url = named
        } else {
            return nil
        }
    }

    /// Sends one. Throws unless the service took it.
    func send(_ client: HTTPClient) async throws(ControllerError) {
        let deadlines = HTTPDeadlines(
            connect: .seconds(10), firstByte: .seconds(15), betweenPieces: .seconds(5), total: .seconds(20))
        let answer: HTTPAnswer
        do throws(HTTPError) {
            answer = try await client.fetch(
                HTTPRequest(.get, url, deadlines: deadlines, bodyLimit: 64 << 10, redirects: 3))
        } catch {
            // Its own words hold the place, which may be a secret.
            throw ControllerError(.unavailable, "the sign of life could not be sent (\(error.stage.words))")
        }
        guard (200..<300).contains(answer.status) else {
            throw ControllerError(.unavailable, "the sign of life was refused with status \(answer.status)")
        }
    }
}
