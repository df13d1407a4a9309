// SPDX-License-Identifier: MIT
package import MachaProbes

/// File systems that share their room, so that one that is full is all of them: the datasets of a ZFS pool, the subvolumes
/// of a btrfs, a device that is mounted twice.
package struct SharedSpace {
    /// In the order of `df`; never empty.
    let members: [FileSystem]
    /// The name of the ZFS pool; `nil` for anything else.
    let pool: String?

    /// The one to speak of: what holds the system, else the shortest path.
    package let shown: FileSystem

    /// Mount points beside `shown`.
    var others: [String] { members.map(\.target).filter { $0 != shown.target } }

    /// Bytes in use by all of them.
    var used: Int { pool == nil ? shown.used : members.reduce(0) { $0 + min($1.used, Int.max / 4096) } }
    package var available: Int { members.map(\.available).min() ?? 0 }
    /// 0…1, as ``FileSystem/usedShare``.
    package var usedShare: Double {
        pool == nil ? shown.usedShare : used + available > 0 ? Double(used) / Double(used + available) : 0
    }

    private static let first = ["/", "/nix", "/nix/store", "/var"]

    private init(_ members: [FileSystem], pool: String?) {
        self.members = members
        self.pool = pool
        let known = Self.first.lazy.compactMap { target in members.first { $0.target == target } }.first
        shown = known ?? members.min { $0.target.utf8.count < $1.target.utf8.count } ?? members[0]
    }

    /// `systems` by what they share, in their order.
    package static func groups(_ systems: [FileSystem]) -> [SharedSpace] {
        var (order, byKey): ([String], [String: [FileSystem]]) = ([], [:])
        for system in systems {
            let key = key(system)
            if byKey[key] == nil { order.append(key) }
            byKey[key, default: []].append(system)
        }
        return order.compactMap { byKey[$0] }.flatMap { members in
            members[0].type == "zfs" ? pools(members) : [SharedSpace(members, pool: nil)]
        }
    }

    private static func key(_ system: FileSystem) -> String {
        switch system.type {
        case "zfs": "zfs \(pool(of: system))"
        // Sources such as `tmpfs` name no device.
        case _ where system.source.hasPrefix("/dev/"): system.source
        default: "\(system.source) on \(system.target)"
        }
    }

    private static func pool(of system: FileSystem) -> String { String(system.source.prefix { $0 != "/" }) }

    /// A dataset whose quota or reservation gives it another room than most is judged by itself.
    private static func pools(_ members: [FileSystem]) -> [SharedSpace] {
        func isAlike(_ one: Int, _ other: Int) -> Bool { abs(one - other) <= max(64 << 20, max(one, other) / 100) }
        let usual =
            members.max { left, right in
                members.count { isAlike($0.available, left.available) }
                    < members.count { isAlike($0.available, right.available) }
            }?.available ?? 0
        let shared = members.filter { isAlike($0.available, usual) }
        let apart = members.filter { !isAlike($0.available, usual) }
        let name = pool(of: members[0])
        return [SharedSpace(shared, pool: name)] + apart.map { SharedSpace([$0], pool: nil) }
    }
}
