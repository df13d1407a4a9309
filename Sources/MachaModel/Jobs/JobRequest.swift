// SPDX-License-Identifier: MIT
package import struct Foundation.Date

/// Work to be put into the queue.
package struct JobRequest: Hashable, Sendable {
    /// A job that has to end before this one may run.
    package struct Need: Hashable, Sendable {
        package enum Reference: Hashable, Sendable {
            /// A job that is in the queue already.
            case id(Int64)
            /// The request at this place of the same call, counted from 0; an earlier one.
            case earlier(Int)
        }

        package var reference: Reference
        /// Whether this job is cancelled when the other does not end well. If not, it runs without that result.
        package var isRequired: Bool

        package init(_ reference: Reference, isRequired: Bool = true) {
            self.reference = reference
            self.isRequired = isRequired
        }
    }

    package var kind: JobKind
    package var host: String?
    package var priority: Priority
    /// A JSON document.
    package var payload: String
    /// Names of the models that may serve it; empty when any may.
    package var models: [String]
    /// What it is about: a waiting job with the same key gives way to this one and passes its place on, unless it has
    /// parts that are being worked on.
    package var key: String?
    package var needs: [Need]
    /// When it may run; `nil` for now.
    package var dueAt: Date?
    package var deadline: Date?
    /// 1 or more.
    package var maxAttempts: Int

    package init(
        _ kind: JobKind, host: String? = nil, priority: Priority, payload: String = "{}", models: [String] = [],
        key: String? = nil, needs: [Need] = [], dueAt: Date? = nil, deadline: Date? = nil, maxAttempts: Int = 3
    ) {
        self.kind = kind
        self.host = host
        self.priority = priority
        self.payload = payload
        self.models = models
        self.key = key
        self.needs = needs
        self.dueAt = dueAt
        self.deadline = deadline
        self.maxAttempts = max(1, maxAttempts)
    }
}
