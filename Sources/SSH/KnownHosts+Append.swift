// SPDX-License-Identifier: MIT
import Glibc

extension KnownHosts {
    /// Adds a trusted key to a `known_hosts` file, which is created (0600) if it is not there.
    ///
    /// One write in append mode, so that two processes that trust at once lose nothing and no reader sees half a line.
    /// The folder must exist.
    package static func append(_ key: HostKey, address: String, port: UInt16, to path: String) throws(SSHError) {
        let file = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw failure(path) }
        defer { close(file) }
        var line = "\(name(address, port)) \(key.type) \(key.base64)\n"
        // A file somebody edited by hand may end in the middle of a line.
        let size = lseek(file, 0, SEEK_END)
        var last: UInt8 = 0
        if size > 0, pread(file, &last, 1, size - 1) == 1, last != UInt8(ascii: "\n") { line = "\n" + line }
        guard write(file, line, line.utf8.count) == line.utf8.count, fsync(file) == 0 else { throw failure(path) }
    }

    private static func failure(_ path: String) -> SSHError {
        SSHError(
            .localFile, .hostKey, host: "", "cannot write \(path): \(String(cString: strerror(errno)).lowercased())",
            remedy: "create its folder, make it writable, or name another file as known-hosts in the inventory")
    }
}
