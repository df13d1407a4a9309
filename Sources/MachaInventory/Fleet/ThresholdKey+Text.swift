// SPDX-License-Identifier: MIT
import MachaModel

/// Figures as the inventory writes them.
extension ThresholdKey {
    /// The value in `text`, in the unit of this key.
    func value(of text: String) throws(ValueValidationError) -> Double {
        switch unit {
        case .share: try share(text)
        case .percent: try percent(text)
        case .bytes: try bytes(text)
        case .seconds: Double(try InventoryValue.interval(text))
        case .count: try count(text)
        case .factor: try factor(text)
        }
    }

    /// `value` as the inventory would write it.
    func text(_ value: Double) -> String {
        switch unit {
        case .share: "\(shortest(value * 100))%"
        case .percent: "\(shortest(value))%"
        case .bytes: size(value)
        case .seconds: DurationText.exact(Int(value))
        case .count, .factor: shortest(value)
        }
    }

    /// What `thresholds` say under this name.
    func text(in thresholds: Thresholds) -> String { text(get(thresholds)) }

    private func share(_ text: String) throws(ValueValidationError) -> Double {
        if text.hasSuffix("%"), let percent = number(text.dropLast()), (0...100).contains(percent) {
            return percent / 100
        }
        if let share = number(text[...]), (0...1).contains(share) { return share }
        let isBarePercent = number(text[...]).map { (1...100).contains($0) } ?? false
        throw ValueValidationError(
            "\(text.quoted) is not a share; write 85% or 0.85", suggestion: isBarePercent ? "\(text)%" : nil)
    }

    private func percent(_ text: String) throws(ValueValidationError) -> Double {
        let digits = text.hasSuffix("%") ? text.dropLast() : text[...]
        guard let percent = number(digits), (0...100).contains(percent) else {
            throw ValueValidationError("\(text.quoted) is not a percentage of time; write 40%")
        }
        return percent
    }

    private func count(_ text: String) throws(ValueValidationError) -> Double {
        let count = try InventoryValue.count(text)
        guard count <= 1_000_000_000 else {
            throw ValueValidationError("\(text.quoted) is too large")
        }
        return Double(count)
    }

    private func factor(_ text: String) throws(ValueValidationError) -> Double {
        guard let factor = number(text[...]), factor > 0, factor <= 1_000_000 else {
            throw ValueValidationError("\(text.quoted) is not a factor; write a number above 0, such as 1.5")
        }
        return factor
    }

    private func bytes(_ text: String) throws(ValueValidationError) -> Double {
        guard let bytes = ByteText.bytes(text) else {
            throw ValueValidationError(
                "\(text.quoted) is not a size; write a number and a unit: 500MiB, 100GiB or 2TiB")
        }
        return bytes
    }

    private func number(_ text: Substring) -> Double? {
        let isPlain = text.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2e }
        return isPlain ? Double(text) : nil
    }

    private func shortest(_ value: Double) -> String {
        let rounded = (value * 1000).rounded() / 1000
        return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
    }

    private func size(_ bytes: Double) -> String {
        let (amount, unit) = ByteText.scaled(bytes)
        return shortest(amount) + unit
    }
}
