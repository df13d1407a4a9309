// SPDX-License-Identifier: MIT
import MachaInventory
import MachaModel
import SSH

/// How a host is logged in to, once the inventory and ssh's configuration are laid over one another.
///
/// What a person wrote into the inventory counts; what the inventory leaves open comes from `ssh -G`, asked for the host's
/// `address` as a person would give it to ssh (its name where there is none); else our own default stays. So HostName gives
/// an alias its address, wherever the alias is written. What ssh's configuration forbids holds in any case.
struct SSHLogin: Hashable, Sendable {
    var name: String
    var address: String
    var port: UInt16
    var user: String
    var identityFiles: [String]
    var knownHosts: KnownHostsFiles
    var revokedHostKeys: [String] = []
    var hostKeyAlias: String?
    var checksAddress = false
    var restrictions = SSHRestrictions()
    var agentSocket: String?
    var identitiesOnly = false
    var acceptedTypes: Set<String>?
    /// Hosts to go through that ssh's configuration names, the first one first.
    var jumps: [JumpAddress] = []
    /// What came from ssh's configuration, as text.
    var fromSSH: [SSHSetting: String] = [:]
    /// What ssh's configuration says and Macha does not do, for people.
    var notes: [String] = []

    init(_ name: String, _ endpoint: SSHEndpoint, knownHosts: KnownHostsFiles, agentSocket: String?) {
        self.name = name
        self.agentSocket = agentSocket
        address = endpoint.address
        port = endpoint.port
        user = endpoint.user
        identityFiles = endpoint.identityFiles
        self.knownHosts = knownHosts
    }

    /// Fills in what `unset` says is open, and takes over what is forbidden. `home` is where the user's own files are.
    mutating func fill(
        _ unset: [SSHSetting], from said: SSHConfigurationAnswer, home: String, exists: (String) -> Bool
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
            case .knownHosts: takeKnownHosts(said, home)
            case .jump: try takeJumps(said)
            case .port, .user: break
            }
        }
        hostKeyAlias = said.hostKeyAlias
        identitiesOnly = said.identitiesOnly
        switch said.agent {
        case .usual: break
        case .none: agentSocket = nil
        case .socket(let path): agentSocket = path
        }
        try takeProhibitions(said, unset)
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

    private mutating func takeKnownHosts(_ said: SSHConfigurationAnswer, _ home: String) {
        let files = KnownHostsFiles(user: said.userKnownHosts, system: said.systemKnownHosts, home: home)
        guard files.read != knownHosts.read else { return }
        knownHosts = files
        fromSSH[.knownHosts] = files.read.joined(separator: ", ")
    }

    private mutating func takeJumps(_ said: SSHConfigurationAnswer) throws(ContactFailure) {
        if let command = said.proxyCommand {
            throw ContactFailure(
                .local, stage: .connect, delivery: .notSent,
                message:
                    "\(name): ssh's configuration reaches it by a ProxyCommand (\(command)), which Macha does not run",
                remedy:
                    "use ProxyJump there, or write jump: HOST for it in the inventory (jump: none for no way around)")
        }
        guard !said.jumps.isEmpty else { return }
        jumps = said.jumps
        fromSSH[.jump] = jumps.map(\.host).joined(separator: ", ")
    }

    // MARK: What is forbidden

    /// Why ssh would not offer a key of ours; `nil` when it would.
    func objection(to key: HostKey) -> String? {
        if let acceptedTypes, !acceptedTypes.contains(key.type) {
            return "is not offered: PubkeyAcceptedAlgorithms of ssh's configuration leaves out \(key.type)"
        }
        guard let bits = key.rsaBits, bits < restrictions.shortestRSA else { return nil }
        return
            "is not offered: it has \(bits) bits, and RequiredRSASize of ssh's configuration is \(restrictions.shortestRSA)"
    }

    private mutating func takeProhibitions(
        _ said: SSHConfigurationAnswer, _ unset: [SSHSetting]
    ) throws(ContactFailure) {
        revokedHostKeys = said.revokedHostKeys
        checksAddress = said.checksAddress
        acceptedTypes = said.acceptedTypes
        restrictions = said.restrictions
        notes = said.unused
        for (keyword, values) in said.unknown.sorted(by: { $0.key < $1.key }) {
            notes.append("\(keyword) \(values.joined(separator: ", ")) is not known to Macha and has no effect")
        }
        if let refusal = said.refusals.first(where: { !isReplaced($0, unset) }) {
            throw ContactFailure(
                .local, stage: .connect, delivery: .notSent,
                message: "\(name): ssh's configuration says \(refusal.directive) \(refusal.value); \(refusal.reason)",
                remedy: refusal.remedy)
        }
        if let (directive, ours) = restrictions.impossible {
            throw ContactFailure(
                .incompatible, stage: .connect, delivery: .notSent,
                message: "\(name): \(directive) of ssh's configuration leaves none that Macha supports: "
                    + ours.joined(separator: ","),
                remedy: "add one of these there for the host")
        }
    }

    /// Whether the inventory puts something of its own in the place of what the directive is about.
    private func isReplaced(_ refusal: SSHRefusal, _ unset: [SSHSetting]) -> Bool {
        switch refusal.directive {
        case "KnownHostsCommand": !unset.contains(.knownHosts)
        case "ProxyJump": !unset.contains(.jump)
        // Connections through another host start there.
        case "BindAddress", "BindInterface": !jumps.isEmpty
        default: false
        }
    }
}
