// SPDX-License-Identifier: MIT
import Glibc
import SSH

/// One answer of `ssh -G`: what concerns us of it (ssh_config(5); ``SSHDirective`` says what becomes of the rest).
struct SSHConfigurationAnswer: Hashable, Sendable {
    /// Which agent holds the keys.
    enum Agent: Hashable, Sendable {
        /// That of `SSH_AUTH_SOCK`.
        case usual
        case none
        case socket(String)
    }

    var address: String
    var user: String
    var port: UInt16
    /// Absolute paths. ssh also lists its defaults, whether they exist or not.
    var identityFiles: [String]
    var identitiesOnly: Bool
    var agent: Agent
    var userKnownHosts: [String]
    var systemKnownHosts: [String]
    var revokedHostKeys: [String]
    var hostKeyAlias: String?
    /// The hosts to go through, the first one first.
    var jumps: [JumpAddress]
    var proxyCommand: String?
    /// Key types of ours that may be offered.
    var acceptedTypes: Set<String>?
    var checksAddress: Bool
    var hashesNames: Bool
    var restrictions: SSHRestrictions
    var refusals: [SSHRefusal] = []
    /// Directives that were set and are not used, and keywords that Macha does not know, with their values.
    var unused: [String] = []
    var unknown: [String: [String]] = [:]

    /// Reads lines of a keyword and its value. `name` is what ssh was asked for, `environment` what `${…}` stands for.
    init(_ text: String, home: String, name: String, environment: [String: String]) {
        let lines = SSHConfigurationLines(text)
        let (address, user) = (lines.one("hostname") ?? name, lines.one("user") ?? "")
        let port = lines.one("port").flatMap { UInt16($0) } ?? 22
        let alias = lines.one("hostkeyalias")
        let places = (lines.one("proxyjump") ?? "").split(separator: ",")
        jumps = places.compactMap { JumpAddress(String($0)) }
        var tokens = SSHTokens(home: home, environment: environment, printed: lines.one("controlpath"))
        for (token, value) in [
            ("h", address), ("n", name), ("p", "\(port)"), ("r", user), ("k", alias ?? name),
            ("j", jumps.last?.host ?? ""),
        ] { tokens[Character(token)] = value }
        (self.address, self.user, self.port) = (address, user, port)
        identityFiles = lines.all("identityfile").filter { $0.lowercased() != "none" }.map(tokens.path)
        identitiesOnly = lines.one("identitiesonly") == "yes"
        agent = Self.agent(lines.all("identityagent").first, tokens)
        userKnownHosts = lines.files("userknownhostsfile").map(tokens.tilde)
        systemKnownHosts = lines.files("globalknownhostsfile").map(tokens.tilde)
        revokedHostKeys = lines.files("revokedhostkeys").map(tokens.path)
        hostKeyAlias = alias?.lowercased()
        proxyCommand = lines.one("proxycommand")
        acceptedTypes = lines.list("pubkeyacceptedalgorithms").map { Set($0.map(HostKey.keyType(of:))) }
        checksAddress = lines.one("checkhostip") == "yes"
        hashesNames = lines.one("hashknownhosts") == "yes"
        restrictions = SSHRestrictions(lines)
        note(lines)
        if jumps.count < places.count {
            refusals.append(
                SSHRefusal(
                    directive: "ProxyJump", value: places.joined(separator: ","), reason: "Macha cannot read it",
                    remedy: "write user@host:port there, or set jump for the host in the inventory"))
        }
    }

    private mutating func note(_ lines: SSHConfigurationLines) {
        for (keyword, values) in lines.values {
            guard let directive = SSHDirective.byKeyword[keyword] else {
                unknown[keyword] = values
                continue
            }
            if case .notUsed = directive.treatment, let value = lines.one(keyword) {
                unused.append("\(directive.name) \(value) is not used: \(directive.reason)")
            }
            refusals += values.compactMap { SSHDirective.refusal(of: keyword, $0) }
        }
        if let source = restrictions.bindAddress, !SSHRestrictions.isNumeric(source) {
            refusals.append(
                SSHRefusal(
                    directive: "BindAddress", value: source,
                    reason: "Macha binds connections to addresses in digits only",
                    remedy: "write the address there in digits"))
        }
        unused.sort()
        refusals.sort { $0.directive < $1.directive }
    }

    /// `SSH_AUTH_SOCK`, `none`, `$VARIABLE` or a path (ssh.c reads them in this order).
    private static func agent(_ value: String?, _ tokens: SSHTokens) -> Agent {
        switch value {
        case nil, "SSH_AUTH_SOCK": return .usual
        case "none": return .none
        case let text? where text.hasPrefix("$") && !text.hasPrefix("${"):
            let socket = tokens.environment[String(text.dropFirst())] ?? ""
            return socket.isEmpty ? .none : .socket(socket)
        case let text?: return .socket(tokens.tilde(text))
        }
    }

    /// The names ssh tries when nothing names another; a missing one of these is no mistake.
    static let defaultIdentities: Set<String> = [
        "id_rsa", "id_ecdsa", "id_ecdsa_sk", "id_ed25519", "id_ed25519_sk", "id_xmss", "id_dsa",
    ]
}

/// The lines that `ssh -G` prints, by keyword in lower case.
struct SSHConfigurationLines {
    private(set) var values: [String: [String]] = [:]

    init(_ text: String) {
        // By bytes: a carriage return before the line's end must not join two lines to one.
        for bytes in text.utf8.split(separator: UInt8(ascii: "\n")) {
            let line = String(decoding: bytes, as: UTF8.self)
            let parts = line.split(separator: " ", maxSplits: 1)
            guard parts.count == 2 else { continue }
            values[parts[0].lowercased(), default: []].append(String(parts[1]))
        }
    }

    func all(_ keyword: String) -> [String] { values[keyword] ?? [] }

    /// The first value; `nil` when there is none or it says so.
    func one(_ keyword: String) -> String? { values[keyword]?.first.flatMap { $0.lowercased() == "none" ? nil : $0 } }

    func list(_ keyword: String) -> [String]? { one(keyword)?.split(separator: ",").map(String.init) }

    /// Files that stand on one line. ssh prints names with blanks as they are, so a word that begins no path goes on with the
    /// one before it, unless it is there as a file of its own.
    func files(_ keyword: String) -> [String] {
        var files: [String] = []
        for word in (one(keyword) ?? "").split(separator: " ", omittingEmptySubsequences: false).map(String.init) {
            if let last = files.last, !word.hasPrefix("/"), !word.hasPrefix("~"), access(word, F_OK) != 0 {
                files[files.count - 1] = last + " " + word
            } else {
                files.append(word)
            }
        }
        return files.filter { !$0.isEmpty && $0 != "/dev/null" && $0.lowercased() != "none" }
    }
}

extension SSHRestrictions {
    init(_ lines: SSHConfigurationLines) {
        self.init()
        switch lines.one("addressfamily") {
        case "inet": addressFamily = .inet
        case "inet6": addressFamily = .inet6
        default: addressFamily = .any
        }
        bindAddress = lines.one("bindaddress").flatMap { $0 == "*" ? nil : $0 }
        shortestRSA = max(lines.one("requiredrsasize").flatMap { Int($0) } ?? 0, HostKey.shortestRSA)
        keyExchanges = lines.list("kexalgorithms").map { Set($0) }
        ciphers = lines.list("ciphers").map { Set($0) }
        macs = lines.list("macs").map { Set($0) }
        hostKeys = lines.list("hostkeyalgorithms").map { Set($0) }
    }
}
