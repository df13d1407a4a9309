// SPDX-License-Identifier: MIT

/// What was tried to log in to one host, and what came of it.
struct LoginRecord {
    /// Why keys that were configured could not be used.
    var unusable: [String]
    /// Keys that the host was asked about, in order.
    var offered: [String] = []
    /// Those that it did not let in, each with the reason.
    var refused: [String] = []
    /// Those that it accepted as a part of what it wants.
    var accepted: [String] = []
    /// Keys whose turn is still to come.
    var pending: [String] = []
    /// Keys that were left out, because a host hangs up after too many.
    private(set) var leftOut: [String] = []

    init(unusable: [String]) { self.unusable = unusable }

    /// `3 more keys of ssh-agent`.
    var leftOutWords: String {
        let areAgents = leftOut.allSatisfy { $0.hasPrefix("ssh-agent: ") }
        return "\(leftOut.count) more \(leftOut.count == 1 ? "key" : "keys")\(areAgents ? " of ssh-agent" : "")"
    }

    mutating func leaveOut(_ labels: [String]) { leftOut += labels }

    /// At most a few names, so that an agent with a hundred keys does not fill the screen.
    static func some(_ labels: [String]) -> String {
        let most = 8
        return labels.count > most
            ? labels.prefix(most).joined(separator: ", ") + " and \(labels.count - most) more"
            : labels.joined(separator: ", ")
    }
}

/// The ends of a login, each in its own words and with its own remedy.
extension SSHSession {
    /// No key was let in.
    func loginRefused(_ record: LoginRecord) -> SSHError {
        let (name, user) = (target.name, target.user)
        let reasons = record.unusable + record.refused
        if record.offered.isEmpty, target.credentials.agentSocket == nil {
            guard !reasons.isEmpty else {
                return SSHError(
                    .authenticationRefused, .authentication, host: name,
                    "\(name) did not let \(user) in (no key is configured and there is no ssh-agent)",
                    remedy: "set identity-file in the inventory or start ssh-agent")
            }
            return SSHError(
                .localFile, .authentication, host: name,
                "there is no usable key to log in to \(name) as \(user): \(reasons.joined(separator: "; "))",
                remedy: "fix the file, set identity-file in the inventory to another, or start ssh-agent")
        }
        if let methods = accepted(record) { return wantsMore(record, methods) }
        var message = "\(name) did not let \(user) in (\(reasons.joined(separator: "; ")))"
        var remedy = authorize
        if !record.leftOut.isEmpty {
            message +=
                "; \(record.leftOutWords) were not offered, because hosts disconnect after too many (MaxAuthTries): "
            message += LoginRecord.some(record.leftOut)
            remedy = "name the right key as identity-file in the inventory, or \(authorize)"
        }
        if !LibSSH2.speaksEncryptThenMAC, target.credentials.keys.contains(where: \.isRSA) {
            // libssh2 #634: 1.10 signs RSA with SHA-1 only, which OpenSSH has refused since 8.8.
            remedy += "; with libssh2 \(LibSSH2.version) RSA keys do not work, use an Ed25519 key"
        }
        return SSHError(.authenticationRefused, .authentication, host: name, message, remedy: remedy)
    }

    private var authorize: String {
        "add the public key on \(target.name) (NixOS: users.users.\(target.user).openssh.authorizedKeys.keys; "
            + "elsewhere: ~\(target.user)/.ssh/authorized_keys)"
    }

    /// A host that wants two keys and got one says only that it wants another.
    private func accepted(_ record: LoginRecord) -> [String]? { record.accepted.isEmpty ? nil : ["publickey"] }

    /// The key was right, and the host wants another proof as well.
    func wantsMore(_ record: LoginRecord, _ methods: [String]) -> SSHError {
        let (name, user) = (target.name, target.user)
        // A key is what we have: then it is the right one that is missing, as in any refusal.
        let wantsKey = methods == ["publickey"]
        let others = wantsKey ? "another key" : methods.joined(separator: " or ")
        return SSHError(
            wantsKey ? .authenticationRefused : .moreFactorsWanted, .authentication, host: name,
            "\(name) accepted the key of \(user) (\(LoginRecord.some(record.accepted))), but requires more to log in: \(others) "
                + "(AuthenticationMethods)",
            remedy: (wantsKey ? "name the other key as identity-file as well, or " : "Macha logs in with keys alone: ")
                + "exempt its account in sshd_config on \(name) with "
                + "'Match User \(user)' and 'AuthenticationMethods publickey' below it")
    }

    /// The host has ended the connection in the middle of the login.
    func hungUp(_ record: LoginRecord, _ goodbye: String) -> SSHError {
        let name = target.name
        let said = goodbye.isEmpty ? "" : " and said: \(goodbye)"
        let count = record.offered.count
        guard goodbye.contains("Too many authentication failures") || count > 1 else {
            return SSHError(
                .connectionLost, .authentication, host: name,
                "\(name) closed the connection\(way) during login as \(target.user)\(said)",
                remedy: "on the host, read sshd's log", commands: ["journalctl -t sshd -t sshd-session -n 50"])
        }
        var message =
            "\(name) disconnected during login as \(target.user) after \(count) \(count == 1 ? "key" : "keys")\(said)"
            + "; it did not accept: \(LoginRecord.some(record.offered))"
        let left = record.pending + record.leftOut
        if !left.isEmpty { message += "; not offered: \(LoginRecord.some(left))" }
        if !record.unusable.isEmpty { message += "; not usable: \(LoginRecord.some(record.unusable))" }
        return SSHError(
            .hungUpOnLogin, .authentication, host: name, message,
            remedy:
                "name the right key first or alone (identity-file in the inventory; IdentitiesOnly in ssh's configuration keeps "
                + "the agent's other keys out), or raise MaxAuthTries in sshd_config on \(name); if none is right, \(authorize)"
        )
    }

    /// libssh2 takes no packet above 40,000 bytes, and what comes before the answer to a login is the banner.
    func tooLongAMessage() -> SSHError {
        SSHError(
            .library(CInt(-41)), .authentication, host: target.name,
            "\(target.name) sends a banner before login that is longer than libssh2 \(LibSSH2.version) takes (about 39 KiB)",
            remedy:
                "shorten the file that Banner names in sshd_config on \(target.name), or exempt the account there with "
                + "'Match User \(target.user)' and 'Banner none' below it")
    }
}
