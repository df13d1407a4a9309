// SPDX-License-Identifier: MIT
import Foundation
package import MachaModel

/// Suggested changes of the configuration as `suggestions/HOST-ID.nix` (or `.patch`, or `.txt` for words alone) in the state
/// directory, for a person to apply. Macha never reads them back.
///
/// A file's name is made of the host's name in the inventory and of a hash; it contains nothing that a host or a model
/// says. The same suggestion has the same name and replaces the earlier one. Each file appears whole or not at all,
/// readable by its owner only.
package struct SuggestionFiles: Sendable {
    /// What is in the file.
    package enum Form: String, Sendable, CaseIterable {
        case options = "nix"
        case replacement = "patch"
        case words = "txt"
    }

    /// The state directory.
    package let folder: String
    /// Newest files kept of each host.
    package let perHost: Int

    package init(folder: String, perHost: Int = 100) {
        self.folder = folder
        self.perHost = max(1, perHost)
    }

    private var own: String { "\(folder)/suggestions" }

    /// Where a suggestion is or would be. `question` is what makes it the same suggestion.
    ///
    /// - Throws: when `host` is no plain name, whoever let it in.
    package func path(_ host: String, _ question: ContentHash, _ form: Form) throws(StoreError) -> String {
        guard StoreFile.isPlain(host) else {
            throw StoreError(
                .rejected, path: own,
                reason: "cannot write the suggestion: “\(host.printable())” is not a valid host name",
                remedy: "use letters, digits, dashes, dots and underscores in the inventory")
        }
        return "\(own)/\(host)-\(question.description.prefix(Self.digits)).\(form.rawValue)"
    }

    /// Writes one suggestion, removes the host's oldest beyond ``perHost``, and returns the file's path.
    @discardableResult
    package func write(
        _ content: String, of host: String, _ question: ContentHash, _ form: Form
    ) throws(StoreError) -> String {
        let path = try path(host, question, form)
        try makeFolder()
        try AtomicFile.replace(path, with: Data(content.utf8))
        let files = names(of: host).map { (name: $0, at: modified($0)) }
        for old in files.sorted(by: { $0.at > $1.at }).dropFirst(perHost) { unlink("\(own)/\(old.name)") }
        return path
    }

    private func makeFolder() throws(StoreError) {
        if mkdir(own, 0o700) == 0 {
            StoreFile.giveToOwner(ofFolder: folder, own)
        } else if errno != EEXIST {
            throw StoreFile.failure("cannot create the folder", path: own)
        }
        var status = stat()
        // Not stat: a link could lead anywhere.
        guard lstat(own, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw StoreError(
                .notWritable, path: own, reason: "cannot write the suggestion: not a folder",
                remedy: "move it away")
        }
    }

    /// 64 bits of the hash.
    private static let digits = 16

    /// `HOST-<16 digits>.<form>`: host `a` does not claim the files of host `a-b`.
    private func names(of host: String) -> [String] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: own)) ?? []
        return all.filter { name in
            guard name.hasPrefix(host + "-") else { return false }
            let parts = name.dropFirst(host.count + 1).split(separator: ".", omittingEmptySubsequences: false)
            return parts.count == 2 && Form(rawValue: String(parts[1])) != nil && parts[0].count == Self.digits
                && parts[0].allSatisfy(\.isHexDigit)
        }
    }

    /// Seconds and nanoseconds since 1970; zero when it is gone already.
    private func modified(_ name: String) -> (Int, Int) {
        var status = stat()
        guard lstat("\(own)/\(name)", &status) == 0 else { return (0, 0) }
        return (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
    }
}
