// SPDX-License-Identifier: MIT

/// Amounts as sentences of findings say them.
enum FindingText {
    /// `90 seconds`, `5 minutes`, `3 hours`, `12 days`; never negative.
    static func span(_ seconds: Double) -> String {
        seconds < 120 ? count(Int(max(0, seconds).rounded()), "second") : roughSpan(seconds)
    }

    static func span(_ seconds: Int) -> String { span(Double(seconds)) }

    /// The same for what is known roughly: `1 minute` at least.
    static func roughSpan(_ seconds: Double) -> String {
        let amount = max(60, min(seconds, 1e12))
        switch amount {
        case ..<7200: return count(Int((amount / 60).rounded()), "minute")
        case ..<172_800: return count(Int((amount / 3600).rounded()), "hour")
        default: return count(Int((amount / 86_400).rounded()), "day")
        }
    }

    /// `640 KiB`, `3.5 GiB`, `12 TiB`.
    static func bytes(_ bytes: Double) -> String {
        for (unit, size) in [("TiB", 0x1p40), ("GiB", 0x1p30), ("MiB", 0x1p20), ("KiB", 0x1p10)] where bytes >= size {
            let tenths = Int((min(bytes / size, 1e6) * 10).rounded())
            return tenths >= 100 || tenths % 10 == 0
                ? "\(tenths / 10) \(unit)" : "\(tenths / 10).\(tenths % 10) \(unit)"
        }
        return "\(Int(bytes)) B"
    }

    static func bytes(_ bytes: Int) -> String { Self.bytes(Double(bytes)) }

    /// `1 day`, `2 days`.
    static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

    /// `2026-11-21 08:32 UTC`, for evidence.
    static func moment(_ seconds: Int) -> String {
        guard (0..<253_402_300_800).contains(seconds) else { return "@\(seconds)" }
        let (days, rest) = seconds.quotientAndRemainder(dividingBy: 86_400)
        // Source: howardhinnant.github.io/date_algorithms.html, civil_from_days.
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let part = (5 * dayOfYear + 2) / 153
        let month = part < 10 ? part + 3 : part - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return
            "\(year)-\(two(month))-\(two(dayOfYear - (153 * part + 2) / 5 + 1)) \(two(rest / 3600)):\(two(rest / 60 % 60)) UTC"
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
