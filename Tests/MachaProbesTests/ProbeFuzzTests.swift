// SPDX-License-Identifier: MIT
import Foundation
import MachaProbes
import MachaTestSupport
import Testing

/// A sample of what `Tests/Lab/fuzz/probes` does a million times.
struct ProbeFuzzTests {
    @Test func `damaged streams are taken apart as they stand, or not at all`() throws {
        let files = Fixture.files(in: "answers").filter { $0.pathExtension == "txt" }
        var fuzz = ProbeFuzz(seed: 3)
        fuzz.streams(try files.map { [UInt8](try Data(contentsOf: $0)) }.filter { $0.count < 60_000 }, count: 300)
        #expect(fuzz.runs == 300 && fuzz.faults.isEmpty, "\(fuzz.faults.joined(separator: "\n"))")
    }

    @Test(arguments: ProbeCatalog.all.map { $0.name })
    func `a damaged section is unknown or yields a possible reading`(name: String) throws {
        let probe = try #require(ProbeCatalog.all.first { $0.name == name })
        var fuzz = ProbeFuzz(seed: 5)
        fuzz.parser(probe, ProbeFixture.all.map(\.section).filter { $0.body.utf8.count < 20_000 }, count: 150)
        #expect(fuzz.runs == 150 && fuzz.faults.isEmpty, "\(fuzz.faults.joined(separator: "\n"))")
    }
}
