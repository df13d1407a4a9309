// SPDX-License-Identifier: MIT
import Foundation
import MachaInventory
import MachaModel
import Synchronization

/// What OpenSSH's own configuration says of a host, as its client resolves it: `ssh -G`.
///
/// Asked for every host, since it may forbid what an inventory allows, but only when a configuration file holds a directive
/// that concerns us; a machine without OpenSSH's client has no such configuration. Answers are kept until a file changes.
/// What becomes of each directive is in ``SSHDirective``.
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
        /// What ssh says of any host without a configuration, asked for when a keyword is unknown to us.
        var defaults: [String: [String]]?
    }

    let home: String
    private let file: String?
    private let environment: [String: String]
    private let runner: any Transport
    private let cache = Mutex(Cache())

    /// - Parameters:
    ///   - home: absolute path of the user's home
    ///   - file: the only file to read (`ssh -F`); `nil` for the user's and the system's
    ///   - environment: what `${…}` in file names stands for
    ///   - runner: runs `ssh` on this machine
    package init(
        home: String, file: String? = nil, environment: [String: String] = ProcessInfo.processInfo.environment,
        runner: any Transport = LocalTransport(host: "this machine")
    ) {
        self.home = home
        self.file = file
        self.environment = environment
        self.runner = runner
    }

    /// Whether ssh would hide the name of `query` in `known_hosts` (HashKnownHosts). Debian's own configuration asks for it, so
    /// ssh is asked whenever there is a configuration file at all.
    func hashesNames(_ query: Query, for host: String) async throws(ContactFailure) -> Bool {
        let stamps = stamps
        guard stamps.contains(where: { $0 != nil }) else { return false }
        return try await answer(to: query, for: host, stamps)?.hashesNames ?? false
    }

    /// What ssh would do for `query`; `nil` when its configuration says nothing of use or ssh is not installed. `host` is what
    /// messages call it.
    func answer(to query: Query, for host: String) async throws(ContactFailure) -> SSHConfigurationAnswer? {
        let files = files
        let stamps = files.map(FileStamp.init)
        let isOfUse = cache.withLock { cache in
            if cache.stamps != stamps {
                cache = Cache(stamps: stamps, isOfUse: files.contains { Self.concernsUs($0, isOnly: file != nil) })
            }
            return cache.isOfUse
        }
        return isOfUse ? try await answer(to: query, for: host, stamps) : nil
    }

    private func answer(
        to query: Query, for host: String, _ stamps: [FileStamp?]
    ) async throws(ContactFailure) -> SSHConfigurationAnswer? {
        if let known = cache.withLock({ $0.stamps == stamps ? $0.answers[query] : nil }) { return known }
        guard let text = try await ask(query, host, files: file.map { ["-F", $0] } ?? []) else { return nil }
        var answer = SSHConfigurationAnswer(text, home: home, name: query.name, environment: environment)
        if !answer.unknown.isEmpty {
            let defaults = try await defaults(host)
            answer.unknown = answer.unknown.filter { defaults[$0.key] != $0.value }
        }
        cache.withLock { if $0.stamps == stamps { $0.answers[query] = answer } }
        return answer
    }

    /// The lines of a keyword that we do not know say nothing when ssh prints them without any configuration as well.
    private func defaults(_ host: String) async throws(ContactFailure) -> [String: [String]] {
        if let known = cache.withLock({ $0.defaults }) { return known }
        let text = try await ask(Query(name: "localhost"), host, files: ["-F", "none"])
        let values = SSHConfigurationLines(text ?? "").values
        cache.withLock { $0.defaults = values }
        return values
    }

    private func ask(_ query: Query, _ host: String, files: [String]) async throws(ContactFailure) -> String? {
        var words = ["-G"] + files + ["-o", SSHTokens.question]
        if let user = query.user { words += ["-l", user] }
        if let port = query.port { words += ["-p", "\(port)"] }
        // Nothing after it is an option, whatever it looks like.
        words += ["--", query.name]
        let result: CommandResult
        do throws(ContactFailure) {
            result = try await runner.run(Command("ssh", words, outputLimit: 1 << 20), until: .now + Self.time)
        } catch {
            throw ContactFailure(
                .local, stage: .connect, delivery: .notSent,
                message: "\(host): ssh -G \(query.name) failed: \(error.message.raw)",
                remedy: "check the Match exec lines of ssh's configuration, or set "
                    + "\(SSHSetting.allCases.map(\.rawValue).joined(separator: ", ")) in the inventory")
        }
        switch result.outcome {
        case .status(0): return String(decoding: result.standardOutput, as: UTF8.self)
        case .status(127): return nil
        default:
            let said = String(decoding: result.standardError.prefix(400), as: UTF8.self)
            throw ContactFailure(
                .local, stage: .connect, delivery: .notSent,
                message: "\(host): ssh cannot use its configuration: "
                    + said.split(whereSeparator: \.isNewline).joined(separator: "; "),
                remedy: "fix it; ssh -G HOST shows the same")
        }
    }

    // MARK: Files

    /// Changes when one of the files does: what was decided by them counts no longer.
    var stamps: [FileStamp?] { files.map(FileStamp.init) }

    /// Whether ssh reads `file` by itself for the user whose home this is.
    package static func isRead(_ file: String, home: String) -> Bool {
        let read = FileStamp("\(home)/.ssh/config")
        return read != nil && read == FileStamp(file)
    }

    /// Those that ssh reads of itself; what they include is not among them, so a change there is noticed with the next run.
    private var files: [String] {
        if let file { return [file] }
        let folder = "/etc/ssh/ssh_config.d"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return ["\(home)/.ssh/config", "/etc/ssh/ssh_config"]
            + names.filter { $0.hasSuffix(".conf") }.sorted().map { "\(folder)/\($0)" }
    }

    /// Whether a file holds a directive that could change what we do. Debian's own does not, and asking ssh for each host
    /// costs a process each.
    private static func concernsUs(_ file: String, isOnly: Bool) -> Bool {
        guard let data = FileManager.default.contents(atPath: file) else { return isOnly }
        return String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline).contains { line in
            let words = SSHConfigurationWords.split(line)
            guard let first = words.first?.lowercased() else { return false }
            if first == "include", words.dropFirst().elementsEqual(["/etc/ssh/ssh_config.d/*.conf"]) { return false }
            return SSHDirective.byKeyword[first]?.concernsUs ?? true
        }
    }
}
