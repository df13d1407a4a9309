// SPDX-License-Identifier: MIT
package import MachaCore

extension Command {
    /// The same with root's rights: as it is where the login is root's already, else through `sudo -n`, which never asks
    /// for a password. Throws where the inventory says `sudo: false`.
    package func withRoot(on host: FleetHost) throws(ContactFailure) -> Command {
        if case .ssh(let endpoint) = host.connection, endpoint.user == "root" { return self }
        guard host.sudo else {
            throw ContactFailure(
                .local, stage: "connect", message: "\(host.name): the inventory does not allow sudo on this host",
                remedy: "set sudo: true for the host, and allow the command there")
        }
        return Command("sudo", ["-n", "--"] + words, input: input, outputLimit: outputLimit)
    }
}
