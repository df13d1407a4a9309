// SPDX-License-Identifier: MIT
package import MachaModel
import SSH

/// A file to put on a host, whole or not at all.
///
/// Needs no SFTP there: a `sh` writes what comes on its standard input to a temporary file in the target's folder, checks
/// length and SHA-256, sets the permissions and renames it over the target. Until the rename, which is atomic, the target is
/// as it was; afterwards nothing else is left. When the transfer fails or is cut off, the temporary file is removed by the
/// host's own shell. A symbolic link at the target is replaced, not followed.
package struct FileUpload: Sendable {
    /// Larger files belong into a Nix store or an archive, not into the memory of a controller.
    package static let mostBytes = 64 << 20

    /// Absolute, with its name; the folder must exist on the host.
    package var path: String
    package var contents: [UInt8]
    /// Permission bits, `0o7777` at most. Owner and group are those of the login.
    package var mode: UInt16

    package init(path: String, contents: [UInt8], mode: UInt16 = 0o644) {
        self.path = path
        self.contents = contents
        self.mode = mode
    }

    /// Puts the file on the host that `transport` leads to; `host` is what messages call it. With `asRoot`, through `sudo -n`.
    ///
    /// Throws what keeps the file from being there whole, and then the old one is there. Only when the connection is lost in
    /// the very moment of the rename it cannot be known which one is.
    package func put(
        on host: String, over transport: any Transport, asRoot: Bool = false, until deadline: ContinuousClock.Instant
    ) async throws(ContactFailure) {
        try check(host)
        let arguments = [path, String(mode, radix: 8), "\(contents.count)", Self.hex(Digest.sha256(contents))]
        var words = ["sh", "-c", Self.script, "macha-upload"] + arguments
        if asRoot { words = ["sudo", "-n", "--"] + words }
        let command = Command(words[0], Array(words.dropFirst()), input: contents, outputLimit: 64 << 10)
        let result = try await transport.run(command, until: deadline)
        guard result.outcome != .status(0) else { return }
        let said = String(decoding: result.standardError.prefix(400), as: UTF8.self)
            .split(whereSeparator: \.isNewline).joined(separator: "; ")
        throw ContactFailure(
            .broken, stage: .upload, delivery: .maybeSent,
            message: "\(host): \(path) was not written: \(reason(result.outcome, said))",
            remedy: "the file there is as it was; check its folder, the space on its disk and the account's rights")
    }

    private func check(_ host: String) throws(ContactFailure) {
        let problem: String? =
            if !path.hasPrefix("/") || path.hasSuffix("/") || path.utf8.contains(0) {
                "'\(path)' is not an absolute path of a file"
            } else if mode > 0o7777 {
                "\(String(mode, radix: 8)) is not a valid file mode"
            } else if contents.count > Self.mostBytes {
                "\(path) has \(contents.count) bytes; at most \(Self.mostBytes) can be uploaded"
            } else {
                nil
            }
        if let problem {
            throw ContactFailure(.local, stage: .upload, delivery: .notSent, message: "\(host): \(problem)")
        }
    }

    private func reason(_ outcome: CommandResult.Outcome, _ said: String) -> String {
        let what =
            switch outcome {
            case .status(20): "no temporary file could be made beside it"
            case .status(21): "a folder of that name is there"
            case .status(22): "what arrived is not what was sent"
            case .status(23): "sha256sum is missing on the host"
            case .status(let code): "the host's shell ended with status \(code)"
            case .signal(let name): "the host's shell was ended by signal \(name)"
            case .unknown: "the host's shell ended without a status"
            }
        return said.isEmpty ? what : "\(what) (\(said))"
    }

    // The shell reads the whole of it before it does anything, so a connection that ends early runs nothing of it. A
    // connection that ends later ends the input: the length is wrong then.
    private static let script = """
        set -u
        target=$1 mode=$2 size=$3 sum=$4
        command -v sha256sum >/dev/null || exit 23
        if [ -d "$target" ] && [ ! -L "$target" ]; then exit 21; fi
        umask 077
        new=$(mktemp -- "${target%/*}/.macha-upload-XXXXXXXXXX") || exit 20
        trap 'rm -f -- "$new"' EXIT
        trap 'exit 129' HUP INT TERM PIPE
        cat >"$new" || exit 24
        there=$(sha256sum <"$new") || exit 24
        if [ "$(wc -c <"$new")" -ne "$size" ] || [ "${there%% *}" != "$sum" ]; then exit 22; fi
        chmod -- "$mode" "$new" || exit 24
        sync -- "$new" 2>/dev/null || :
        mv -fT -- "$new" "$target" || exit 24
        trap - EXIT
        """

    private static func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
