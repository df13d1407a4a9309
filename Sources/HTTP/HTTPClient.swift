// SPDX-License-Identifier: MIT
import Synchronization

/// Sends requests and streams the answers, all of them on one thread around libcurl's multi interface.
///
/// Certificates are always checked. Connections are kept for the next request to the same server. When the last
/// reference goes, whatever is still under way ends with ``HTTPError/Code-swift.enum/closed``.
package final class HTTPClient: Sendable {
    /// Made for the first request, because it needs libcurl.
    private let driver = Mutex<Driver?>(nil)

    package init() {}

    deinit { driver.withLock { $0?.close() } }

    /// Sends `request` and returns when the answer's headers are there. Every status is an answer.
    package func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        let transfer = try Transfer(request)
        let driver = driver.withLock { driver in
            if let driver { return driver }
            let first = Driver()
            driver = first
            return first
        }
        driver.start(transfer)
        while true {
            switch transfer.mailbox.head() {
            case .head(let head): return HTTPResponse(head, transfer, driver)
            case .failed(let error): throw error
            case .nothing: await driver.wait(for: transfer)
            }
        }
    }

    /// Sends `request` and reads the whole answer.
    package func fetch(_ request: HTTPRequest) async throws(HTTPError) -> HTTPAnswer {
        let response = try await send(request)
        return HTTPAnswer(head: response.head, body: try await response.collect())
    }
}
