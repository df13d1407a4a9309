// SPDX-License-Identifier: MIT
import CLibSSH2

extension SSHSession {
    /// Keys that a person has named are all offered, as ssh does, within reason.
    private static let mostNamed = 16
    /// Keys that nobody has named are offered up to here. sshd closes the connection after six failed attempts by default
    /// (sshd_config, MaxAuthTries), and since OpenSSH 9.8 it punishes the address as well; one attempt is kept in reserve.
    private static let mostGuessed = 5

    /// Logs in with the configured keys, then with the agent's. Answers which key was accepted.
    func authenticate(until deadline: ContinuousClock.Instant) async throws(SSHError) -> String {
        var record = LoginRecord(unusable: target.credentials.unusable)
        let keys = target.credentials.keys
        for (index, key) in keys.enumerated() {
            guard record.offered.count < Self.mostNamed else {
                record.leaveOut(keys[index...].map(\.path))
                break
            }
            record.pending = keys[(index + 1)...].map(\.path)
            if target.credentials.agentSocket != nil { record.pending.append("the keys of ssh-agent") }
            let signer = key.signer
            let isIn = try await offer(signer.publicKey, key.path, &record, until: deadline) {
                (data: [UInt8]) throws(NoSignature) in
                guard let signature = signer.signature(of: data) else {
                    throw NoSignature(reason: "libcrypto did not sign")
                }
                return signature
            }
            if isIn { return key.path }
        }
        if let path = target.credentials.agentSocket,
            let label = try await authenticate(withAgentAt: path, &record, until: deadline)
        {
            return label
        }
        // An agent that was not waited for any longer is no refusal of the host.
        if Task.isCancelled { try check(.cancelled, .authentication) }
        if deadline <= .now { try check(.timedOut, .authentication) }
        throw loginRefused(record)
    }

    /// Why there is no signature.
    struct NoSignature: Error { var reason: String }

    /// Logs in with a key of the agent; answers which, `nil` when none was let in.
    private func authenticate(
        withAgentAt path: String, _ record: inout LoginRecord, until deadline: ContinuousClock.Instant
    ) async throws(SSHError) -> String? {
        let agent: AgentConnection
        let identities: [AgentConnection.Identity]
        do throws(AgentConnection.Failure) {
            agent = try AgentConnection(path: path, reactor: reactor)
            identities = try await agent.identities(until: deadline)
        } catch {
            record.unusable.append("ssh-agent at \(path): \(error.reason)")
            return nil
        }
        if identities.isEmpty { record.unusable.append("ssh-agent holds no keys") }
        let candidates = candidates(among: identities, &record)
        for (index, candidate) in candidates.enumerated() {
            let most = candidate.isNamed ? Self.mostNamed : Self.mostGuessed
            let rest = candidates[index...].map(\.label)
            guard record.offered.count < most else {
                record.leaveOut(rest)
                break
            }
            record.pending = Array(rest.dropFirst())
            let isIn = try await offer(candidate.identity.publicKey, candidate.label, &record, until: deadline) {
                (data: [UInt8]) async throws(NoSignature) in
                do throws(AgentConnection.Failure) {
                    return try await agent.sign(data, with: candidate.identity.publicKey, until: deadline)
                } catch {
                    throw NoSignature(reason: error.reason)
                }
            }
            if isIn { return candidate.label }
        }
        return nil
    }

    private struct Candidate {
        var identity: AgentConnection.Identity
        /// Whether a person has configured this identity.
        var isNamed: Bool
        var label: String { "ssh-agent: \(identity.comment.isEmpty ? identity.type : identity.comment)" }
    }

    /// The agent's keys in the order they are offered: those whose identity is configured, then the others unless that is
    /// forbidden. A key that was already tried as a file is left out.
    private func candidates(among identities: [AgentConnection.Identity], _ record: inout LoginRecord) -> [Candidate] {
        let credentials = target.credentials
        let tried = Set(credentials.keys.map(\.publicKey))
        var untried = identities.filter { identity in
            !tried.contains(identity.publicKey)
                && HostKey(identity.publicKey)?.rsaBits ?? .max >= target.restrictions.shortestRSA
                && credentials.acceptedTypes.map { $0.contains(HostKey.keyType(of: identity.type)) } ?? true
        }
        // libssh2 sends a signature as one string; a token's has a counter behind it.
        let tokens = untried.filter { $0.type.hasPrefix("sk-") }
        untried.removeAll { $0.type.hasPrefix("sk-") }
        if !tokens.isEmpty {
            record.unusable.append("\(tokens.count) keys of ssh-agent are on a security token, which Macha cannot use")
        }
        let named = credentials.preferred.compactMap { key in untried.first { $0.publicKey == key } }
        let others = untried.filter { !named.contains($0) }
        if credentials.identitiesOnly, !others.isEmpty {
            record.unusable.append("\(others.count) other keys of ssh-agent were not offered (IdentitiesOnly)")
        }
        return named.map { Candidate(identity: $0, isNamed: true) }
            + (credentials.identitiesOnly ? [] : others.map { Candidate(identity: $0, isNamed: false) })
    }

    /// Offers a public key. When the server accepts it, libssh2 asks for a signature, `sign` gives it, and the same call goes on.
    /// Without one the attempt fails. Answers whether the host has let us in; what it said otherwise is in `record`, and is thrown
    /// where no other key can change it.
    private func offer(
        _ publicKey: [UInt8], _ label: String, _ record: inout LoginRecord, until deadline: ContinuousClock.Instant,
        sign: ([UInt8]) async throws(NoSignature) -> [UInt8]
    ) async throws(SSHError) -> Bool {
        let user = target.user
        let request = SignatureRequest()
        record.offered.append(label)
        try look { $0.intake.forgetRefusal() }
        while true {
            let status = try use { $0.authenticate(user: user, publicKey: publicKey, signing: request) }
            if status == 0 { return true }
            guard status == SessionHandle.wouldBlock else {
                if let failure = request.failure {
                    record.refused.append("\(label): \(failure)")
                } else {
                    try judge(status, label, request, &record)
                }
                return false
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

    /// Notes why an attempt did not succeed, when another may; otherwise throws it.
    private func judge(
        _ status: CInt, _ label: String, _ request: SignatureRequest, _ record: inout LoginRecord
    ) throws(SSHError) {
        let (heard, isHungUp, words) = try use { ($0.intake.heard, $0.isHungUp, $0.lastError.message) }
        if let goodbye = heard.goodbye { throw hungUp(record, goodbye) }
        switch status {
        case LIBSSH2_ERROR_AUTHENTICATION_FAILED, LIBSSH2_ERROR_PUBLICKEY_UNVERIFIED:
            guard let refusal = heard.refusal else {
                // libssh2 calls a key unverified as well when no answer came.
                if isHungUp { throw hungUp(record, "") }
                if words.hasPrefix("Waiting for") { throw tooLongAMessage() }
                record.refused.append("\(label): refused")
                return
            }
            guard refusal.isPartial else {
                record.refused.append(
                    "\(label): \(request.isAccepted ? "accepted, but the login was refused" : "refused")")
                return
            }
            record.accepted.append(label)
            guard refusal.methods.contains("publickey") else { throw wantsMore(record, refusal.methods) }
        case LIBSSH2_ERROR_OUT_OF_BOUNDARY: throw tooLongAMessage()
        case LIBSSH2_ERROR_SOCKET_DISCONNECT, LIBSSH2_ERROR_SOCKET_RECV, LIBSSH2_ERROR_SOCKET_SEND:
            throw hungUp(record, "")
        default: record.refused.append("\(label): \(words.lowercased())")
        }
    }
}
