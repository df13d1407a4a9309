// SPDX-License-Identifier: MIT
import Glibc
package import MachaInventory
package import MachaModel

extension Command {
    /// The same with root's rights: through `sudo -n`, which never asks for a password, as it is shown to people; where the
    /// inventory says `sudo: false` as it is, if the login is root's already.
    package func withRoot(on host: FleetHost) throws(ContactFailure) -> Command {
        if host.sudo { return Command("sudo", ["-n", "--"] + words, input: input, outputLimit: outputLimit) }
        let isRoot =
            switch host.connection {
            case .local: geteuid() == 0
            case .ssh(let endpoint): endpoint.user == "root"
            }
        guard isRoot else {
            throw ContactFailure(
                .local, stage: .connect, delivery: .notSent,
                message: "\(host.name): the inventory does not allow sudo on this host",
                remedy: "set sudo: true for the host and allow the command there, or log in as root")
        }
        return self
    }
}
