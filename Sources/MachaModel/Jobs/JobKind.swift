// SPDX-License-Identifier: MIT

/// What a job asks of a model.
package enum JobKind: String, Codable, CaseIterable, Sendable {
    /// The whole analysis of one host; may become a graph of the next two.
    case analysis
    /// One chunk of a digest that does not fit a prompt, turned into notes.
    case mapChunk = "map-chunk"
    /// Notes of several chunks, turned into fewer.
    case reduce
    /// A person's question.
    case question
    /// What can be learned from past runs.
    case reflection
    /// Vectors for the knowledge index.
    case embedding
}
