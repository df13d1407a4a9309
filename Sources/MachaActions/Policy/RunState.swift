// SPDX-License-Identifier: MIT

/// How far a run came.
package enum RunState: String, Hashable, Sendable, Codable, CaseIterable {
    /// Nothing was sent yet.
    case authorised
    /// Something may have been sent.
    case started
    /// Done, and its proofs held.
    case verified
    case failed
    /// It failed, and the host is as it was.
    case rolledBack = "rolled-back"
    /// The controller ended meanwhile; what is known is in the note, and a person decides.
    case interrupted
    /// Nothing was sent: it was not needed any more, or not allowed.
    case skipped
}
