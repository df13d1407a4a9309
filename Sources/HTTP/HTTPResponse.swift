// SPDX-License-Identifier: MIT

/// The status line and the headers of an answer.
package struct HTTPHead: Hashable, Sendable {
    package struct Field: Hashable, Sendable {
        package var name: String
        package var value: String
    }

    /// 200…599 as a rule; whatever three digits the server sent.
    package var status: Int
    /// As they came, in order.
    package var fields: [Field]

    package init(status: Int, fields: [Field] = []) {
        self.status = status
        self.fields = fields
    }

    /// The first value of a header, whatever its case.
    package subscript(name: String) -> String? {
        let name = name.lowercased()
        return fields.first { $0.name.lowercased() == name }?.value
    }
}

/// An answer whose body is still on its way.
///
/// The body is read piece by piece with ``next()``, by one task at a time. What is not read stays with the server: the
/// connection is paused once 256 KiB wait here. When the last reference goes, or the reading task is cancelled, an
/// unfinished exchange ends and its connection is closed.
package final class HTTPResponse: Sendable {
    package let head: HTTPHead
    private let transfer: Transfer
    private let driver: Driver

    init(_ head: HTTPHead, _ transfer: Transfer, _ driver: Driver) {
        self.head = head
        self.transfer = transfer
        self.driver = driver
    }

    deinit { driver.abandon(transfer) }

    package var status: Int { head.status }

    /// The next bytes of the body, as many as are there; `nil` at its end.
    ///
    /// - Throws: the reason when the body does not come to its end.
    package func next() async throws(HTTPError) -> [UInt8]? {
        while true {
            switch transfer.mailbox.take() {
            case .piece(let bytes, let resumes):
                if resumes { driver.resume(transfer) }
                return bytes
            case .end: return nil
            case .failed(let error): throw error
            case .nothing: await driver.wait(for: transfer)
            }
        }
    }

    /// All of the body that is still to come.
    package func collect() async throws(HTTPError) -> [UInt8] {
        var body: [UInt8] = []
        while let piece = try await next() { body += piece }
        return body
    }
}

/// A whole answer.
package struct HTTPAnswer: Sendable {
    package var head: HTTPHead
    package var body: [UInt8]

    package var status: Int { head.status }
    /// The body as text; what is not UTF-8 is replaced.
    package var text: String { String(decoding: body, as: UTF8.self) }
}
