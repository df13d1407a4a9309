// SPDX-License-Identifier: MIT
import Foundation
import Macha
import MachaFindings
import MachaModel
import Testing

struct TrendTests {
    private let noon = 1_800_000_000

    /// A bucket every hour of a disk of 1000 bytes; `nil` where nobody looked.
    private func history(_ disk: [Double?], outlook: FillOutcome = .open(.tooShort)) -> FigureHistory {
        func buckets(_ value: (Double) -> Double, spread: Double = 0) -> [MetricBucket?] {
            disk.enumerated().map { hour, share in
                share.map { share in
                    let mean = value(share)
                    return MetricBucket(
                        start: noon + hour * 3600, min: mean - spread, mean: mean, max: mean + spread)
                }
            }
        }
        return FigureHistory(
            [
                SeriesKey(.load): buckets { _ in 1 }, SeriesKey(.diskUsed, "/"): buckets({ $0 * 1000 }, spread: 20),
                SeriesKey(.diskSize, "/"): buckets { _ in 1000 },
            ], mount: "/", outlook: outlook)
    }

    @Test func `unknown samples are a gap in a trend, not a value`() throws {
        let disk = try #require(
            history([0.1, 0.2, 0.3, nil, nil, nil, 0.3, 0.4]).trends.first { $0.name.raw == "disk /" })
        #expect(disk.points.count == 5)
        #expect(disk.stretches.map(\.count) == [3, 2])
        #expect(history([0.1, nil, 0.3]).trends.map(\.name.raw) == ["load", "disk /"])
    }

    @Test func `a point is the mean of its span, with the lowest and the highest, as shares of the disk`() throws {
        let disk = try #require(history([0.5, 0.99]).trends.last)
        #expect(disk.points.map(\.value) == [0.5, 0.99])
        #expect(disk.points.map(\.low) == [0.48, 0.97])
        #expect(disk.points.map(\.high) == [0.52, 1])
    }

    @Test func `a figure that was known once makes no trend`() {
        #expect(history([0.5]).trends.isEmpty)
        #expect(FigureHistory([:], mount: "/", outlook: .open(.tooShort)).trends.isEmpty)
    }

    @Test func `the time until full is the outlook's`() {
        let forecast = FillForecast(seconds: 7200, earliest: 7000, latest: 8000, rate: 1, span: 86_400)
        #expect(history([0.5, 0.6], outlook: .fills(forecast)).diskUntilFull == 7200)
        #expect(history([0.5, 0.6], outlook: .open(.cyclic)).diskUntilFull == nil)
    }
}
