// SPDX-License-Identifier: MIT

/// What the name of an assignment says about its value.
enum SecretName {
    enum Verdict { case secret, harmless, unknown }

    /// Flags and words behind which a secret stands without any sign between.
    static let flags: [[UInt8]] = [
        "--password", "--passwd", "--pass", "--token", "--secret", "--api-key", "--apikey", "--auth-token",
        "--access-token", "--client-secret",
        "--secret-key", "--access-key", "--private-key", "--passphrase", "--psk", "--auth", "--credential", "--bearer",
        "sshpass -p", "--pw", "--key-password",
        "identified by", "password", "passwd", "token", "secret", "passphrase", "api key", "psk",
    ].map { Array($0.utf8) }

    private static let secretParts: [[UInt8]] = [
        "passw", "passwd", "passphrase", "pwd", "secret", "token", "apikey", "api_key", "api-key", "api.key",
        "accesskey", "access_key", "access-key",
        "privatekey", "private_key", "private-key", "credential", "psk", "cookie", "sessionid", "session_id",
        "session-id", "sessid", "jwt", "bearer", "signature",
        "encryption_key", "encryption-key", "encryptionkey", "master_key", "masterkey", "signing_key", "signing-key",
        "auth_key", "authkey", "auth-key", "otp", "pincode",
        "connectionstring", "webhook_key", "salt", "x-amz-credential", "csrf", "xsrf",
    ].map { Array($0.utf8) }
    private static let secretWhole: [[UInt8]] = [
        "pass", "pw", "auth", "sig", "sid", "pin", "key", "authorization", "mypass", "userpass", "dbpass", "rootpw",
    ].map { Array($0.utf8) }

    private static let harmlessParts: [[UInt8]] = [
        "sha", "md5", "digest", "hash", "checksum", "uuid", "guid", "fingerprint", "commit", "revision", "rev", "inode",
        "cursor", "boot", "machine", "path",
        "file", "dir", "name", "host", "addr", "url", "uri", "version", "unit", "trace", "span", "request", "mac",
        "etag", "drv", "derivation", "store", "image", "container",
        "device", "dev", "serial", "model", "time", "date", "size", "len", "count", "msg", "comm", "exe", "cmd", "id",
        "node", "build", "tag", "label", "ref", "digest", "snapshot",
        "pubkey", "public", "peer", "module", "class", "type", "status", "level", "caller", "component", "query", "t",
        "user", "agent", "from", "to", "job",
    ].map { Array($0.utf8) }
    /// Names that hold a secret's word and are about something else.
    private static let exceptions: [[UInt8]] = [
        "token_type", "tokens", "num_tokens", "max_tokens", "token_count", "tokenizer", "password_policy",
        "passwordauthentication", "secret_name", "secretname", "keyname",
        "password_change", "prompt_tokens", "completion_tokens", "total_tokens", "token_limit", "key_id", "keyid",
        "hotplug", "spinlock", "otpauth_enabled", "bypass", "compass",
        "passwordexpiry", "basalt", "default_salt",
    ].map { Array($0.utf8) }

    static func judge(_ name: ArraySlice<UInt8>) -> Verdict {
        let name = Array(name)
        if exceptions.contains(name) { return .harmless }
        if secretWhole.contains(name) { return .secret }
        for part in secretParts where Bytes.first(part, in: name, from: 0) != nil { return .secret }
        // The last word of a compound decides: `instance_uuid`, `X-Request-Id`.
        let last =
            name.split { $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }.last.map(
                Array.init) ?? name
        if ["key", "pass", "pw", "auth"].contains(where: { Array($0.utf8) == last }), last.count < name.count {
            return harmlessKeyOwners.contains { name.starts(with: $0) } ? .harmless : .secret
        }
        for ending in endings where last.count > ending.count && last.suffix(ending.count).elementsEqual(ending) {
            return harmlessKeyOwners.contains { last.starts(with: $0) } ? .harmless : .secret
        }
        for part in harmlessParts where last == part || part.count > 2 && Bytes.first(part, in: last, from: 0) != nil {
            return .harmless
        }
        return .unknown
    }

    private static let endings = ["key", "pass", "pw"].map { Array($0.utf8) }
    private static let harmlessKeyOwners = [
        "public", "pub", "monkey", "turkey", "hot", "by", "com", "tres", "sur", "under", "over", "host", "primary",
        "foreign", "cache", "sort", "row", "unique", "partition", "map", "i18n", "routing", "ssh_host", "dedup",
        "group",
    ]
    .map { Array($0.utf8) }

    private static let noValues = [
        "null", "none", "nil", "true", "false", "yes", "no", "empty", "redacted", "[redacted]", "***", "****", "*****",
        "******", "********", "xxx", "xxxx", "xxxxx", "unset",
        "undefined", "required", "invalid", "incorrect", "expired", "missing", "ok", "failed", "disabled", "enabled",
        "changed", "0", "1", "-", "unknown", "optional", "file",
        "(none)", "(null)", "<redacted>", "<hidden>", "hidden", "ssh2", "publickey",
    ].map { Array($0.utf8) }

    static func isNoValue(_ value: ArraySlice<UInt8>) -> Bool { noValues.contains(Array(value)) }
}
