// SPDX-License-Identifier: MIT
import Macha
import MachaModel

import struct Foundation.Date

/// A trend as a small line in SVG. Holes stay holes.
enum Sparkline {
    /// A picture that speaks for itself: with words for those who cannot see it.
    static func svg(_ trend: Trend) -> HTML {
        let drawing = drawing(trend, width: 120, height: 24, step: 1)
        return "<svg viewBox=\"0 0 120 24\" role=img aria-label=\"\(label(trend))\">\(drawing)</svg>"
    }

    /// A small one beside its figure, in a row of a table: every second point, and every hole.
    static func mark(_ trend: Trend) -> HTML {
        "<svg viewBox=\"0 0 60 16\" aria-hidden=true>\(drawing(trend, width: 60, height: 16, step: 2))</svg>"
    }

    /// `width` and `height` are the drawing's own units, which the style sheet scales.
    private static func drawing(_ trend: Trend, width: Int, height: Int, step: Int) -> HTML {
        guard let first = trend.points.first, let last = trend.points.last, first.time < last.time else { return "" }
        let span = last.time.timeIntervalSince(first.time)
        let (low, high) = range(trend)
        func place(_ point: Trend.Point) -> (x: Int, y: Int) {
            let x = point.time.timeIntervalSince(first.time) / span * Double(width - 4)
            let y = (point.value - low) / (high - low) * Double(height - 4)
            return (2 + Int(x.rounded()), height - 2 - Int(min(max(0, y), Double(height - 4)).rounded()))
        }
        let end = place(last)
        let line: HTML = "<path d=\"\(trend.stretches.map { path(thinned($0, step).map(place)) })\"/>"
        return "\(line)<circle cx=\(end.x) cy=\(end.y) r=2 />"
    }

    /// Every `step`th point of a stretch, with its first and its last.
    private static func thinned(_ stretch: [Trend.Point], _ step: Int) -> [Trend.Point] {
        stretch.indices.filter { $0 % step == 0 || $0 == stretch.count - 1 }.map { stretch[$0] }
    }

    /// What the picture shows, in words: for those who cannot see it, and below it for those who can.
    static func label(_ trend: Trend) -> Cell {
        guard let low = trend.points.map(\.low).min(), let high = trend.points.map(\.high).max(),
            let last = trend.points.last?.value
        else { return Cell(trend.name) }
        let ends = [low, high].map { text($0, trend.unit) }
        guard ends[0] != ends[1] else { return Cell("\(trend.name.raw): steady at \(ends[0])") }
        return Cell(
            "\(trend.name.raw): now \(text(last, trend.unit)), between \(ends[0]) and \(ends[1])"
        )
    }

    static func text(_ value: Double, _ unit: Trend.Unit) -> String {
        switch unit {
        case .share: HumanFormat.percent(value)
        case .number: HumanFormat.decimal(value)
        }
    }

    /// From the lowest to the highest value, but never so close that noise looks like a mountain: at least a tenth of a
    /// whole, or one unit of load.
    private static func range(_ trend: Trend) -> (low: Double, high: Double) {
        let values = trend.points.map(\.value)
        let (low, high) = (values.min() ?? 0, values.max() ?? 0)
        let least = trend.unit == .share ? 0.1 : 1.0
        let room = max(0, least - (high - low))
        return low >= room / 2 ? (low - room / 2, high + room / 2) : (0, max(high, least))
    }

    /// Relative steps, which are shorter than places. A lone point gets a stroke of its own width.
    private static func path(_ places: [(x: Int, y: Int)]) -> HTML {
        guard var last = places.first else { return "" }
        var path: HTML = "M\(last.x) \(last.y)"
        if places.count == 1 { path += "h1" }
        for place in places.dropFirst() where place.x > last.x {
            path += "l\(place.x - last.x) \(place.y - last.y)"
            last = place
        }
        return path
    }
}
