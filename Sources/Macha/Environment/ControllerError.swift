// SPDX-License-Identifier: MIT
package import MachaStore

/// Why the controller cannot do what it was asked.
package struct ControllerError: Error, Sendable {
    /// Who has to act. Adapters map it to an exit status or an HTTP status.
    package enum Kind: Sendable {
        /// The operation failed on some host, or was refused there.
        case hosts
        /// The request itself is wrong: it names what does not exist.
        case usage
        /// The inventory, a playbook or other input data is wrong.
        case input
        /// A service that is needed cannot be reached, the database among them.
        case unavailable
        /// The configuration is wrong.
        case configuration
    }

    package var kind: Kind
    /// One sentence each, safe to print, with file and line where there is one.
    package var messages: [String]
    /// What helps, to be copied as it is.
    package var example: String?

    package init(_ kind: Kind, _ messages: [String], example: String? = nil) {
        self.kind = kind
        self.messages = messages
        self.example = example
    }

    package init(_ kind: Kind, _ message: String) { self.init(kind, [message]) }

    package init(_ error: StoreError) { self.init(.unavailable, ["\(error)"]) }
}

/// Runs `body`; a failure of the store becomes the controller's.
func storing<Value>(_ body: () throws(StoreError) -> Value) throws(ControllerError) -> Value {
    do throws(StoreError) {
        return try body()
    } catch {
        throw ControllerError(error)
    }
}

/// Runs `body`; a failure of the store becomes the controller's.
func storing<Value>(_ body: () async throws(StoreError) -> Value) async throws(ControllerError) -> Value {
    do throws(StoreError) {
        return try await body()
    } catch {
        throw ControllerError(error)
    }
}
