// SPDX-License-Identifier: MIT

/// How much memory there is, and how much of it a program could get.
package enum MemoryProbe: Probe {
    package static let name = "memory"
    package static let byteLimit = 16 * 1024
    package static let script = "cat /proc/meminfo"

    package static func parse(_ body: String) throws(ProbeFailure) -> MemoryState {
        var bytes: [Substring: Int] = [:]
        for line in ProbeText.lines(body) {
            let words = ProbeText.words(line)
            guard words.count == 3, words[2] == "kB", let kilobytes = Int(words[1]),
                (0...Int.max / 4096).contains(kilobytes)
            else { continue }
            bytes[words[0].dropLast()] = kilobytes * 1024
        }
        guard let total = bytes["MemTotal"], total > 0, let available = bytes["MemAvailable"], available <= total
        else { throw ProbeText.unparsable("no MemTotal or MemAvailable", body) }
        let swap = (total: bytes["SwapTotal"] ?? 0, free: bytes["SwapFree"] ?? 0)
        guard swap.free <= swap.total else { throw ProbeText.unparsable("more free swap than swap", body) }
        return MemoryState(
            total: total, available: available, swapTotal: swap.total, swapFree: swap.free)
    }
}

/// Bytes. Source: `/proc/meminfo`.
package struct MemoryState: Hashable, Codable, Sendable {
    /// All that the kernel manages.
    package var total: Int
    /// What programs could get without swapping, as the kernel estimates it.
    package var available: Int
    /// 0 without swap.
    package var swapTotal: Int
    /// At most ``swapTotal``.
    package var swapFree: Int

    /// 0…1 of the whole.
    package var availableShare: Double { total > 0 ? Double(available) / Double(total) : 0 }
}
