// SPDX-License-Identifier: MIT
import MachaCore

/// How a host is logged in to, once the inventory and ssh's configuration are laid over one another.
///
/// What a person wrote into the inventory counts; what the inventory leaves open comes from `ssh -G`, asked for the host's
/// `address` as a person would give it to ssh (its name where there is none); else our own default stays. So HostName gives
/// an alias its address, wherever the alias is written.
struct SSHLogin: Hashable, Sendable {
    var name: String
    var address: String
    var port: UInt16
    var user: String
    var identityFiles: [String]
    var knownHosts: [String]
    var hostKeyAlias: String?
    var agentSocket: String?
    var identitiesOnly = false
    /// Hosts to go through that ssh's configuration names, the first one first.
    var jumps: [JumpAddress] = []
    /// What came from ssh's configuration, as text.
    var fromSSH: [SSHSetting: String] = [:]

    init(_ name: String, _ endpoint: SSHEndpoint, agentSocket: String?) {
        self.name = name
        self.agentSocket = agentSocket
        address = endpoint.address
        port = endpoint.port
        user = endpoint.user
        identityFiles = endpoint.identityFiles
        knownHosts = endpoint.knownHosts
    }

    /// Fills in what `unset` says is open.
    mutating func fill(
        _ unset: [SSHSetting], from said: SSHConfigurationAnswer, exists: (String) -> Bool
    ) throws(ContactFailure) {
        if said.address != address {
            address = said.address
            fromSSH[.address] = address
        }
        for setting in unset {
            switch setting {
            case .address: break
            case .port where said.port != port: (port, fromSSH[.port]) = (said.port, "\(said.port)")
            case .user where said.user != user && !said.user.isEmpty: (user, fromSSH[.user]) = (said.user, said.user)
            case .identityFile: takeIdentities(said, exists)
            case .knownHosts where !said.knownHosts.isEmpty:
                knownHosts = said.knownHosts
                fromSSH[.knownHosts] = knownHosts.joined(separator: ", ")
            case .jump: try takeJumps(said)
            case .port, .user, .knownHosts: break
            }
        }
        hostKeyAlias = said.hostKeyAlias
        identitiesOnly = said.identitiesOnly
        if let socket = said.identityAgent { agentSocket = socket.isEmpty ? nil : socket }
    }

    private mutating func takeIdentities(_ said: SSHConfigurationAnswer, _ exists: (String) -> Bool) {
        let files = said.identityFiles.filter { file in
            let name = file.split(separator: "/").last.map(String.init) ?? file
            return !SSHConfigurationAnswer.defaultIdentities.contains(name) || exists(file)
        }
        guard Set(files) != Set(identityFiles) else { return }
        identityFiles = files
        fromSSH[.identityFile] = files.isEmpty ? "none" : files.joined(separator: ", ")
    }

    private mutating func takeJumps(_ said: SSHConfigurationAnswer) throws(ContactFailure) {
        if let command = said.proxyCommand {
            throw ContactFailure(
                .local, stage: "connect",
                message:
                    "\(name): ssh's configuration reaches it by a ProxyCommand (\(command)), which Macha does not run",
                remedy:
                    "use ProxyJump there, or write jump: HOST for it in the inventory (jump: none for no way around)")
        }
        guard !said.jumps.isEmpty else { return }
        jumps = said.jumps
        fromSSH[.jump] = jumps.map(\.host).joined(separator: ", ")
    }
}
