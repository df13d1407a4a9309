// SPDX-License-Identifier: MIT

/// Temperatures the kernel measures. Absent (`nil`) in a container, whose machine's they would be, and without sensors.
///
/// Read from `/sys/class/hwmon`, which needs no package; `sensors -j` shows the same under names of its own.
package enum SensorsProbe: Probe {
    package static let name = "sensors"
    package static let byteLimit = 32 * 1024
    package static let script = #"""
        [ -z "$(cat /run/systemd/container 2>/dev/null)" ] || { echo absent; exit 0; }
        files=$(find -L /sys/class/hwmon -maxdepth 2 \( -name 'temp*_input' -o -name 'temp*_crit' -o -name 'temp*_label' \
            -o -name name \) 2>/dev/null | sort | head -n 400)
        case $files in *_input*) ;; *) echo absent; exit 0 ;; esac
        for file in $files; do
            value=$(cat "$file" 2>/dev/null) || continue
            printf '%s=%s\n' "$file" "$value"
        done
        echo '@end'
        """#

    package static func parse(_ body: String) throws(ProbeFailure) -> SensorsState? {
        if ProbeText.isAbsent(body) { return nil }
        guard body.hasSuffix("\n@end\n") else { throw ProbeText.unparsable("sensors", body) }
        let fields = ProbeText.fields(body)
        let inputs = fields.keys.filter { $0.hasPrefix("/sys/class/hwmon/") && $0.hasSuffix("_input") }.sorted()
        guard !inputs.isEmpty else { throw ProbeText.unparsable("no sensor", body) }
        let readings = inputs.compactMap { path -> Temperature? in
            let stem = path.dropLast("_input".count)
            guard let folder = path.lastIndex(of: "/"), let celsius = degrees(fields[path]) else { return nil }
            return Temperature(
                chip: ProbeText.present(fields["\(path[..<folder])/name"]) ?? "hwmon",
                label: ProbeText.present(fields["\(stem)_label"]) ?? String(stem[path.index(after: folder)...]),
                celsius: celsius, limit: degrees(fields["\(stem)_crit"]).flatMap { $0 >= 40 ? $0 : nil })
        }
        return SensorsState(temperatures: readings)
    }

    /// Of thousandths; `nil` for what a chip without a sensor behind it reports, and for damage.
    private static func degrees(_ text: String?) -> Double? {
        guard let thousandths = text.flatMap({ Int($0) }), (-40_000...150_000).contains(thousandths), thousandths != 0
        else {
            return nil
        }
        return Double(thousandths) / 1000
    }
}

/// Source: docs.kernel.org/hwmon/sysfs-interface.html.
package struct SensorsState: Hashable, Codable, Sendable {
    /// Those a chip measures at all. A hundred and more may not be all: the script reads 400 files.
    package var temperatures: [Temperature]
}

package struct Temperature: Hashable, Codable, Sendable {
    /// The driver's name, as in `coretemp`.
    package var chip: String
    /// As in `Package id 0`, or `temp1` where the chip has no name for it.
    package var label: String
    /// −40…150.
    package var celsius: Double
    /// What the chip calls critical; `nil` when it does not say, or says what cannot be meant.
    package var limit: Double?
}
