// SPDX-License-Identifier: MIT

/// How long tasks stand still for want of processor, disk or memory. Absent (`nil`) where the kernel does not measure it.
package enum PressureProbe: Probe {
    package static let name = "pressure"
    package static let byteLimit = 4096
    package static let script = """
        [ -d /proc/pressure ] || { echo absent; exit; }
        for resource in cpu io memory; do echo "$resource"; cat "/proc/pressure/$resource" || exit; done
        """

    package static func read(_ section: ProbeSection) -> Reading<Pressure?> {
        // A kernel with PSI built in but switched off (psi=0) has the files and refuses to read them.
        if section.status == 1, ProbeText.range(of: "not supported", in: section.body) != nil { return .known(nil) }
        if let failure = section.failure { return .unknown(because: failure) }
        do throws(ProbeFailure) {
            return .known(try parse(section.body))
        } catch {
            return .unknown(because: error)
        }
    }

    package static func parse(_ body: String) throws(ProbeFailure) -> Pressure? {
        let lines = ProbeText.lines(body)
        if lines == ["absent"] { return nil }
        var stalls: [String: Pressure.Stall] = [:]
        var resource = ""
        for line in lines {
            let words = ProbeText.words(line)
            if words.count == 1 { resource = String(words[0]) }
            if words.count > 1 { stalls["\(resource) \(words[0])"] = try stall(words) }
        }
        guard let cpu = stalls["cpu some"], let ioSome = stalls["io some"], let ioFull = stalls["io full"],
            let memorySome = stalls["memory some"], let memoryFull = stalls["memory full"]
        else { throw ProbeText.unparsable("no cpu, io or memory pressure", body) }
        return Pressure(cpu: cpu, ioSome: ioSome, ioFull: ioFull, memorySome: memorySome, memoryFull: memoryFull)
    }

    private static func stall(_ words: [Substring]) throws(ProbeFailure) -> Pressure.Stall {
        let fields = ProbeText.fields(words.dropFirst())
        let shares = ["avg10", "avg60", "avg300"].compactMap { fields[$0].flatMap { Double($0) } }
        guard shares.count == 3, shares.allSatisfy({ (0...100).contains($0) }) else {
            throw ProbeText.unparsable("pressure", words.joined(separator: " "))
        }
        return Pressure.Stall(avg10: shares[0], avg60: shares[1], avg300: shares[2])
    }
}

/// Pressure stall information. Source: docs.kernel.org/accounting/psi.html.
package struct Pressure: Hashable, Codable, Sendable {
    /// Percent of the time (0…100) that tasks stood still, averaged over seconds.
    package struct Stall: Hashable, Codable, Sendable {
        /// Over ten seconds.
        package var avg10: Double
        /// Over one minute.
        package var avg60: Double
        /// Over five minutes.
        package var avg300: Double
    }

    /// At least one task waited for a processor.
    package var cpu: Stall
    /// At least one task waited for a disk.
    package var ioSome: Stall
    /// Every task that had work waited for a disk.
    package var ioFull: Stall
    /// At least one task waited for memory.
    package var memorySome: Stall
    /// Every task that had work waited for memory.
    package var memoryFull: Stall
}
