// SPDX-License-Identifier: MIT

/// Spans of time as people type them, and as Macha says them.
package enum DurationText {
    /// The units that are typed; systemd understands them too.
    private static let units: [(name: Character, seconds: Int)] = [
        ("w", 604_800), ("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1),
    ]

    /// Whole seconds of `90s`, `5m`, `1h30m`, `1.5h`, `3d` or `2w`; `nil` for anything else, and for more than
    /// thirty thousand years.
    package static func seconds(_ text: String) -> Int? {
        var total = 0.0
        var number = ""
        for character in text {
            guard let unit = units.first(where: { $0.name == character }) else {
                number.append(character)
                continue
            }
            guard let count = plainNumber(number) else { return nil }
            total += count * Double(unit.seconds)
            number = ""
        }
        guard !text.isEmpty, number.isEmpty, total < 1e12, total == total.rounded() else { return nil }
        return Int(total)
    }

    /// `1d`, `90m`, `45s`: the largest unit up to a day that needs no fraction. ``seconds(_:)`` reads it again.
    package static func exact(_ seconds: Int) -> String {
        for (name, length) in units.dropFirst() where seconds % length == 0 && (seconds > 0 || length == 1) {
            return "\(seconds / length)\(name)"
        }
        return "\(seconds)s"
    }

    /// As a sentence says it: `90 seconds`, `5 minutes`, `3 hours`, `12 days`; never negative.
    package static func words(_ seconds: Double) -> String {
        seconds < 120 ? Self.count(Int(max(0, seconds).rounded()), "second") : roughWords(seconds)
    }

    /// The same for what is known roughly: `1 minute` at least.
    package static func roughWords(_ seconds: Double) -> String {
        let amount = max(60, min(seconds, 1e12))
        switch amount {
        case ..<7_200: return count(Int((amount / 60).rounded()), "minute")
        case ..<172_800: return count(Int((amount / 3_600).rounded()), "hour")
        default: return count(Int((amount / 86_400).rounded()), "day")
        }
    }

    /// `1 day`, `2 days`.
    package static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

    /// The number that ASCII digits, and at most one point between them, write.
    private static func plainNumber(_ text: String) -> Double? {
        guard text.utf8.count <= 12, text.first != ".", text.last != ".",
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2e })
        else { return nil }
        return Double(text)
    }
}
