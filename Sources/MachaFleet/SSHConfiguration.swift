// SPDX-License-Identifier: MIT
import Foundation
import MachaCore
import Synchronization

/// What OpenSSH's own configuration says of a host, as its client resolves it: `ssh -G`.
///
/// Asked only for what an inventory leaves open, and only when a configuration file says anything that concerns us; a
/// machine without OpenSSH's client has no such configuration. Answers are kept until a file changes. Understood are
/// HostName, User, Port, IdentityFile, IdentitiesOnly, IdentityAgent, UserKnownHostsFile, GlobalKnownHostsFile,
/// HostKeyAlias and ProxyJump. ProxyCommand is refused in words; everything else does not change where we log in.
package final class SSHConfiguration: Sendable {
    /// What is asked: the name as a person would give it to ssh, with what the inventory says already, because `Match`
    /// blocks may depend on it.
    struct Query: Hashable, Sendable {
        var name: String
        var user: String?
        var port: UInt16?
    }

    /// `ssh -G` reads files; only a `Match exec` can make it take long.
    private static let time = Duration.seconds(30)

    private struct Cache {
        var stamps: [FileStamp?] = []
        var isOfUse = false
        var answers: [Query: SSHConfigurationAnswer] = [:]
    }

    private let home: String
    private let file: String?
    private let runner: any Transport
    private let cache = Mutex(Cache())

    /// - Parameters:
    ///   - home: absolute path of the user's home
    ///   - file: the only file to read (`ssh -F`); `nil` for the user's and the system's
    ///   - runner: runs `ssh` on this machine
    package init(home: String, file: String? = nil, runner: any Transport = LocalTransport(host: "this machine")) {
        self.home = home
        self.file = file
        self.runner = runner
    }

    /// What ssh would do for `query`; `nil` when its configuration says nothing of use or ssh is not installed. `host` is what
    /// messages call it.
    func answer(to query: Query, for host: String) async throws(ContactFailure) -> SSHConfigurationAnswer? {
        let files = files
        let stamps = files.map(FileStamp.init)
        let (isOfUse, known) = cache.withLock { cache in
            if cache.stamps != stamps {
                cache = Cache(stamps: stamps, isOfUse: files.contains { Self.concernsUs($0, isOnly: file != nil) })
            }
            return (cache.isOfUse, cache.answers[query])
        }
        guard isOfUse else { return nil }
        if let known { return known }
        guard let text = try await ask(query, host) else { return nil }
        let answer = SSHConfigurationAnswer(text, home: home, name: query.name)
        cache.withLock { if $0.stamps == stamps { $0.answers[query] = answer } }
        return answer
    }

    private func ask(_ query: Query, _ host: String) async throws(ContactFailure) -> String? {
        var words = ["-G"]
        if let file { words += ["-F", file] }
        if let user = query.user { words += ["-l", user] }
        if let port = query.port { words += ["-p", "\(port)"] }
        // Nothing after it is an option, whatever it looks like.
        words += ["--", query.name]
        let result: CommandResult
        do throws(ContactFailure) {
            result = try await runner.run(Command("ssh", words, outputLimit: 1 << 20), until: .now + Self.time)
        } catch {
            throw ContactFailure(
                .local, stage: "connect",
                message: "\(host): ssh -G \(query.name) gave no answer: \(error.message.raw)",
                remedy: "look at the Match exec lines of ssh's configuration, or set "
                    + "\(SSHSetting.allCases.map(\.rawValue).joined(separator: ", ")) in the inventory")
        }
        switch result.outcome {
        case .status(0): return String(decoding: result.standardOutput, as: UTF8.self)
        case .status(127): return nil
        default:
            let said = String(decoding: result.standardError.prefix(400), as: UTF8.self)
            throw ContactFailure(
                .local, stage: "connect",
                message: "\(host): ssh cannot read its configuration: "
                    + said.split(whereSeparator: \.isNewline).joined(separator: "; "),
                remedy: "mend it; to see the same: ssh -G HOST")
        }
    }

    // MARK: Files

    /// Those that ssh reads of itself; what they include is not among them, so a change there is noticed with the next run.
    private var files: [String] {
        if let file { return [file] }
        let folder = "/etc/ssh/ssh_config.d"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return ["\(home)/.ssh/config", "/etc/ssh/ssh_config"]
            + names.filter { $0.hasSuffix(".conf") }.sorted().map { "\(folder)/\($0)" }
    }

    private static let keywords: Set<String> = [
        "hostname", "user", "port", "identityfile", "identitiesonly", "identityagent", "userknownhostsfile",
        "globalknownhostsfile", "hostkeyalias", "proxyjump", "proxycommand", "include", "match",
    ]

    /// Whether a file says anything that could change how we log in. Debian's own does not, and asking ssh for each host
    /// costs a process each.
    private static func concernsUs(_ file: String, isOnly: Bool) -> Bool {
        guard let data = FileManager.default.contents(atPath: file) else { return isOnly }
        return String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline).contains { line in
            let words = line.split { $0 == " " || $0 == "\t" || $0 == "=" }
            guard let first = words.first?.lowercased(), keywords.contains(first) else { return false }
            return !(first == "include" && words.dropFirst().elementsEqual(["/etc/ssh/ssh_config.d/*.conf"]))
        }
    }
}
