// SPDX-License-Identifier: MIT

/// The reasoning behind ``FillOutcome``, step by step.
struct FillForecaster {
    private let points: [FillForecast.Point]
    private let recent: [FillForecast.Point]
    private let now: FillForecast.Point
    private let tides: UsageCycles

    private static let hour = 3600.0
    private static let day = 86_400.0

    init?(hourly: [FillForecast.Point], recent: [FillForecast.Point]) {
        guard var now = recent.last ?? hourly.last, now.size > 0 else { return nil }
        // One look can meet a moment's peak.
        let lately = recent.filter { $0.at > now.at - Self.hour / 2 }
        if lately.count >= 3 { now.used = RobustTrend.median(lately.map(\.used)) }
        self.now = now
        self.recent = recent
        points = hourly.filter { $0.at < now.at } + [now]
        tides = UsageCycles(points)
    }

    var outlook: FillOutcome {
        guard points.count >= 4 else { return judgeRecent() ?? .open(.tooShort) }
        if tides.isFalling { return .open(.notGrowing) }
        if let ceiling = tides.ceiling, now.used <= ceiling { return judgePeaks() }
        let rising = points.filter { $0.at >= tides.lastTurn }
        var refusal: FillForecast.Refusal?
        var chosen: Window?
        for span in spans(upTo: now.at - (rising.first?.at ?? now.at)) {
            let part = rising.filter { $0.at >= now.at - span }
            switch Window.judge(part, now) {
            case .failure(let reason): refusal = refusal ?? reason
            case .success(let window):
                guard span >= 2 * Self.day || isBeyondEarlierRises(window) else { continue }
                if chosen.map({ window.differs(from: $0) }) ?? true { chosen = window }
            }
        }
        let long = chosen.map { $0.forecast(now) }
        // What happens within hours is seen only in single samples, and overrules what days say.
        if case .fills(let soon)? = judgeRecent(), soon.latest < (long?.forecast?.earliest ?? .infinity) {
            return .fills(soon)
        }
        return long ?? .open(refusal ?? .tooShort)
    }

    /// The whole rise and ever shorter ends of it, none under half a day.
    private func spans(upTo whole: Double) -> [Double] {
        let shorter = [14, 7, 3.5, 2, 1, 0.5].map { $0 * Self.day }.filter { $0 < whole * 0.8 }
        return whole >= 0.5 * Self.day ? [whole] + shorter : []
    }

    /// Growth within hours: believed only when it is steady, when less is left than has just been added, and when it is
    /// more than any earlier rise that ended.
    private func judgeRecent() -> FillOutcome? {
        guard now.share >= 0.7 else { return nil }
        for hours in [6.0, 3, 1] {
            let part = recent.filter { $0.at >= now.at - hours * Self.hour && $0.at >= tides.lastTurn }
            guard let first = part.first, now.at - first.at >= 0.8 * hours * Self.hour, part.count >= 10,
                case .success(let window) = Window.judge(part, now), isBeyondEarlierRises(window),
                case .fills(let forecast) = window.forecast(now), forecast.seconds <= window.span
            else { continue }
            return .fills(forecast)
        }
        return nil
    }

    /// Whether `window` has added more than any stretch as long did before: a nightly import is as steep as a disaster,
    /// but it was there yesterday.
    private func isBeyondEarlierRises(_ window: Window) -> Bool {
        let start = now.at - window.span
        let earlier = points.filter { $0.at < start }
        var largest = 0.0
        var tail = 0
        for (index, point) in earlier.enumerated() {
            while earlier[tail].at < point.at - window.span { tail += 1 }
            let least = earlier[tail...index].lazy.map(\.used).min() ?? point.used
            largest = max(largest, point.used - least)
        }
        return window.rate * window.span > 1.2 * largest
    }

    private func judgePeaks() -> FillOutcome {
        let peaks = tides.peaks.map { (time: $0.at, value: $0.used) }
        guard peaks.count >= 4, let trend = RobustTrend(peaks), trend.lowest > 0, let last = peaks.last else {
            return .open(.cyclic)
        }
        let span = last.time - peaks[0].time
        let left = now.size - trend.level
        let seconds = max(0, last.time + left / trend.slope - now.at)
        guard span > 0, seconds <= 2 * span else { return .open(.tooFar) }
        return .fills(
            FillForecast(
                seconds: seconds, earliest: max(0, last.time + left / trend.highest - now.at),
                latest: max(0, last.time + left / trend.lowest - now.at), rate: trend.slope, span: span))
    }
}

/// One stretch of growth that is steady enough to be continued.
struct Window {
    let trend: RobustTrend
    let span: Double
    /// What the second half added for each byte of the first.
    private let fading: Double

    var rate: Double { trend.slope }

    /// Whether `part`, which ends now, grows steadily.
    static func judge(_ part: [FillForecast.Point], _ now: FillForecast.Point) -> Result<Window, Refused> {
        guard let first = part.first, part.count >= 10 else { return .failure(.tooShort) }
        let points = RobustTrend.thinned(part.map { (time: $0.at, value: $0.used) })
        guard let trend = RobustTrend(points) else { return .failure(.tooShort) }
        let span = now.at - first.at
        let growth = trend.slope * span
        guard trend.lowest > 0, growth > max(4 * trend.noise, 0.002 * now.size) else {
            return .failure(.notGrowing)
        }
        let quarters = growthByQuarter(points)
        let mean = growth / 4
        let isSteady =
            quarters.count { $0 >= 0.25 * mean } >= 3 && quarters.allSatisfy { $0 <= 2.5 * mean }
            && (quarters.last ?? 0) >= 0.25 * mean
        guard isSteady else { return .failure(.unsteady) }
        let early = quarters[0] + quarters[1]
        return .success(
            Window(trend: trend, span: span, fading: early > 0 ? (quarters[2] + quarters[3]) / early : 1))
    }

    /// Whether the other's rate is surely not this one's, and this one's not the other's.
    func differs(from other: Window) -> Bool {
        let isFaster = trend.lowest > other.trend.highest && rate > 1.25 * other.rate
        let isSlower = trend.highest < other.trend.lowest && rate < 0.8 * other.rate
        return isFaster || isSlower
    }

    func forecast(_ now: FillForecast.Point) -> FillOutcome {
        let level = min(max(trend.level, now.used - 3 * trend.noise), now.used + 3 * trend.noise)
        let left = max(0, now.size - level)
        // Each half adds `fading` of the half before: a geometric row with an end.
        if fading < 0.75, left > rate * span / 2 * fading / (1 - fading) { return .open(.slowing) }
        let seconds = left / rate
        guard seconds <= 2 * span else { return .open(.tooFar) }
        return .fills(
            FillForecast(
                seconds: seconds, earliest: left / trend.highest, latest: left / trend.lowest, rate: rate, span: span))
    }

    private static func growthByQuarter(_ points: [(time: Double, value: Double)]) -> [Double] {
        guard let first = points.first?.time, let last = points.last?.time else { return [] }
        let width = (last - first) / 4
        let levels = (0...4).map { index -> Double in
            let center = first + Double(index) * width
            let near = points.filter { abs($0.time - center) <= width / 3 }
            return RobustTrend.median((near.isEmpty ? points : near).map(\.value))
        }
        return zip(levels, levels.dropFirst()).map { $1 - $0 }
    }
}

/// Why a stretch is not continued.
typealias Refused = FillForecast.Refusal

extension FillForecast.Refusal: Error {}
