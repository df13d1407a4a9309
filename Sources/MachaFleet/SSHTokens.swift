// SPDX-License-Identifier: MIT
import Glibc

/// What stands for `%h`, `${HOME}` and `~` in file names of ssh's configuration (ssh_config(5), TOKENS).
///
/// `ssh -G` expands them in some directives and prints others, IdentityFile above all, as they are. What only ssh knows it is
/// made to tell: ``question`` is passed to it as the ControlPath, which it expands and prints, and which nothing else uses.
struct SSHTokens {
    private static let separator = "\u{1f}"
    private static let asked: [Character] = ["C", "L", "i", "l", "u"]

    /// The option that makes `ssh -G` print the tokens.
    static let question = "ControlPath=" + asked.map { "%\($0)" }.joined(separator: separator)

    let environment: [String: String]
    private let home: String
    private var values: [Character: String] = ["%": "%"]

    /// `printed` is what ssh made of ``question``.
    init(home: String, environment: [String: String], printed: String?) {
        (self.home, self.environment) = (home, environment)
        values["d"] = home
        let words = (printed ?? "").split(separator: Character(Self.separator), omittingEmptySubsequences: false)
        guard words.count == Self.asked.count else { return }
        for (token, word) in zip(Self.asked, words) where word != "%\(token)" { values[token] = String(word) }
    }

    subscript(token: Character) -> String? {
        get { values[token] }
        set { values[token] = newValue }
    }

    /// A file name that `ssh -G` prints as it stands in the configuration.
    func path(_ text: String) -> String { expand(tilde(text)) }

    /// A file name of which ssh has replaced all but the `~`.
    func tilde(_ text: String) -> String {
        guard text.hasPrefix("~") else { return text }
        let parts = text.dropFirst().split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let folder = parts.first.flatMap({ $0.isEmpty ? home : Self.home(of: String($0)) }) else { return text }
        return parts.count == 1 ? folder : folder + "/" + parts[1].drop { $0 == "/" }
    }

    private static func home(of user: String) -> String? {
        guard let entry = getpwnam(user), let folder = entry.pointee.pw_dir else { return nil }
        return String(cString: folder)
    }

    /// What is not known stays, so that the message about a missing file shows it; ssh gives up there.
    private func expand(_ text: String) -> String {
        var (result, rest) = ("", text[...])
        while let mark = rest.first {
            rest.removeFirst()
            if mark == "%", let token = rest.first {
                rest.removeFirst()
                result += values[token] ?? "%\(token)"
            } else if mark == "$", rest.first == "{", let end = rest.firstIndex(of: "}") {
                let name = String(rest[rest.index(after: rest.startIndex)..<end])
                result += environment[name] ?? "${\(name)}"
                rest = rest[rest.index(after: end)...]
            } else {
                result.append(mark)
            }
        }
        return result
    }
}
