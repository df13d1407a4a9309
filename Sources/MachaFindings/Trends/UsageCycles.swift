// SPDX-License-Identifier: MIT

/// Where the use of something turned: peaks before it was cleaned up, troughs before it grew again.
struct UsageCycles {
    /// Each followed by a fall; the last one is not what is there now.
    private(set) var peaks: [FillForecast.Point] = []
    private(set) var troughs: [FillForecast.Point] = []
    /// The last that happened was a fall.
    private(set) var isFalling = false
    /// When the last rise began.
    private(set) var lastTurn: Double
    private let depth: Double

    /// Falls of less than a hundredth of the size, or within the noise, are no turns.
    init(_ points: [FillForecast.Point]) {
        let size = points.last?.size ?? 0
        let steps = zip(points, points.dropFirst()).map { $1.used - $0.used }
        let usual = RobustTrend.median(steps)
        depth = max(0.01 * size, 10 * RobustTrend.median(steps.map { abs($0 - usual) }))
        lastTurn = points.first?.at ?? 0
        guard var high = points.first, var low = points.first else { return }
        var isRising = true
        for point in points.dropFirst() {
            if isRising {
                if point.used >= high.used { high = point }
                guard point.used < high.used - depth else { continue }
                peaks.append(high)
                isRising = false
                low = point
            } else {
                if point.used <= low.used { low = point }
                guard point.used > low.used + depth else { continue }
                troughs.append(low)
                lastTurn = low.at
                isRising = true
                high = point
            }
        }
        isFalling = !isRising
        if isFalling {
            troughs.append(low)
            // After a fall at once it is not falling for ever: what came after the lowest point is a rise of its own.
            if low.at < (points.last?.at ?? 0) {
                isFalling = false
                lastTurn = low.at
            }
        }
    }

    /// Up to here it rises as a matter of course; `nil` where nothing shows that it is cleaned up by itself.
    ///
    /// One clean-up of something nearly full was most likely a person's.
    var ceiling: Double? {
        let routine = peaks.count >= 2 ? peaks : peaks.filter { $0.share < 0.85 }
        guard let highest = routine.map(\.used).max() else { return nil }
        let swing = zip(peaks, troughs).map { $0.used - $1.used }.max() ?? 0
        return highest + 0.1 * swing
    }
}
