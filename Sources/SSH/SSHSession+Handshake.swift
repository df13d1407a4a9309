// SPDX-License-Identifier: MIT
import CLibSSH2

extension SSHSession {
    /// Explains a failed key exchange from what the server said in clear.
    func handshakeFailure(_ status: CInt) throws(SSHError) -> SSHError {
        let (error, banner, offer, firstLine) = try use { handle in
            let record = handle.intake.record
            return (handle.lastError, record.banner, record.offer, record.firstLine)
        }
        guard let banner else {
            if let dropped = droppedEarly(firstLine) { return dropped }
            return SSHError(
                .notSSH, .handshake, host: target.name,
                "the server on \(target.address) port \(target.port) of \(target.name) does not speak SSH",
                remedy: "check the port in the inventory")
        }
        if let offer, let mismatch = Self.mismatch(of: target.restrictions.offered, with: offer) {
            return noCommonAlgorithm(mismatch, banner)
        }
        switch status {
        // -1 (SOCKET_NONE) is what 1.10 answers when the peer leaves between banner and key exchange.
        case LIBSSH2_ERROR_SOCKET_DISCONNECT, LIBSSH2_ERROR_SOCKET_RECV, LIBSSH2_ERROR_SOCKET_SEND,
            LIBSSH2_ERROR_SOCKET_NONE:
            var lost = SSHError(
                .connectionLost, .handshake, host: target.name,
                "\(target.name) (\(banner)) closed the connection\(way) during the handshake",
                remedy: "on the host, read sshd's log", commands: ["journalctl -t sshd -t sshd-session -n 50"])
            lost.mayReconnect = true
            return lost
        default:
            return SSHError(
                .library(status), .handshake, host: target.name,
                "the SSH handshake with \(target.name) (\(banner)) failed: \(error.message.lowercased()) (libssh2 \(status))"
            )
        }
    }

    /// Why a server hung up before its banner, where that is its own limit and no other program's answer.
    ///
    /// OpenSSH says one line before it hangs up on a connection it has no place for (`MaxStartups`, since 8.6) or whose
    /// address it punishes (`PerSourcePenalties`, since 9.8); older ones and many firewalls say nothing.
    private func droppedEarly(_ line: String) -> SSHError? {
        if line.hasPrefix("Not allowed at this time") {
            return SSHError(
                .authenticationRefused, .handshake, host: target.name,
                "\(target.name) accepts no connections from here for now: it penalizes earlier failed logins "
                    + "(PerSourcePenalties)",
                remedy: "fix the login first (macha hosts test \(target.name) after ten minutes); the host's sshd log "
                    + "names the failures: journalctl -t sshd -t sshd-session")
        }
        let isFull = line.hasPrefix("Exceeded MaxStartups")
        guard isFull || line.isEmpty else { return nil }
        var error = SSHError(
            .notSSH, .handshake, host: target.name,
            isFull
                ? "\(target.name) has too many logins under way (MaxStartups)"
                : "\(target.name) closed the connection\(way) before its SSH banner",
            remedy: isFull
                ? "raise MaxStartups in sshd_config there, or lower the width"
                : "sshd may be overloaded (MaxStartups) or may penalize earlier failed logins (PerSourcePenalties): "
                    + "wait a minute, then check its log")
        error.mayReconnect = true
        return error
    }

    /// The first kind of algorithm of which the two sides share none.
    private struct Mismatch {
        var kind: String
        var ours: [String]
        var theirs: [String]
    }

    private static func mismatch(of offered: AlgorithmOffer, with offer: AlgorithmOffer) -> Mismatch? {
        let ours = [
            Mismatch(kind: "key exchange", ours: offered.keyExchanges, theirs: offer.keyExchanges),
            Mismatch(kind: "host key", ours: offered.hostKeys, theirs: offer.hostKeys),
            Mismatch(kind: "cipher", ours: offered.ciphers, theirs: offer.ciphers),
            Mismatch(kind: "MAC", ours: offered.macs, theirs: offer.macs),
        ]
        let cipher = ours[2].ours.first(where: ours[2].theirs.contains)
        return ours.first { lists in
            Set(lists.ours).isDisjoint(with: lists.theirs)
                && !(lists.kind == "MAC" && cipher.map(Algorithms.needsNoMAC) ?? false)
        }
    }

    /// A server may offer 30 KiB of names.
    private static func some(_ names: [String], most: Int = 24) -> String {
        let shown = names.prefix(most).map { String($0.prefix(64)) }.joined(separator: ",")
        return names.count > most ? "\(shown) and \(names.count - most) more" : shown
    }

    private func noCommonAlgorithm(_ mismatch: Mismatch, _ banner: String) -> SSHError {
        var remedy = "allow one of ours on the host (sshd_config)"
        if !LibSSH2.speaksEncryptThenMAC {
            // nixpkgs #231165: encrypt-then-MAC only by default since 2023; libssh2 learned it in 1.11.0.
            remedy =
                "install libssh2 1.11 or newer on the controller (a default NixOS sshd needs it), "
                + "or add hmac-sha2-256 to services.openssh.settings.Macs on the host"
        }
        if LibSSH2.hasAuthenticatedCiphers, banner.lowercased().contains("dropbear") {
            // Dropbear has GCM only where it was compiled in, and no file that could allow it.
            remedy =
                "Dropbear has no cipher that is safe with libssh2 \(LibSSH2.version) (docs/hostile-servers.md): install openssh-server "
                + "there (OpenWrt: opkg install openssh-server), or build Dropbear with DROPBEAR_ENABLE_GCM_MODE"
        }
        return SSHError(
            .noCommonAlgorithm, .handshake, host: target.name,
            "\(target.name) (\(banner)) and libssh2 \(LibSSH2.version) share no \(mismatch.kind) algorithm: "
                + "we offer \(mismatch.ours.joined(separator: ",")), it offers \(Self.some(mismatch.theirs))",
            remedy: remedy)
    }
}
