// SPDX-License-Identifier: MIT
import Glibc

extension KnownHosts {
    /// Adds a trusted key to a `known_hosts` file of the user's, which is created (0600, its folder 0700) if it is not there.
    ///
    /// A link is followed. Refused are a file of the whole system, wherever a link leads there, one of another account, and
    /// what is no file. One write in append mode, so that two processes that trust at once lose nothing and no reader sees half
    /// a line. `isHashed` hides the name as HashKnownHosts does.
    package static func append(
        _ key: HostKey, address: String, port: UInt16, isHashed: Bool, to path: String
    ) throws(SSHError) {
        try makeFolder(of: path)
        let place = try resolved(path)
        let file = open(place, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600)
        guard file >= 0 else { throw failure(path) }
        defer { close(file) }
        try checkOwner(file, path)
        var line = self.line(key, address: address, port: port, isHashed: isHashed) + "\n"
        // A file somebody edited by hand may end in the middle of a line.
        let size = lseek(file, 0, SEEK_END)
        var last: UInt8 = 0
        if size > 0, pread(file, &last, 1, size - 1) == 1, last != UInt8(ascii: "\n") { line = "\n" + line }
        guard write(file, line, line.utf8.count) == line.utf8.count, fsync(file) == 0 else { throw failure(path) }
    }

    /// The line that trusts `key`, as it stands in a file.
    package static func line(_ key: HostKey, address: String, port: UInt16, isHashed: Bool) -> String {
        let name = name(address, port)
        return "\(isHashed ? HostPatterns.hashed(name) : name) \(key.type) \(key.base64)"
    }

    /// Whether a file is the whole system's: one of ssh's own folder or of the Nix store, also through a link.
    package static func isSystemWide(_ path: String) -> Bool {
        let place = realPath(path) ?? realPath(folder(of: path)).map { $0 + "/" } ?? path
        return [path, place].contains { $0.hasPrefix("/etc/ssh/") || $0.hasPrefix("/nix/store/") }
    }

    // MARK: The file

    private static func makeFolder(of path: String) throws(SSHError) {
        guard mkdir(folder(of: path), 0o700) != 0, errno != EEXIST else { return }
        throw SSHError(
            .localFile, .hostKey, host: "",
            "cannot make the folder of \(path): \(String(cString: strerror(errno)).lowercased())",
            remedy: "name another file as known-hosts in the inventory")
    }

    /// Where a file is in the end.
    private static func resolved(_ path: String) throws(SSHError) -> String {
        var status = stat()
        if realPath(path) == nil, lstat(path, &status) == 0 {
            throw SSHError(
                .localFile, .hostKey, host: "", "\(path) is a link that leads nowhere",
                remedy: "fix the link, or name another file as known-hosts in the inventory")
        }
        let place = realPath(path) ?? path
        guard !isSystemWide(place) else {
            throw SSHError(
                .localFile, .hostKey, host: "",
                "\(path) is a file of the whole system\(place == path ? "" : " (\(place))"), which Macha does not write",
                remedy: "have its administrator add the key, or name a file of yours as known-hosts in the inventory")
        }
        return place
    }

    private static func checkOwner(_ file: CInt, _ path: String) throws(SSHError) {
        var status = stat()
        guard fstat(file, &status) == 0 else { throw failure(path) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw SSHError(
                .localFile, .hostKey, host: "", "\(path) is not a regular file",
                remedy: "name a file as known-hosts in the inventory")
        }
        guard status.st_uid == geteuid() else { throw foreign(path) }
    }

    private static func foreign(_ path: String) -> SSHError {
        SSHError(
            .localFile, .hostKey, host: "", "\(path) belongs to another account, so Macha does not write it",
            remedy: "run the command as its owner, or name a file of yours as known-hosts in the inventory")
    }

    private static func failure(_ path: String) -> SSHError {
        let code = errno
        var status = stat()
        if code == EACCES || code == EPERM, stat(path, &status) == 0, status.st_uid != geteuid() {
            return foreign(path)
        }
        return SSHError(
            .localFile, .hostKey, host: "", "cannot write \(path): \(String(cString: strerror(code)).lowercased())",
            remedy: "check the file and its folder, or name another file of yours as known-hosts in the inventory")
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func realPath(_ path: String) -> String? {
        guard let found = realpath(path, nil) else { return nil }
        defer { free(found) }
        return String(cString: found)
    }
}
