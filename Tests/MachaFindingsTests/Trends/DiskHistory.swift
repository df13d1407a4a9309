// SPDX-License-Identifier: MIT
import MachaFindings

import func Foundation.exp

/// A made-up file system of 1,000 units, looked at every five minutes.
struct DiskHistory: CustomStringConvertible {
    enum Course: String, CaseIterable {
        // These fill.
        case linear, noisy, steps, cleanUp, resize, faster, dayAndNight
        // These never do.
        case flat, rotation, weeklySweep, oneStep, cache, falling, wandering, nightlyBackup

        /// Its place among all: a seed of its own.
        var number: Int { Self.allCases.firstIndex(of: self) ?? 0 }
        var fills: Bool { number < Course.flat.number }
    }

    static let size = 1000.0
    static let step = 300.0
    static let days = 28.0
    static let length = Int(days * 86_400 / step)
    /// Where histories that fill go on, to know when.
    static let most = length + 14 * 288

    let course: Course
    let seed: Int
    /// Every look, also beyond now for histories that fill.
    let used: [Double]
    private let levels: [Double]
    /// The mean of every whole hour from the first look on.
    private let hours: [Double]
    let sizes: (before: Double, after: Double, change: Int)

    var description: String { "\(course.rawValue) \(seed)" }

    /// Seconds from look `now` until it is full in truth.
    func truth(at now: Int) -> Double? {
        levels.indices.dropFirst(now).first { levels[$0] >= size(at: $0) }.map { Double($0 - now) * Self.step }
    }

    private func size(at index: Int) -> Double { index < sizes.change ? sizes.before : sizes.after }

    /// What Macha knows at look `now`: hours, and every look of the last six hours.
    func known(at now: Int) -> (hourly: [FillForecast.Point], recent: [FillForecast.Point]) {
        let size = size(at: now)
        let hourly = (max(0, now - Self.length) / 12..<now / 12).map { hour in
            FillForecast.Point(at: Double(hour) * 3600 + 1800, used: hours[hour], size: size)
        }
        let recent = (max(0, now - 72)...now).map {
            FillForecast.Point(at: Double($0) * Self.step, used: used[$0], size: size)
        }
        return (hourly, recent)
    }

    init(_ course: Course, seed: Int) {
        var random = SeededNumbers(seed * 100 + course.number)
        self.course = course
        self.seed = seed
        let noise = course == .noisy ? random.number(1...5) : random.number(0.1...1)
        var sizes = (before: Self.size, after: Self.size, change: 0)
        let count = course.fills ? Self.most : Self.length
        let levels: [Double]
        switch course {
        case .linear, .noisy, .steps, .cleanUp, .resize, .faster, .dayAndNight:
            // Full some time between half a day and ten days after the last look.
            let left = random.number(0.5...10)
            let rate = random.number(5...25)
            let end = Self.days + left
            switch course {
            case .steps:
                let every = random.number(0.2...1)
                levels = Self.each(count) { 1000 - (end / every - ($0 / every).rounded(.down)) * rate * every }
            case .cleanUp:
                let at = random.number(5...24)
                let freed = random.number(60...400)
                levels = Self.each(count) { 1000 - (end - $0) * rate + ($0 < at ? freed : 0) }
            case .resize:
                let at = random.number(5...24)
                sizes = (1000 - random.number(50...200), 1000, Int(at * 288))
                levels = Self.each(count) { 1000 - (end - $0) * rate }
            case .faster:
                let at = Self.days - random.number(2...6)
                levels = Self.each(count) { 1000 - (end - $0) * rate + ($0 < at ? (at - $0) * rate * 0.75 : 0) }
            case .dayAndNight:
                levels = Self.each(count) { day in
                    let part = day - day.rounded(.down)
                    return 1000 - (end - day.rounded(.down) - min(1, max(0, (part - 0.33) / 0.4))) * rate
                }
            default: levels = Self.each(count) { 1000 - (end - $0) * rate }
            }
        case .flat:
            let level = random.number(100...930)
            levels = Self.each(count) { _ in level }
        case .rotation:
            let low = random.number(100...600)
            let rise = random.number(20...250)
            let phase = random.number(0...1)
            let period = [0.25, 1, 1, 2][Int.random(in: 0..<4, using: &random)]
            levels = Self.each(count) { day in
                let part = (day + phase) / period
                return low + rise * (part - part.rounded(.down))
            }
        case .weeklySweep:
            let low = random.number(200...500)
            let rise = random.number(100...400)
            let phase = random.number(0...1)
            let period = random.number(5...9)
            levels = Self.each(count) { day in
                let part = day / period + phase
                return low + rise * (part - part.rounded(.down))
            }
        case .oneStep:
            let low = random.number(100...450)
            let rise = random.number(30...250)
            let at = random.number(3...26)
            let lasts = random.number(0.01...0.3)
            levels = Self.each(count) { low + rise * min(1, max(0, ($0 - at) / lasts)) }
        case .cache:
            let low = random.number(50...300)
            let rise = random.number(100...500)
            let time = random.number(1...5)
            levels = Self.each(count) { day in low + rise * (1 - exp(-day / time)) }
        case .falling:
            let high = random.number(600...930)
            let rate = random.number(1...15)
            levels = Self.each(count) { high - $0 * rate }
        case .wandering:
            var value = random.number(300...700)
            let middle = value
            levels = (0..<count).map { _ in
                value += random.noise() * 1.2 - (value - middle) * 0.004
                return value
            }
        case .nightlyBackup:
            let low = random.number(200...500)
            let rise = random.number(50...300)
            let hours = random.number(1...5)
            levels = Self.each(count) { day in
                let hour = (day - day.rounded(.down)) * 24
                return low + (hour < hours ? rise * hour / hours : hour < hours + 1 ? rise : 0)
            }
        }
        self.sizes = sizes
        let used = levels.map { max(0, $0 + random.noise() * noise) }
        self.used = used
        self.levels = levels
        hours = (0..<count / 12).map { hour in (hour * 12..<hour * 12 + 12).reduce(0) { $0 + used[$1] } / 12 }
    }

    private static func each(_ count: Int, _ level: (Double) -> Double) -> [Double] {
        (0..<count).map { level(Double($0) * step / 86_400) }
    }
}
