// SPDX-License-Identifier: MIT
import CLibSSH2

extension SSHSession {
    /// sshd closes the connection after six failed attempts by default (sshd_config, MaxAuthTries), and since OpenSSH 9.8
    /// it punishes the address as well. One attempt is kept in reserve.
    private static let mostAttempts = 5

    /// Logs in with the configured keys, then with the agent's. Answers which key was accepted.
    func authenticate(until deadline: ContinuousClock.Instant) async throws(SSHError) -> String {
        var refusals = target.credentials.unusable
        for key in target.credentials.keys.prefix(Self.mostAttempts) {
            let refusal = try await authenticate(with: key, until: deadline)
            guard let refusal else { return key.path }
            refusals.append(refusal)
        }
        let left = Self.mostAttempts - target.credentials.keys.count
        if left > 0, let path = target.credentials.agentSocket {
            let outcome = try await authenticate(withAgentAt: path, attempts: left, until: deadline)
            switch outcome {
            case .success(let identity): return identity
            case .failure(let failure): refusals += failure.reasons
            }
        }
        // An agent that was not waited for any longer is no refusal of the host.
        if Task.isCancelled { try check(.cancelled, .authentication) }
        if deadline <= .now { try check(.timedOut, .authentication) }
        throw loginRefused(refusals)
    }

    /// Logs in with one key file; answers why it was not let in.
    private func authenticate(
        with key: PrivateKey, until deadline: ContinuousClock.Instant
    ) async throws(SSHError) -> String? {
        let user = target.user
        guard let signer = key.signer else {
            let status = try await complete(.authentication, until: deadline) {
                $0.authenticate(user: user, with: key)
            }
            return status == 0 ? nil : try reason(for: status, key.path)
        }
        return try await offer(signer.publicKey, key.path, until: deadline) { data throws(NoSignature) in
            guard let signature = signer.signature(of: data) else {
                throw NoSignature(reason: "libcrypto did not sign")
            }
            return signature
        }
    }

    private struct AgentRefusals: Error { var reasons: [String] }

    /// Why there is no signature.
    private struct NoSignature: Error { var reason: String }

    private func authenticate(
        withAgentAt path: String, attempts: Int, until deadline: ContinuousClock.Instant
    ) async throws(SSHError) -> Result<String, AgentRefusals> {
        let agent: AgentConnection
        let identities: [AgentConnection.Identity]
        do throws(AgentConnection.Failure) {
            agent = try AgentConnection(path: path, reactor: reactor)
            identities = try await agent.identities(until: deadline)
        } catch {
            return .failure(AgentRefusals(reasons: ["ssh-agent at \(path): \(error.reason)"]))
        }
        var reasons = identities.isEmpty ? ["ssh-agent holds no keys"] : []
        let candidates = candidates(among: identities)
        for identity in candidates.prefix(attempts) {
            let label = "ssh-agent: \(identity.comment.isEmpty ? identity.type : identity.comment)"
            let refusal = try await offer(identity.publicKey, label, until: deadline) {
                (data: [UInt8]) async throws(NoSignature) in
                do throws(AgentConnection.Failure) {
                    return try await agent.sign(data, with: identity.publicKey, until: deadline)
                } catch {
                    throw NoSignature(reason: error.reason)
                }
            }
            guard let refusal else { return .success(label) }
            reasons.append(refusal)
        }
        if candidates.count > attempts {
            reasons.append(
                "\(candidates.count - attempts) more keys of ssh-agent were not offered, because the host hangs up after "
                    + "too many (MaxAuthTries); name the right one as identity-file")
        }
        let left = target.credentials.identitiesOnly ? identities.count - candidates.count : 0
        if left > 0 { reasons.append("\(left) other keys of ssh-agent were not offered (IdentitiesOnly)") }
        return .failure(AgentRefusals(reasons: reasons))
    }

