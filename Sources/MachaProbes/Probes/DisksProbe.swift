// SPDX-License-Identifier: MIT

/// How full the host's own file systems are, in bytes and inodes, and which are read-only.
///
/// Network file systems are left out (`-l`): they belong to another host, and a dead server would block `df` for good.
package enum DisksProbe: Probe {
    package static let name = "disks"
    /// `df` of busybox knows neither `--output` nor inodes; POSIX form is the fallback. A mount that `df` may not look
    /// into makes it exit 1 although the rest is there; then it is asked again for what it complains of. A host with
    /// containers has hundreds of layers: a long table is sent without them, so that what is judged has room.
    package static let byteLimit = 512 * 1024
    package static let script = #"""
        again='df -l'
        table=$(df -B1 -l --output=fstype,size,used,avail,itotal,iavail,target)
        status=$?
        [ "$status" != 127 ] && [ "$status" -lt 128 ] || exit "$status"
        [ -n "$table" ] || { again='df -P -k'; table=$($again) || exit; }
        \#(MountText.shortened)
        shortened "$table" '/^(overlay|squashfs|tmpfs|devtmpfs|shm|nsfs) /{/ \/(run|tmp|var)?$/!d;}'
        echo
        table=$(cat /proc/self/mountinfo) || exit
        shortened "$table" '/ - (overlay|squashfs|tmpfs|devtmpfs|nsfs) /{/^[^ ]+ [^ ]+ [^ ]+ [^ ]+ \/(run|tmp|var)? /!d;}'
        [ "$status" = 0 ] || { echo '@df'; $again 2>&1 >/dev/null | sed -n 's/^[^ ]*df: //p' | head -n 50; }
        """#

    package static func parse(_ body: String) throws(ProbeFailure) -> DisksState {
        guard let gap = ProbeText.range(of: "\n\n", in: body) else {
            throw ProbeText.unparsable("no table of mounts", body)
        }
        let table = ProbeText.lines(body[..<gap.lowerBound])
        let rest = ProbeText.lines(body[gap.upperBound...])
        let mounts = rest.prefix { $0 != "@df" }.compactMap { Mount($0) }
        let complaints = rest.drop { $0 != "@df" }.dropFirst()
        guard let heading = table.first, !mounts.isEmpty else { throw ProbeText.unparsable("no mounts", body) }
        let isPOSIX = heading.hasPrefix("Filesystem")
        guard isPOSIX || heading.hasPrefix("Type") else { throw ProbeText.unparsable("df", body) }
        var systems = ItemList<FileSystem>()
        for line in table.dropFirst() {
            guard let row = isPOSIX ? DiskRow(posix: line) : DiskRow(line) else {
                systems.skip(line, ProbeText.unparsable("df", line))
                continue
            }
            // The last mount on a directory is the one that is seen.
            guard let mount = mounts.last(where: { $0.target == row.target }), isOwn(mount) else { continue }
            systems.append(FileSystem(row, on: mount))
        }
        let unread = try systems.unreadItems() ?? []
        guard !systems.items.isEmpty else { throw ProbeText.unparsable("no file system of the host's own", body) }
        let listed = Set(systems.items.map(\.target))
        // What shares its device with a listed one (subvolumes, bind mounts) is told by that.
        let sources = Set(systems.items.map(\.source))
        let missing = mounts.filter {
            isOwn($0) && !kernels.contains($0.type) && !listed.contains($0.target) && !sources.contains($0.source)
        }
        let silent = Set(missing.map(\.target)).sorted()
        let backed = missing.filter { $0.source.hasPrefix("/dev/") || ["zfs", "btrfs", "bcachefs"].contains($0.type) }
        let (unreadable, refused) = unreadable(complaints, mounts, silent, backed: Set(backed.map(\.target)))
        return DisksState(
            fileSystems: systems.items, isLocalOnly: !isPOSIX, unlisted: silent.isEmpty ? nil : silent,
            unreadable: unreadable.isEmpty ? nil : unreadable, unread: (unread + refused).listed)
    }

    /// What `df` complains of: `/srv: Input/output error`. A right that is missing is no fault of the file system, and only
    /// of interest where it is one of the host's own. One on a device of which `df` says nothing at all is unknown too.
    private static func unreadable(
        _ complaints: ArraySlice<Substring>, _ mounts: [Mount], _ silent: [String], backed: Set<String>
    ) -> ([UnreadableMount], [UnreadItem]) {
        var (broken, refused): ([UnreadableMount], [UnreadItem]) = ([], [])
        var told: Set<String> = []
        for line in complaints {
            guard let colon = line.lastIndex(of: ":") else { continue }
            let target = line[..<colon].filter { $0 != "'" }
            let error = String(line[line.index(after: colon)...].drop { $0 == " " }.prefix(100))
            guard let mount = mounts.last(where: { $0.target == target }), told.insert(target).inserted else {
                continue
            }
            switch error {
            // Another mount stands in front of it.
            case "No such file or directory": continue
            case "Permission denied", "Operation not permitted":
                if silent.contains(target) { refused.append(UnreadItem(target, ProbeFailure(.permission, error))) }
            default:
                broken.append(UnreadableMount(target: target, type: mount.type, source: mount.source, error: error))
            }
        }
        refused += silent.filter { backed.contains($0) && !told.contains($0) }.map {
            UnreadItem($0, ProbeFailure(.missing, "mounted, and df does not list it"))
        }
        return (broken, refused)
    }

    /// File systems of the kernel without blocks of their own, which `df` never lists (proc(5), filesystems(5)).
    private static let kernels: Set = [
        "autofs", "binfmt_misc", "bpf", "cgroup", "cgroup2", "configfs", "debugfs", "devpts", "efivarfs", "fusectl",
        "hugetlbfs", "mqueue", "nsfs", "proc", "pstore", "rpc_pipefs", "securityfs", "selinuxfs", "sysfs", "tracefs",
    ]

    // Images are full by nature. What lives in memory or is layered counts only where it can run full and hurt.
    // A bind mount shows a part of a file system that is listed already (btrfs and bcachefs mount subvolumes that way).
    private static func isOwn(_ mount: Mount) -> Bool {
        let images: Set = ["squashfs", "iso9660", "erofs", "udf", "cramfs"]
        let stacked: Set = [
            "tmpfs", "ramfs", "overlay", "devtmpfs", "autofs", "efivarfs", "nfs", "nfs4", "cifs", "smb3",
        ]
        if images.contains(mount.type) { return false }
        if ["/", "/run", "/tmp", "/var"].contains(mount.target) { return true }
        // ntfs-3g and exfat of old kernels: a local disk.
        if mount.type == "fuseblk" { return mount.root == "/" }
        if stacked.contains(mount.type) || mount.type.hasPrefix("fuse") { return false }
        return mount.root == "/" || ["btrfs", "bcachefs"].contains(mount.type)
    }
}

/// The host's own file systems.
package struct DisksState: Hashable, Codable, Sendable, PartlyRead {
    /// In the order `df` lists them.
    package var fileSystems: [FileSystem]
    /// `false` where `df` could not leave out network file systems itself.
    package var isLocalOnly: Bool
    /// The host's own file systems that are mounted and of which `df` says nothing; `nil` when there is none.
    package var unlisted: [String]?
    /// What is mounted and answers with an error, of whatever type; `nil` when there is none.
    package var unreadable: [UnreadableMount]?
    package var unread: [UnreadItem]?
}

/// A mount that cannot be looked into.
package struct UnreadableMount: Hashable, Codable, Sendable {
    package var target: String
    package var type: String
    package var source: String
    /// In the words of `df`: `Input/output error`, `Transport endpoint is not connected`.
    package var error: String
}

/// Source: `df` and proc_pid_mountinfo(5).
package struct FileSystem: Hashable, Codable, Sendable {
    /// Whether it can be written.
    package enum Access: String, Codable, Sendable {
        case writable
        /// Mounted so, as somebody asked for.
        case readOnly = "read-only"
        /// The kernel stopped writing to it after an error.
        case readOnlyAfterError = "read-only-after-error"
    }

    /// Where it is mounted.
    package var target: String
    /// Kind, as in `ext4`.
    package var type: String
    /// Device or pool.
    package var source: String
    /// Bytes.
    package var size: Int
    /// Bytes.
    package var used: Int
    /// Bytes that an ordinary user could still write.
    package var available: Int
    /// `nil` where the file system has no fixed number of them, or `df` does not tell.
    package var inodes: Int?
    /// `nil` together with ``inodes``.
    package var inodesAvailable: Int?
    /// As the mount table says.
    package var access: Access
    /// Mounted although a device may be missing; `nil` unless so.
    package var isDegraded: Bool?

    fileprivate init(_ row: DiskRow, on mount: Mount) {
        target = row.target
        type = mount.type
        source = mount.source
        size = row.size
        used = row.used
        available = row.available
        inodes = row.inodes
        inodesAvailable = row.inodesAvailable
        access = mount.access
        isDegraded = mount.isDegraded ? true : nil
    }

    /// 0…1, of what ordinary users can use; what `df` shows as `Use%`.
    package var usedShare: Double { used + available > 0 ? Double(used) / Double(used + available) : 0 }
    /// 0…1; `nil` without a fixed number of inodes.
    package var inodesUsedShare: Double? {
        guard let inodes, let inodesAvailable, inodes > 0 else { return nil }
        return Double(inodes - inodesAvailable) / Double(inodes)
    }
}

/// One line of `df`.
private struct DiskRow {
    var size: Int
    var used: Int
    var available: Int
    var inodes: Int?
    var inodesAvailable: Int?
    var target: String

    /// fstype size used avail itotal iavail target; the target may hold spaces.
    init?(_ line: Substring) {
        let words = line.split(separator: " ", maxSplits: 6, omittingEmptySubsequences: true)
        let figures = words.dropFirst().prefix(5).map { Int($0) }
        guard words.count == 7, let size = figures[0], let used = figures[1], let available = figures[2],
            [size, used].allSatisfy({ (0...Int.max / 4).contains($0) }), available < Int.max / 4
        else { return nil }
        self.size = size
        self.used = used
        self.available = max(0, available)
        if let total = figures[3], let free = figures[4], total > 0, (0...total).contains(free) {
            inodes = total
            inodesAvailable = free
        }
        target = String(words[6])
    }

    /// source blocks used available capacity% target, with 1024-byte blocks; source and target may hold spaces.
    init?(posix line: Substring) {
        let words = ProbeText.words(line)
        guard
            let capacity = words.indices.first(where: { at in
                at >= 4 && words[at].hasSuffix("%") && Int(words[at - 1]) != nil
            })
        else { return nil }
        let blocks = words[(capacity - 3)..<capacity].compactMap { Int($0) }
        guard blocks.count == 3, blocks.allSatisfy({ (0...Int.max / 4096).contains($0) }),
            let sign = ProbeText.range(of: words[capacity] + " ", in: line)
        else { return nil }
        size = blocks[0] * 1024
        used = blocks[1] * 1024
        available = blocks[2] * 1024
        target = String(line[sign.upperBound...].drop { $0 == " " })
    }
}

/// One line of `/proc/self/mountinfo`.
private struct Mount {
    /// Which directory of the file system is mounted.
    var root: String
    var target: String
    var type: String
    var source: String
    var access: FileSystem.Access
    var isDegraded: Bool

    init?(_ line: Substring) {
        let words = ProbeText.columns(line)
        guard let dash = words.dropFirst(6).firstIndex(of: "-"), dash + 3 < words.count else { return nil }
        root = MountText.unescaped(words[3])
        target = MountText.unescaped(words[4])
        type = String(words[dash + 1])
        source = MountText.unescaped(words[dash + 2])
        let own = ProbeText.columns(words[5], at: 0x2c)
        let shared = ProbeText.columns(words[dash + 3], at: 0x2c)
        isDegraded = type == "btrfs" && shared.contains("degraded")
        // Whoever remounts read-only sets both; ext4 after an error sets the file system's own flag alone, since 6.10
        // or so `emergency_ro` in its place.
        if shared.contains("emergency_ro") || (shared.contains("ro") && !own.contains("ro")) {
            access = .readOnlyAfterError
        } else {
            access = own.contains("ro") ? .readOnly : .writable
        }
    }
}
