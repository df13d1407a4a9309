// SPDX-License-Identifier: MIT
import Foundation
import MachaCore
import Testing

struct TrendTests {
    private let noon = Date(timeIntervalSince1970: 1_800_000_000)

    /// A look every hour; `nil` for one that did not know.
    private func history(_ disk: [Double?]) -> FigureHistory {
        let points = disk.enumerated().map { hour, share in
            FigurePoint(time: noon.addingTimeInterval(Double(hour) * 3600), load: 1, diskUsed: share)
        }
        return FigureHistory(points, mount: "/")
    }

    @Test func `what was not known is a hole, not a value`() throws {
        let disk = try #require(
            history([0.1, 0.2, 0.3, nil, nil, nil, 0.3, 0.4]).trends.first { $0.name.raw == "disk /" })
        #expect(disk.points.count == 5)
        #expect(disk.stretches.map(\.count) == [3, 2])
        #expect(history([0.1, nil, 0.3]).trends.map(\.name.raw) == ["load", "disk /"])
    }

    @Test func `a figure that was known once makes no trend`() {
        #expect(history([0.5]).trends.isEmpty)
        #expect(FigureHistory([], mount: "/").trends.isEmpty)
    }

    @Test func `a disk that grows evenly tells when it is full, also when something was deleted on the way`() throws {
        let even = (0..<24).map { 0.5 + 0.01 * Double($0) }
        let left = try #require(history(even).diskUntilFull)
        #expect(abs(left - 27 * 3600) < 60)
        var cleaned = even
        for hour in 5..<7 { cleaned[hour] -= 0.05 }
        #expect(abs(try #require(history(cleaned).diskUntilFull) - 27 * 3600) < 3600)
    }

    /// 24 hours, but for the last, which are five.
    private static let harmless: [[Double]] = {
        let steady = [Double](repeating: 0.7, count: 24)
        let breathing = steady.indices.map { (hour: Int) -> Double in hour % 2 == 0 ? 0.72 : 0.7 }
        let shrinking = steady.indices.map { (hour: Int) -> Double in 0.9 - 0.01 * Double(hour) }
        let slow = steady.indices.map { (hour: Int) -> Double in 0.5 + 0.00001 * Double(hour) }
        return [steady, breathing, shrinking, slow, [0.5, 0.55, 0.6, 0.65, 0.7]]
    }()

    @Test(arguments: harmless)
    func `a disk that stays, breathes, shrinks, hardly grows or is hardly known tells nothing`(shares: [Double]) {
        #expect(history(shares).diskUntilFull == nil)
    }
}
