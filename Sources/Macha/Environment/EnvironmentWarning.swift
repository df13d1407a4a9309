// SPDX-License-Identifier: MIT

/// What a person should know of the environment, though the work goes on without it.
package enum EnvironmentWarning: Hashable, Sendable {
    /// A mistake in a playbook file turns repairs off: those for the named playbooks, or all when `nil`.
    case repairsOff(playbooks: [String]?, mistake: String)
    /// A key file that somebody else may read or write, with the reason; its endpoint is not used, the others are.
    case keyFileRefused(String)
    /// An endpoint that cannot be used, with the reason.
    case endpointUnusable(String)
    /// No model endpoint is configured, so none is asked.
    case noModel
    /// libssh2 is too old for a default NixOS sshd.
    case oldLibrary(version: String)
    /// Another state folder of this machine, with queue, history and pause of its own.
    case otherStateFolder(StateFolders.Other)
    /// Somebody edited this approval in the database, so nothing runs on it.
    case approvalEdited(Int)
    /// The configuration holds what is of no use or not safe as it stands there, with its place.
    case configurationDoubtful(String)
    /// Something could not be exported; the database has it all the same.
    case notExported(String)
    /// A backup was written, and the database could not record it, with the reason.
    case backupNotRecorded(String)
}
