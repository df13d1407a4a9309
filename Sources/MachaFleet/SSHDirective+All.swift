// SPDX-License-Identifier: MIT

/// Every directive of OpenSSH 10.5, and those that distributions add. `docs/ssh-configuration.md` holds the same table.
extension SSHDirective {
    package static let all: [SSHDirective] = choice + trust + login + way + algorithms + withoutUse + retired

    /// What decides which lines hold for a host.
    private static let choice: [SSHDirective] = [
        of(
            .appliedBySSH, "ssh -G prints what holds after it",
            [
                "Host", "Match", "Include", "Tag", "IgnoreUnknown", "CanonicalizeHostname", "CanonicalDomains",
                "CanonicalizeFallbackLocal", "CanonicalizeMaxDots", "CanonicalizePermittedCNAMEs",
            ]),
        of(.appliedBySSH, "ssh -G ends with its message, and Macha does not connect", ["RefuseConnection"]),
    ].flatMap { $0 }

    /// Whose host key is trusted.
    private static let trust: [SSHDirective] = [
        of(
            .honoured, "the files a trusted key is looked for in; hosts trust writes to the user's only",
            [
                "UserKnownHostsFile", "GlobalKnownHostsFile",
            ]),
        of(
            .honoured, "a key that one of the files lists is refused; a file that cannot be read revokes every key",
            [
                "RevokedHostKeys"
            ]),
        of(.honoured, "the name under which known_hosts has the host", ["HostKeyAlias"]),
        of(.honoured, "with yes, another key on file for the host's address is refused", ["CheckHostIP"]),
        of(.honoured, "shorter RSA keys are refused, the host's and our own", ["RequiredRSASize"]),
        of(.honoured, "hosts trust hides the name that it writes", ["HashKnownHosts"]),
        of(
            .irrelevant, "Macha is stricter: an unknown or changed key is never accepted, whatever the value",
            [
                "StrictHostKeyChecking", "NoHostAuthenticationForLocalhost", "VerifyHostKeyDNS", "UpdateHostKeys",
            ]),
        of(
            .refused(remedy: "set known-hosts for the host in the inventory", isHarmless: { $0 == "none" }),
            "Macha runs no command to learn which host keys are trusted or revoked", ["KnownHostsCommand"]),
        of(
            .irrelevant, "host certificates are not checked: the host's key itself must be on file",
            [
                "CASignatureAlgorithms"
            ]),
    ].flatMap { $0 }

    /// As whom and with what to log in.
    private static let login: [SSHDirective] = [
        of(.honoured, "the user to log in as", ["User"]),
        of(
            .honoured, "which keys are offered, and in which order",
            [
                "IdentityFile", "IdentitiesOnly", "IdentityAgent", "PubkeyAcceptedAlgorithms",
            ]),
        of(
            .refused(
                remedy: "allow it there for the host, or for Macha's account",
                isHarmless: { !["no", "false"].contains($0) }),
            "Macha logs in with public keys only", ["PubkeyAuthentication"]),
        of(
            .refused(
                remedy: "add publickey to it for the host",
                isHarmless: { $0.split(separator: ",").contains("publickey") }),
            "Macha logs in with public keys only", ["PreferredAuthentications"]),
        of(
            .notUsed, "Macha has no user certificates and no keys on PKCS#11 tokens but those of ssh-agent",
            [
                "CertificateFile", "PKCS11Provider",
            ]),
        of(
            .irrelevant, "Macha logs in with public keys only",
            [
                "PasswordAuthentication", "KbdInteractiveAuthentication", "KbdInteractiveDevices",
                "NumberOfPasswordPrompts",
                "HostbasedAuthentication", "HostbasedAcceptedAlgorithms", "EnableSSHKeysign", "GSSAPIAuthentication",
                "GSSAPIKeyExchange", "GSSAPIDelegateCredentials", "GSSAPITrustDns", "GSSAPIRenewalForcesRekey",
                "GSSAPIKexAlgorithms", "GSSAPIClientIdentity", "GSSAPIServerIdentity",
            ]),
        of(.irrelevant, "Macha adds no keys to ssh-agent", ["AddKeysToAgent"]),
        of(
            .irrelevant, "keys on FIDO tokens are used through ssh-agent, which has a setting of its own",
            [
                "SecurityKeyProvider"
            ]),
        of(.irrelevant, "nobody is asked at a terminal", ["BatchMode"]),
    ].flatMap { $0 }

