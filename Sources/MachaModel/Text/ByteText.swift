// SPDX-License-Identifier: MIT

/// Sizes as people type them, and as Macha says them.
package enum ByteText {
    /// What a unit stands for. `K`, `M`, `G` and `T` alone are powers of 1024, as systemd and coreutils have them.
    private static let units: [String: Double] = [
        "B": 1, "K": 0x1p10, "KiB": 0x1p10, "M": 0x1p20, "MiB": 0x1p20, "G": 0x1p30, "GiB": 0x1p30, "T": 0x1p40,
        "TiB": 0x1p40, "kB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12,
    ]
    private static let binary: [(name: String, bytes: Double)] = [
        ("TiB", 0x1p40), ("GiB", 0x1p30), ("MiB", 0x1p20), ("KiB", 0x1p10),
    ]

    /// Bytes of `500MiB`, `100 GiB`, `1G` or `2TB`; `nil` for anything else, and for 10^18 bytes or more.
    package static func bytes(_ text: String) -> Double? {
        let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let unit = text.dropFirst(digits.count).drop { $0 == " " }
        guard let factor = units[String(unit)], let amount = Double(digits), amount * factor < 1e18 else { return nil }
        return (amount * factor).rounded()
    }

    /// `1G`, `500M`: the largest unit that needs no fraction, as journalctl takes it. ``bytes(_:)`` reads it again.
    package static func exact(_ bytes: Int) -> String {
        for (name, size) in binary where bytes > 0 && bytes % Int(size) == 0 {
            return "\(bytes / Int(size))\(name.prefix(1))"
        }
        return "\(bytes)"
    }

    /// As a sentence says it, with three digits: `640 KiB`, `3.5 GiB`, `12 TiB`.
    package static func words(_ bytes: Double) -> String {
        for (name, size) in binary where bytes >= size {
            let tenths = Int((min(bytes / size, 1e6) * 10).rounded())
            return tenths >= 100 || tenths % 10 == 0
                ? "\(tenths / 10) \(name)" : "\(tenths / 10).\(tenths % 10) \(name)"
        }
        return "\(Int(bytes)) B"
    }

    /// The unit in which `bytes` are at least one, and how many of them there are: (`GiB`, 1.5); `B` below 1024.
    package static func scaled(_ bytes: Double) -> (amount: Double, unit: String) {
        for (name, size) in binary where bytes >= size { return (bytes / size, name) }
        return (bytes, "B")
    }
}
