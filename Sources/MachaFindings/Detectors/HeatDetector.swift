// SPDX-License-Identifier: MIT
import MachaInventory
import MachaModel
import MachaProbes

/// Chips at the edge of what they bear: `overheating`, critical at what the chip itself calls critical and a warning from
/// five degrees below.
///
/// False alarms thought about: a processor under load is hot by design (only its own limit counts, none of ours), chips
/// that state no limit or one nobody can mean (left out), containers.
enum HeatDetector: Detector {
    static func findings(in snapshot: Snapshot, _ thresholds: Thresholds) -> [Finding] {
        guard case .known(.some(let state)) = snapshot[SensorsProbe.self] else { return [] }
        let hot = state.temperatures.filter { reading in
            reading.limit.map { reading.celsius >= $0 - thresholds.heatMargin } ?? false
        }
        return hot.map { reading in
            let limit = reading.limit ?? 0
            return Finding(
                .overheating, host: snapshot.host, subject: "\(reading.chip) \(reading.label)",
                reading.celsius >= limit ? .critical : .warning,
                "\(reading.label.printable(limit: 40)) of \(reading.chip.printable(limit: 40)) is at "
                    + "\(Int(reading.celsius)) °C; \(Int(limit)) °C is critical.",
                evidence: ["\(reading.chip) \(reading.label) \(reading.celsius) °C, critical \(limit) °C"],
                remedy: "Check the fans, dust and the temperature of the room.")
        }
    }
}
