// SPDX-License-Identifier: MIT
import ArgumentParser
import Glibc
import MachaCore
import MachaFleet

/// Puts a host's key on file, after a person has compared its fingerprint.
struct HostsTrustCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "trust", abstract: "Show a host's key and, if you agree, add it to known_hosts.")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "Which hosts.")
    var selector: String

    @Option(help: ArgumentHelp("Trust without asking if this is the key's fingerprint.", valueName: "SHA256:…"))
    var fingerprint: String?

    func execute() async throws {
        let hosts = try options.hosts(selector, in: try options.loadInventory())
        guard fingerprint == nil || hosts.count == 1 else { throw Failure(.usage, "--fingerprint is for one host") }
        let reach = options.reach
        var refused = false
        for host in hosts { refused = try await !trust(host, reach) || refused }
        if refused { throw ExitCode(Failure.Code.hosts.rawValue) }
    }

    /// Answers whether the host's key is on file afterwards.
    private func trust(_ host: FleetHost, _ reach: Reach) async throws -> Bool {
        guard case .ssh(let endpoint) = host.connection else {
            try say("\(host.name) is this machine; it needs no key")
            return true
        }
        do {
            let shown = try await HostTrust.ask(host, endpoint, reach: reach)
            switch shown.standing {
            case .trusted(let place): try say("\(host.name): \(shown.key) is trusted already (\(place))")
            case .refused(let message, let remedy): return try decline(message, remedy)
            case .unknown: return try add(shown, host)
            }
            return true
        } catch let failure as ContactFailure {
            return try decline(failure.message.raw, failure.remedy)
        }
    }

    private func add(_ shown: HostTrust, _ host: FleetHost) throws -> Bool {
        guard let file = shown.file else {
            return try decline("\(host.name) has no known-hosts file in the inventory", "set known-hosts there")
        }
        try say("\(host.name) (\(shown.name)) shows the key \(shown.key)")
        guard try agrees(to: shown) else { return try decline("\(host.name) is not trusted; nothing was written", "") }
        try shown.accept()
        try say("added to \(file)")
        return true
    }

    private func agrees(to shown: HostTrust) throws -> Bool {
        if let fingerprint { return fingerprint == shown.fingerprint }
        guard isatty(STDIN_FILENO) == 1 else {
            throw Failure(
                .usage,
                "nobody is there to compare the fingerprint: pass --fingerprint with the one read on the host itself")
        }
        try say("Compare it with the one on the host: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub")
        try say("Trust this key? [y/N]")
        return ["y", "yes"].contains((readLine() ?? "").lowercased())
    }

    private func say(_ text: String) throws { try options.output.note(Cell(text)) }

    private func decline(_ message: String, _ remedy: String) throws -> Bool {
        try options.output.note(Cell("error:", .critical), Cell(message), Cell(remedy.isEmpty ? "" : "→ \(remedy)"))
        return false
    }
}
