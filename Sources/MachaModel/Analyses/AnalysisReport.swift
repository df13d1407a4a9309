// SPDX-License-Identifier: MIT
package import struct Foundation.Date

/// What models had to say of a host, for people and programs.
package struct AnalysisReport: Sendable, Encodable {
    package enum State: String, Encodable, Sendable {
        case known
        /// The newest attempt gave nothing that may be used. Never healthy: nobody has looked.
        case unknown
    }

    /// Of the newest attempt.
    package var state: State
    /// The newest one that may be used; `nil` when there never was one.
    package var analysis: Analysis?
    /// Seconds since ``analysis`` was made.
    package var age: Int?
    /// Why the newest attempt gave nothing; `nil` when it did.
    package var failure: AnalysisFailure?

    package init(usable: Analysis?, failure: AnalysisFailure?, now: Date) {
        state = failure == nil ? .known : .unknown
        analysis = usable
        age = usable.map { max(0, Int(now.timeIntervalSince($0.madeAt))) }
        self.failure = failure
    }
}

/// What was asked of a model, without its words.
package struct PromptNote: Hashable, Codable, Sendable {
    package struct Section: Hashable, Codable, Sendable {
        package var title: String
        package var lines: Int
        /// Lines that found no room.
        package var leftOut: Int
        /// Estimated.
        package var tokens: Int

        package init(title: String, lines: Int, leftOut: Int, tokens: Int) {
            self.title = title
            self.lines = lines
            self.leftOut = leftOut
            self.tokens = tokens
        }
    }

    /// Of everything that was asked; the same question has the same hash.
    package var hash: ContentHash
    /// Estimated.
    package var tokens: Int
    package var sections: [Section]

    package init(hash: ContentHash, tokens: Int, sections: [Section]) {
        self.hash = hash
        self.tokens = tokens
        self.sections = sections
    }
}