    /// How the host is reached.
    private static let way: [SSHDirective] = [
        of(.honoured, "where the host is", ["HostName", "Port", "AddressFamily"]),
        of(.honoured, "the hosts to go through", ["ProxyJump"]),
        of(
            .honoured, "refused in words unless the inventory sets jump: Macha runs no command to reach a host",
            [
                "ProxyCommand"
            ]),
        of(.honoured, "the source address, in digits; a name is refused in words", ["BindAddress"]),
        of(
            .refused(remedy: "name the interface's address there as BindAddress", isHarmless: { $0 == "none" }),
            "Macha binds connections to addresses, not to interfaces", ["BindInterface"]),
        of(.irrelevant, "belongs to ProxyCommand", ["ProxyUseFdpass"]),
        of(
            .irrelevant, "Macha has time limits of its own for each stage, and retries of its own",
            [
                "ConnectTimeout", "ConnectionAttempts", "ServerAliveInterval", "ServerAliveCountMax", "TCPKeepAlive",
                "ChannelTimeout",
            ]),
        of(.irrelevant, "Macha shares connections of its own", ["ControlMaster", "ControlPath", "ControlPersist"]),
        of(
            .irrelevant, "does not change where we log in, or what is said there",
            [
                "IPQoS", "Compression", "RekeyLimit", "VersionAddendum", "ObscureKeystrokeTiming",
            ]),
    ].flatMap { $0 }

    private static let algorithms: [SSHDirective] = of(
        .honoured, "Macha offers nothing that the list leaves out, and nothing beyond its own list",
        ["Ciphers", "MACs", "KexAlgorithms", "HostKeyAlgorithms"])

    private static let withoutUse: [SSHDirective] = [
        of(
            .irrelevant, "Macha forwards nothing: neither ports nor agent, X11 or tunnels",
            [
                "ForwardAgent", "ForwardX11", "ForwardX11Trusted", "ForwardX11Timeout", "XAuthLocation", "LocalForward",
                "RemoteForward", "DynamicForward", "GatewayPorts", "PermitRemoteOpen", "ExitOnForwardFailure",
                "ClearAllForwardings", "StreamLocalBindMask", "StreamLocalBindUnlink", "Tunnel", "TunnelDevice",
            ]),
        of(
            .irrelevant, "Macha runs its own commands, without a terminal, in the account's own environment",
            [
                "RemoteCommand", "RequestTTY", "SessionType", "SendEnv", "SetEnv", "StdinNull",
                "ForkAfterAuthentication",
                "LocalCommand", "PermitLocalCommand", "EscapeChar", "EnableEscapeCommandline",
            ]),
        of(
            .irrelevant, "concerns what ssh prints",
            [
                "LogLevel", "LogVerbose", "SyslogFacility", "FingerprintHash", "VisualHostKey", "WarnWeakCrypto",
            ]),
    ].flatMap { $0 }

    /// What ssh no longer knows or spells otherwise; `ssh -G` prints none of these.
    private static let retired: [SSHDirective] = [
        of(
            .appliedBySSH, "ssh reads it as the directive that took its place",
            [
                "DSAAuthentication", "IdentityFile2", "PubkeyAcceptedKeyTypes",
            ]),
        of(
            .irrelevant, "ssh reads it as a directive that makes no difference",
            [
                "ChallengeResponseAuthentication", "SkeyAuthentication", "TISAuthentication", "KeepAlive",
                "HostbasedKeyTypes", "SmartcardDevice",
            ]),
        of(
            .irrelevant, "ssh ignores it",
            [
                "Protocol", "Cipher", "FallBackToRsh", "GlobalKnownHostsFile2", "UserKnownHostsFile2",
                "RhostsAuthentication",
                "UseRoaming", "UseRsh", "UsePrivilegedPort", "AFSTokenPassing", "KerberosAuthentication",
                "KerberosTGTPassing",
                "RSAAuthentication", "RhostsRSAAuthentication", "CompressionLevel",
            ]),
    ].flatMap { $0 }

    private static func of(_ treatment: Treatment, _ reason: String, _ names: [String]) -> [SSHDirective] {
        names.map { SSHDirective($0, treatment, reason) }
    }
}
