// SPDX-License-Identifier: MIT
import Foundation
import MachaProbes
import MachaTestSupport

/// So many damaged streams, and so many damaged bodies for each parser; ends with 1 when something came of it.
enum ProbesFuzz {
    static func run(_ options: Options) throws {
        guard let fixtures = options["fixtures"] else {
            print("MachaBench probes: --fixtures names the folder of recorded answers")
            exit(64)
        }
        let (streams, bodies) = (options.count("streams", 1_000_000), options.count("bodies", 100_000))
        let seed = UInt64(options.count("seed", 1))
        var faults: [String] = []
        let clock = ContinuousClock()
        var began = clock.now
        func report(_ what: String, _ fuzz: ProbeFuzz) {
            let seconds = began.duration(to: clock.now) / .seconds(1)
            print(
                "\(what)\t\(fuzz.runs) runs\t\(fuzz.known) known\t\(fuzz.faults.count) faults\t\((seconds * 10).rounded() / 10) s"
            )
            for fault in fuzz.faults { print("  \(fault)") }
            faults += fuzz.faults
            began = clock.now
        }
        let answers = try files(fixtures + "/answers", "txt").map { [UInt8](try Data(contentsOf: $0)) }
        var fuzz = ProbeFuzz(seed: seed)
        fuzz.streams(answers.filter { $0.count < 60_000 }, count: streams)
        report("streams", fuzz)
        let sections = try files(fixtures + "/probes", "json").compactMap { try section($0) }
        for probe in ProbeCatalog.all {
            var fuzz = ProbeFuzz(seed: seed)
            fuzz.parser(probe, sections.filter { $0.body.utf8.count < 20_000 }, count: bodies)
            report(probe.name, fuzz)
        }
        exit(faults.isEmpty ? 0 : 1)
    }

    private static func files(_ folder: String, _ kind: String) throws -> [URL] {
        let found = FileManager.default.enumerator(at: URL(filePath: folder), includingPropertiesForKeys: nil)
        return (found?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == kind }.sorted { $0.path < $1.path }
    }

    private static func section(_ file: URL) throws -> ProbeSection? {
        let object = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any]
        guard let status = object?["status"] as? Int, let body = object?["body"] as? String else { return nil }
        return ProbeSection(name: file.deletingLastPathComponent().lastPathComponent, status: status, body: body)
    }
}
