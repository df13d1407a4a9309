// SPDX-License-Identifier: MIT
import Foundation

/// Files that decide what Macha does, refused when somebody else can write them: as ssh refuses its own.
///
/// A path is as trustworthy as the weakest folder above it, for who may write a folder can put another file in its place.
package enum TrustedPath {
    /// What a file is for.
    package enum Purpose: Sendable {
        /// Inventory, playbooks, configuration: may be read by everybody.
        case instructions
        /// A token or password: must not be read by everybody either.
        case secret
        /// The state directory, which a service's own user may own while root looks into it.
        case state
    }

    /// Why `path` must not be used; `nil` when it may be, or is not there. A folder is checked with what is in it, that of the
    /// state with its database.
    package static func refusal(_ path: String, for purpose: Purpose) -> String? {
        let reader = Reader(purpose: purpose, path: path)
        return reader.refusal()
    }
}

private struct Reader {
    let purpose: TrustedPath.Purpose
    let path: String
    /// Who may own and write: root, the one who runs this, the person behind sudo, and who owns `/`, which is root under
    /// another number in a user namespace.
    private let trusted: Set<uid_t>

    init(purpose: TrustedPath.Purpose, path: String) {
        self.purpose = purpose
        self.path = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
        var trusted: Set<uid_t> = [0, geteuid()]
        if geteuid() == 0, let person = getenv("SUDO_UID").flatMap({ uid_t(String(cString: $0)) }) {
            trusted.insert(person)
        }
        var status = stat()
        if stat("/", &status) == 0 { trusted.insert(status.st_uid) }
        if purpose == .state, geteuid() == 0, stat(self.path, &status) == 0 { trusted.insert(status.st_uid) }
        self.trusted = trusted
    }

    func refusal() -> String? {
        if let refusal = way(to: path) { return refusal }
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        let isFolder = status.st_mode & S_IFMT == S_IFDIR
        return item(path, status) ?? (isFolder ? purpose == .state ? database(path) : contents(path) : nil)
    }

    /// The state directory may be read by others, and then the files' own modes count. Of its exports nothing is done.
    private func database(_ folder: String) -> String? {
        for end in ["", "-wal", "-shm"] {
            let path = "\(folder)/macha.db\(end)"
            var status = stat()
            if stat(path, &status) == 0, let refusal = way(to: path) ?? item(path, status) { return refusal }
        }
        return nil
    }

    /// What is wrong on the way to `path`: each folder that is gone through, and each link, wherever it leads next. A link in a
    /// folder that others may write is theirs, also when it is only the middle of the way.
    private func way(to path: String) -> String? {
        var rest = ["/"] + path.split(separator: "/").map(String.init)
        var folder = ""
        var hops = 0
        while !rest.isEmpty {
            let part = rest.removeFirst()
            if part == "." { continue }
            if part == ".." {
                folder = folder.split(separator: "/").dropLast().map { "/\($0)" }.joined()
                continue
            }
            let place = part == "/" ? "/" : "\(folder)/\(part)"
            var status = stat()
            guard lstat(place, &status) == 0 else { return nil }
            if status.st_mode & S_IFMT == S_IFLNK {
                // A link leads where its owner wants.
                if let refusal = owner(place, status) { return refusal }
                hops += 1
                guard hops <= 40, let target = target(ofLink: place) else { return nil }
                if target.hasPrefix("/") { folder = "" }
                rest = target.split(separator: "/").map(String.init) + rest
                continue
            }
            if !rest.isEmpty {
                // Of others' files in a sticky folder nobody can take the name away.
                let isSticky = status.st_mode & S_ISVTX != 0
                if let refusal = owner(place, status) ?? (isSticky ? nil : writers(place, status)) { return refusal }
            }
            if part != "/" { folder = place }
        }
        return nil
    }

    private func target(ofLink path: String) -> String? {
        var bytes = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        guard readlink(path, &bytes, Int(PATH_MAX)) > 0 else { return nil }
        return String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private func contents(_ folder: String) -> String? {
        guard let names = FileManager.default.enumerator(atPath: folder) else { return nil }
        for case let name as String in names {
            let place = "\(folder)/\(name)"
            var (status, own) = (stat(), stat())
            guard lstat(place, &own) == 0, stat(place, &status) == 0 else { continue }
            let isLink = own.st_mode & S_IFMT == S_IFLNK
            if let refusal = (isLink ? way(to: place) : nil) ?? item(place, status) { return refusal }
        }
        return nil
    }

    private func item(_ path: String, _ status: stat) -> String? {
        if let refusal = owner(path, status) ?? writers(path, status) { return refusal }
        guard purpose == .secret, status.st_mode & S_IFMT == S_IFREG, status.st_mode & 0o004 != 0 else { return nil }
        return "\(path): readable by everyone (mode \(mode(status))), but it contains a secret; run: chmod 600 \(path)"
    }

    private func owner(_ path: String, _ status: stat) -> String? {
        guard !trusted.contains(status.st_uid) else { return nil }
        return "\(path): it belongs to \(name(ofUser: status.st_uid)), who could change what Macha does (mode "
            + "\(mode(status))); use a file of your own, or run: chown \(name(ofUser: geteuid())) \(path)"
    }

    private func writers(_ path: String, _ status: stat) -> String? {
        let isOpen = status.st_mode & 0o002 != 0
        let isShared = status.st_mode & 0o020 != 0 && !isPrivateGroup(status)
        guard isOpen || isShared else { return nil }
        let who = isOpen ? "everyone" : "the group \(name(ofGroup: status.st_gid))"
        return "\(path): writable by \(who) (mode \(mode(status))), who could change what Macha does; run: "
            + "chmod \(isOpen ? "go-w" : "g-w") \(path)"
    }

    /// Root's group, or one with the owner's name and nobody else in it, as most distributions give each user.
    private func isPrivateGroup(_ status: stat) -> Bool {
        guard let group = getgrgid(status.st_gid)?.pointee, let owner = getpwuid(status.st_uid)?.pointee else {
            return status.st_gid == 0
        }
        let name = String(cString: owner.pw_name)
        var members: [String] = []
        var member = group.gr_mem
        while let next = member?.pointee {
            members.append(String(cString: next))
            member = member?.advanced(by: 1)
        }
        let isOwn = status.st_gid == 0 || (owner.pw_gid == status.st_gid && String(cString: group.gr_name) == name)
        return isOwn && members.allSatisfy { $0 == name || $0 == "root" }
    }

    private func mode(_ status: stat) -> String {
        let digits = String(status.st_mode & 0o7777, radix: 8)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    private func name(ofUser id: uid_t) -> String {
        getpwuid(id).map { String(cString: $0.pointee.pw_name) } ?? "user \(id)"
    }

    private func name(ofGroup id: gid_t) -> String {
        getgrgid(id).map { String(cString: $0.pointee.gr_name) } ?? "\(id)"
    }
}
