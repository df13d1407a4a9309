// SPDX-License-Identifier: MIT

/// Arithmetic that is asked for often enough to be approximate.
enum QuickMath {
    static func log2(_ value: Double) -> Double {
        guard value > 0 else { return 0 }
        let ratio = (value.significand - 1) / (value.significand + 1)
        let square = ratio * ratio
        let ln = 2 * ratio * (1 + square / 3 + square * square / 5 + square * square * square / 7)
        return Double(value.exponent) + ln * 1.442_695_040_888_963_4
    }
}
