// SPDX-License-Identifier: MIT
import Foundation

/// The database file and its folder, before SQLite sees them.
enum StoreFile {
    /// Creates what is missing of the folder (0700) and an empty file (0600) at `path`.
    static func create(at path: String) throws(StoreError) {
        try createFolder(folder(of: path), for: path)
        // The file is made without being opened: closing a descriptor of a database would drop the POSIX locks this
        // process already holds on it (sqlite.org/howtocorrupt.html, 2.2).
        if mknod(path, S_IFREG | 0o600, 0) == 0 {
            chmod(path, 0o600)  // the umask may have taken the owner's own rights away
            giveToOwner(ofFolder: folder(of: path), path)
        } else if errno != EEXIST {
            throw failure("cannot create the database", path: path)
        } else if isFolder(path) {
            throw StoreError(
                .notOurs, path: path, reason: "cannot open the database: it is a folder",
                remedy: "name the database file inside it")
        } else if access(path, R_OK | W_OK) != 0 {
            throw failure("cannot open the database", path: path)
        }
    }

    /// A person who runs one command with `sudo` must not lock the daemon out of its own state directory. SQLite treats
    /// the files that it makes beside the database the same way.
    static func giveToOwner(ofFolder folder: String, _ path: String) {
        var status = stat()
        guard geteuid() == 0, stat(folder, &status) == 0, status.st_uid != 0 else { return }
        lchown(path, status.st_uid, status.st_gid)
    }

    static func folder(of path: String) -> String {
        let parts = path.split(separator: "/", omittingEmptySubsequences: true)
        return (path.hasPrefix("/") ? "/" : "./") + parts.dropLast().joined(separator: "/")
    }

    private static func createFolder(_ folder: String, for path: String) throws(StoreError) {
        guard !isFolder(folder) else { return }
        let parent = Self.folder(of: folder)
        if parent != folder { try createFolder(parent, for: path) }
        if mkdir(folder, 0o700) == 0 {
            chmod(folder, 0o700)
        } else if errno != EEXIST || !isFolder(folder) {
            throw failure("cannot create the folder \(folder)", path: path)
        }
    }

    /// Whether a host's name can be part of a file's name and name nothing else: letters, digits, dashes, underscores, dots.
    static func isPlain(_ host: String) -> Bool {
        let isPlain = host.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                true
            default: false
            }
        }
        return isPlain && (1...200).contains(host.utf8.count) && !host.hasPrefix(".")
    }

    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// The system's last error as ours. Called before anything else can change `errno`.
    static func failure(_ operation: String, path: String, number: Int32 = errno) -> StoreError {
        let code: StoreError.Code =
            switch number {
            case ENOSPC, EDQUOT: .full
            case EACCES, EPERM, EROFS, ENOTDIR, ENOENT, EEXIST: .notWritable
            default: .failed
            }
        return StoreError(
            code, path: path, reason: "\(operation): \(String(cString: strerror(number)).lowercased())",
            remedy: code.remedy)
    }
}

/// Held while a process creates, checks and migrates the database, so that two that start together do not both do it.
///
/// It is an advisory lock on the folder: no file of its own is left behind, and the kernel drops it with the process.
enum OpeningLock {
    /// Runs `body` while this process alone opens the database at `path`; waits for others at most `timeout`.
    static func hold<T>(
        for path: String, timeout: Duration, _ body: () throws(StoreError) -> T
    ) throws(StoreError) -> T {
        let descriptor = open(StoreFile.folder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw StoreFile.failure("cannot open the folder", path: path) }
        defer { close(descriptor) }
        let deadline = ContinuousClock.now + timeout
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR else {
                throw StoreFile.failure("cannot lock the folder", path: path)
            }
            guard ContinuousClock.now < deadline else {
                throw StoreError(
                    .locked, path: path, reason: "cannot open the database: another process is opening it",
                    remedy: StoreError.Code.locked.remedy)
            }
            usleep(10_000)
        }
        return try body()
    }
}
