// SPDX-License-Identifier: MIT

/// A number as a text gives it, with what it counts where the text says so.
struct Quantity {
    /// What may be compared. `91 %` of something is never 91 GiB of it.
    enum Dimension { case share, time, size, temperature, speed }

    struct Unit {
        var dimension: Dimension
        /// How much of the dimension's base unit it is. A megabyte is meant both ways.
        var factors: [Double]
    }

    /// As it is written, in its own unit.
    var written: Double
    var unit: Unit?

    /// Whether one of `others`, which lines give, is this one: the same, rounded to its digits, or in another unit.
    func stands(in others: [Quantity]) -> Bool {
        others.contains { other in
            switch (unit, other.unit) {
            case (let own?, let its?):
                own.dimension == its.dimension
                    && own.factors.contains { factor in
                        its.factors.contains { isNear(other.written * $0 / factor) }
                    }
            case (.some, nil): isSame(other.written) || isScaled(other.written)
            case (nil, _): isSame(other.written)
            }
        }
    }

    /// Whether `value`, in this quantity's own unit, gives what is written when it is rounded.
    private func isNear(_ value: Double) -> Bool {
        let step = written == written.rounded() ? 0.5 : 0.05
        return value > 0 && abs(value - written) <= max(step, 0.02 * written) || value == written
    }

    private func isSame(_ other: Double) -> Bool {
        other == written || other.rounded() == written || other < 1 && (other * 100).rounded() == written
    }

    /// Lines also give bytes or seconds and do not say so.
    private func isScaled(_ other: Double) -> Bool {
        unit.map { $0.factors.contains { $0 > 1 && other / $0 >= 1 && isNear(other / $0) } } ?? false
    }

    var text: String {
        written == written.rounded() && abs(written) < 1e15 ? String(Int(written)) : String(written)
    }
}

extension Quantity.Unit {
    /// The unit of this name, as people and logs write it; `nil` when it is none.
    init?(_ name: some StringProtocol) {
        guard let unit = Self.known[name.lowercased()] else { return nil }
        self = unit
    }

    private static let known: [String: Self] = {
        var units: [String: Self] = [:]
        func add(_ names: String, _ dimension: Quantity.Dimension, _ factors: [Double]) {
            for name in names.split(separator: " ") {
                units[String(name)] = Self(dimension: dimension, factors: factors)
            }
        }
        add("% percent", .share, [1])
        add("ns", .time, [1e-9])
        add("us µs μs", .time, [1e-6])
        add("ms millisecond milliseconds", .time, [1e-3])
        add("s sec secs second seconds", .time, [1])
        add("min mins minute minutes", .time, [60])
        add("h hr hrs hour hours", .time, [3_600])
        add("d day days", .time, [86_400])
        add("week weeks", .time, [604_800])
        add("b byte bytes", .size, [1])
        for (power, letter) in ["k", "m", "g", "t", "p"].enumerated() {
            let binary = (0...power).reduce(1.0) { product, _ in product * 1_024 }
            let decimal = (0...power).reduce(1.0) { product, _ in product * 1_000 }
            add("\(letter)b \(letter)ib", .size, [binary, decimal])
        }
        add("c °c °f celsius degrees", .temperature, [1])
        add("rpm", .speed, [1])
        return units
    }()
}
