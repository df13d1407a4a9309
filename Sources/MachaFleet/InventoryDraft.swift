// SPDX-License-Identifier: MIT

/// The first inventory of a fleet, with words for the person who goes on with it.
package struct InventoryDraft: Sendable {
    private let candidates: [HostScan.Candidate]
    /// Who logs in where a host says nothing else; `nil` for ssh's own answer.
    private let user: String?
    /// The private key to log in with; `nil` for ssh's own answer.
    private let identityFile: String?

    package init(_ candidates: [HostScan.Candidate], user: String?, identityFile: String?) {
        self.candidates = candidates
        self.user = user
        self.identityFile = identityFile
    }

    /// The file's content, which the loader takes.
    package var text: String {
        let account =
            user.map { "  user: \(HostScan.quoted($0))" }
            ?? "  # user: macha                   # who logs in; without it, whom ssh logs in as"
        let key =
            identityFile.map { "  identity-file: \(HostScan.quoted($0))" }
            ?? "  # identity-file: ~/.ssh/id_ed25519"
        let lines =
            """
            # The machines that Macha looks after. `macha hosts show HOST` prints what counts for one of them and where it comes
            # from; the keys are explained in inventory/example.yaml.

            defaults:
            \(account)
            \(key)
              # What Macha may do by itself: observe (nothing), suggest (it asks before every change), auto-safe (low risk),
              # auto-full (low and medium risk). A host or a group can have its own.
              autonomy: suggest
              # check-interval: 5m            # how often `macha serve` checks
              # managed-units: [nginx]        # what it may restart; `macha hosts sudoers HOST` prints the sudo rules for it

            """
        return lines + "\n" + (HostScan.lines(candidates) + Self.ending).joined(separator: "\n") + "\n"
    }

    private static let ending = ["  # controller: { connection: local }   # the machine Macha runs on, without ssh"]
}