    /// The agent's keys in the order they are offered: those whose identity is configured, then the others unless that is
    /// forbidden. A key that was already tried as a file is left out.
    private func candidates(among identities: [AgentConnection.Identity]) -> [AgentConnection.Identity] {
        let credentials = target.credentials
        let tried = Set(credentials.keys.prefix(Self.mostAttempts).compactMap(\.publicKey))
        let untried = identities.filter { identity in
            !tried.contains(identity.publicKey)
                && HostKey(identity.publicKey)?.rsaBits ?? .max >= target.restrictions.shortestRSA
                && credentials.acceptedTypes.map { $0.contains(HostKey.keyType(of: identity.type)) } ?? true
        }
        let preferred = credentials.preferred.compactMap { key in untried.first { $0.publicKey == key } }
        if credentials.identitiesOnly { return preferred }
        return preferred + untried.filter { !preferred.contains($0) }
    }

    /// Offers a public key. When the server accepts it, libssh2 asks for a signature, `sign` gives it, and the same call goes on.
    /// Without one the attempt fails. Answers why the host did not let us in, `nil` when it did.
    private func offer(
        _ publicKey: [UInt8], _ label: String, until deadline: ContinuousClock.Instant,
        sign: ([UInt8]) async throws(NoSignature) -> [UInt8]
    ) async throws(SSHError) -> String? {
        let user = target.user
        let request = SignatureRequest()
        while true {
            let status = try use { $0.authenticate(user: user, publicKey: publicKey, signing: request) }
            if status == 0 { return nil }
            guard status == SessionHandle.wouldBlock else {
                if let failure = request.failure { return "\(label): \(failure)" }
                return try reason(for: status, label)
            }
            guard let data = request.takeWanted() else {
                try await waitUntilUnblocked(.authentication, until: deadline)
                continue
            }
            do throws(NoSignature) {
                request.answer(try await sign(data))
            } catch {
                request.fail(error.reason)
            }
        }
    }

    /// Why an attempt did not succeed, when another may. A connection that is gone is thrown instead.
    private func reason(for status: CInt, _ label: String) throws(SSHError) -> String {
        // libssh2 calls a key unverified as well when nobody is there any more to verify it.
        let isHungUp = try use { $0.isHungUp }
        let isGone = status == LIBSSH2_ERROR_PUBLICKEY_UNVERIFIED && isHungUp
        switch status {
        case LIBSSH2_ERROR_SOCKET_DISCONNECT, LIBSSH2_ERROR_SOCKET_RECV, LIBSSH2_ERROR_SOCKET_SEND,
            _ where isGone:
            throw SSHError(
                .connectionLost, .authentication, host: target.name,
                "\(target.name) closed the connection\(way) during login as \(target.user)",
                remedy: "look at the host's sshd log: journalctl -t sshd -t sshd-session")
        case LIBSSH2_ERROR_AUTHENTICATION_FAILED, LIBSSH2_ERROR_PUBLICKEY_UNVERIFIED: return "\(label): refused"
        default: return "\(label): \(try use { $0.lastError.message }.lowercased())"
        }
    }

    private func loginRefused(_ refusals: [String]) -> SSHError {
        let nothing = target.credentials.keys.isEmpty && target.credentials.agentSocket == nil
        if nothing, !refusals.isEmpty {
            return SSHError(
                .localFile, .authentication, host: target.name,
                "there is no usable key to log in to \(target.name) as \(target.user): \(refusals.joined(separator: "; "))",
                remedy: "mend the file, set identity-file in the inventory to another, or start ssh-agent")
        }
        let tried =
            refusals.isEmpty ? "no key is configured and there is no ssh-agent" : refusals.joined(separator: "; ")
        var remedy =
            "add the public key on \(target.name) (NixOS: users.users.\(target.user).openssh.authorizedKeys.keys; "
            + "elsewhere: ~\(target.user)/.ssh/authorized_keys)"
        if nothing { remedy = "set identity-file in the inventory or start ssh-agent" }
        if !LibSSH2.speaksEncryptThenMAC, target.credentials.keys.contains(where: \.mayBeRSA) {
            // libssh2 #634: 1.10 signs RSA with SHA-1 only, which OpenSSH has refused since 8.8.
            remedy += "; with libssh2 \(LibSSH2.version) RSA keys do not work, use an Ed25519 key"
        }
        return SSHError(
            .authenticationRefused, .authentication, host: target.name,
            "\(target.name) did not let \(target.user) in (\(tried))", remedy: remedy)
    }
}
