// SPDX-License-Identifier: MIT

/// How much memory there is, and how much of it a program could get.
package enum MemoryProbe: Probe {
    package static let name = "memory"
    package static let byteLimit = 32 * 1024
    /// The cache of ZFS stands in a table of its own; most hosts have none.
    package static let script = """
        said=$(cat /proc/meminfo /proc/spl/kstat/zfs/arcstats 2>/dev/null)
        case $said in
            *MemTotal*) printf '%s\\n' "$said" ;;
            *) cat /proc/meminfo ;;
        esac
        """

    package static func parse(_ body: String) throws(ProbeFailure) -> MemoryState {
        var bytes: [Substring: Int] = [:]
        var cache: [Substring: Int] = [:]
        for line in ProbeText.lines(body) {
            let words = ProbeText.words(line)
            guard words.count == 3 else { continue }
            // Name, type and bytes in the table of ZFS, where type 4 is a number.
            if words[1] == "4", let figure = Int(words[2]), (0...Int.max / 4).contains(figure) {
                cache[words[0]] = figure
            }
            guard words[2] == "kB", let kilobytes = Int(words[1]), (0...Int.max / 4096).contains(kilobytes) else {
                continue
            }
            bytes[words[0].dropLast()] = kilobytes * 1024
        }
        guard let total = bytes["MemTotal"], total > 0, let available = bytes["MemAvailable"], available <= total
        else { throw ProbeText.unparsable("no MemTotal or MemAvailable", body) }
        let swap = (total: bytes["SwapTotal"] ?? 0, free: bytes["SwapFree"] ?? 0)
        guard swap.free <= swap.total else { throw ProbeText.unparsable("more free swap than swap", body) }
        // The kernel does not count what ZFS caches as available; ZFS gives it back down to c_min.
        let spare = cache["size"].flatMap { size in cache["c_min"].map { min(max(0, size - $0), total - available) } }
        return MemoryState(
            total: total, available: available + (spare ?? 0), swapTotal: swap.total, swapFree: swap.free,
            cachedByZFS: spare)
    }
}

/// Bytes. Source: `/proc/meminfo`, `/proc/spl/kstat/zfs/arcstats`.
package struct MemoryState: Hashable, Codable, Sendable {
    /// All that the kernel manages.
    package var total: Int
    /// What programs could get without swapping: as the kernel estimates it, and ``cachedByZFS``.
    package var available: Int
    /// 0 without swap.
    package var swapTotal: Int
    /// At most ``swapTotal``.
    package var swapFree: Int
    /// The part of ``available`` that the cache of ZFS would give back; `nil` without ZFS.
    package var cachedByZFS: Int?

    /// 0…1 of the whole.
    package var availableShare: Double { total > 0 ? Double(available) / Double(total) : 0 }
}
