// SPDX-License-Identifier: MIT
import Foundation
import MachaCore
import Testing

struct ProbeTests {
    @Test(arguments: ProbeFixture.all)
    func `a recorded answer is understood as its file says`(fixture: ProbeFixture) throws {
        let probe = try #require(ProbeCatalog.all.first { $0.name == fixture.probe })
        #expect(try fixture.reading(by: probe) == fixture.expected)
    }

    @Test func `every fixture file can be read, and every probe has a healthy and a broken case`() {
        let files = Fixture.files(in: "probes").filter { $0.pathExtension == "json" }
        #expect(!files.isEmpty && files.count == ProbeFixture.all.count)
        for probe in ProbeCatalog.all {
            let cases = ProbeFixture.all.filter { $0.probe == probe.name }
            #expect(cases.contains { !$0.expected.hasPrefix("unknown") }, "\(probe.name)")
            #expect(cases.contains { $0.expected.hasPrefix("unknown") }, "\(probe.name)")
        }
    }

    @Test(arguments: ProbeFixture.all)
    func `an answer cut at any place, or changed at random, is read without a crash`(fixture: ProbeFixture) throws {
        let probe = try #require(ProbeCatalog.all.first { $0.name == fixture.probe })
        var random = SplitMix(seed: 7)
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

/// A small random generator with a seed, so that a failing case can be had again. Source: prng.di.unimi.it/splitmix64.c.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
