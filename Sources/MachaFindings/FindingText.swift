// SPDX-License-Identifier: MIT
import MachaModel

/// Amounts as sentences of findings say them.
enum FindingText {
    /// `90 seconds`, `3 hours`.
    static func span(_ seconds: Double) -> String { DurationText.words(seconds) }

    static func span(_ seconds: Int) -> String { DurationText.words(Double(seconds)) }

    /// The same for what is known roughly: `1 minute` at least.
    static func roughSpan(_ seconds: Double) -> String { DurationText.roughWords(seconds) }

    /// `640 KiB`, `3.5 GiB`.
    static func bytes(_ bytes: Double) -> String { ByteText.words(bytes) }

    static func bytes(_ bytes: Int) -> String { ByteText.words(Double(bytes)) }

    /// `1 day`, `2 days`.
    static func count(_ number: Int, _ noun: String) -> String { DurationText.count(number, noun) }

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
