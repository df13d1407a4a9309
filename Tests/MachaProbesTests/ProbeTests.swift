// SPDX-License-Identifier: MIT
import Foundation
import MachaModel
import MachaProbes
import MachaTestSupport
import Testing

struct ProbeTests {
    @Test(arguments: ProbeFixture.all)
    func `a recorded answer is understood as its file says`(fixture: ProbeFixture) throws {
        let probe = try #require(ProbeCatalog.all.first { $0.name == fixture.probe })
        #expect(try fixture.reading(by: probe) == fixture.expected)
    }

    @Test func `every fixture file can be read and belongs to a probe`() {
        let files = Fixture.files(in: "probes").filter { $0.pathExtension == "json" }
        #expect(!files.isEmpty && files.count == ProbeFixture.all.count)
        #expect(Set(ProbeFixture.all.map(\.probe)) == Set(ProbeCatalog.all.map { $0.name }))
    }

    /// Where nothing the probe says is a fault, and no version or system says it otherwise.
    private static let exceptions: [String: Set<ProbeFixture.Kind>] = [
        "system": [.faulty], "cpu": [.faulty], "sessions": [.faulty], "ports": [.faulty], "blocks": [.faulty],
        "store": [.faulty],
    ]

    @Test(arguments: ProbeCatalog.all.map { $0.name })
    func `every probe has a fixture of every kind`(probe: String) {
        let kinds = Set(ProbeFixture.all.filter { $0.probe == probe }.map(\.kind))
        let wanted: Set<ProbeFixture.Kind> = [
            .healthy, .faulty, .toolMissing, .permissionRefused, .garbage, .variant,
        ]
        let lacking = wanted.subtracting(kinds).subtracting(Self.exceptions[probe] ?? [])
        #expect(lacking.isEmpty, "\(probe) lacks \(lacking.map(\.rawValue).sorted())")
    }

    @Test(arguments: ProbeFixture.all)
    func `a case is what its kind says`(fixture: ProbeFixture) {
        let isUnknown = fixture.expected.hasPrefix("unknown")
        switch fixture.kind {
        case .healthy, .faulty: #expect(!isUnknown)
        case .toolMissing: #expect(fixture.expected == "unknown: tool-missing")
        case .permissionRefused: #expect(fixture.expected == "unknown: permission")
        case .garbage: #expect(fixture.expected == "unknown: unparsable")
        case .variant, .translated, .other: break
        }
    }

    @Test(arguments: ProbeFixture.all.filter { $0.kind == .healthy })
    func `a truncated answer is never known`(fixture: ProbeFixture) throws {
        let probe = try #require(ProbeCatalog.all.first { $0.name == fixture.probe })
        var cut = fixture
        cut.section.isTruncated = true
        #expect(try cut.reading(by: probe) == "unknown: too-large")
    }

    @Test(arguments: ProbeFixture.all)
    func `an answer cut at any place, or changed at random, is read without a crash`(fixture: ProbeFixture) throws {
        let probe = try #require(ProbeCatalog.all.first { $0.name == fixture.probe })
        var random = SeededRandom(seed: 7)
        let bytes = Array(fixture.section.body.utf8)
        for _ in 0..<12 where !bytes.isEmpty {
            var broken = Array(bytes.prefix(Int.random(in: 0...min(bytes.count, 6000), using: &random)))
            for _ in 0..<3 where !broken.isEmpty {
                broken[Int.random(in: 0..<broken.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            var mutant = fixture
            mutant.section.body = String(decoding: broken, as: UTF8.self)
            _ = try mutant.reading(by: probe)
        }
    }

    @Test func `names are unique and fit the frame`() {
        let names = ProbeCatalog.all.map { $0.name }
        #expect(Set(names).count == names.count)
        for name in names {
            #expect(name.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-") } && !name.isEmpty)
            #expect(!["begin", "end"].contains(name))
        }
    }

    @Test(arguments: [(124, ProbeFailure.Reason.timedOut), (126, .permission), (127, .toolMissing), (2, .failed)])
    func `the status alone says why there is no value`(status: Int, reason: ProbeFailure.Reason) {
        #expect(ProbeSection(name: "x", status: status, body: "").failure?.reason == reason)
    }

    @Test func `a failure keeps the end of a long body, where the reason is`() throws {
        let section = ProbeSection(name: "x", status: 1, body: String(repeating: "noise ", count: 9000) + "the reason")
        let detail = try #require(section.failure).detail.raw
        #expect(detail.hasSuffix("the reason") && detail.count < 500)
    }
}
