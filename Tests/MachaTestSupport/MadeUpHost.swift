// SPDX-License-Identifier: MIT
import Foundation
package import MachaProbes

/// A host with figures of its own that go on as on an ordinary day: three file systems, waves of load, a few log lines.
package struct MadeUpHost {
    package let name: String
    private var seed: UInt64
    private var busy = 0
    private var total = 0

    package init(_ number: Int) {
        name = "host\(number)"
        seed = UInt64(number) &* 0x9e37_79b9_7f4a_7c15 &+ 7
    }

    /// From 0 to 1, the same on every run.
    private mutating func chance() -> Double {
        seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Double(seed >> 40) / 0x1p24
    }

    /// The look at `time`, five minutes after the one before.
    package mutating func look(at time: Int, booted: Int = 1_790_000_000, rootUsed: Int? = nil) -> Snapshot {
        let isDay = (8..<20).contains(time / 3600 % 24)
        let load = (isDay ? 2.0 : 0.4) * (0.5 + chance())
        let ticks = 120_000
        total += ticks
        busy += Int(Double(ticks) * min(1, load / 4))
        let memory = 8_000_000 - Int(chance() * 600_000) - (isDay ? 2_000_000 : 0)
        let io = chance() > 0.9 ? chance() * 5 : 0
        let grown = (time - booted) / 40
        let disks = [
            ("/", 200 << 30, rootUsed ?? (60 << 30) + grown * 4096 + Int(chance() * 4e7)),
            ("/boot", 512 << 20, 90 << 20), ("/srv", 4000 << 30, (1200 << 30) + grown * 65536),
        ]
        let table = disks.map { "ext4 \($1) \($2) \($1 - $2) 1000000 \(900_000 - $2 / (1 << 22)) \($0)" }
        let mounts = disks.map { "22 1 8:1 / \($0.0) rw - ext4 /dev/sda1 rw" }
        let stall = "avg10=0.00 avg60=0.00 avg300="
        let entries = (0..<Int(chance() * 4)).map { index in
            #"{"__CURSOR":"s=\#(index)","__REALTIME_TIMESTAMP":"\#(time)000000","PRIORITY":"\#(3 + index % 2)","#
                + #""MESSAGE":"request \#(index) to 10.0.0.7 failed: timed out","SYSLOG_IDENTIFIER":"app","#
                + #""_SYSTEMD_UNIT":"app.service","_TRANSPORT":"journal"}"#
        }
        let sections = [
            "boot": "17b03325-d514-48b6-8359-bac033904e96\n\(time - booted).00 1.00\n\(time)\n",
            "load": "\(load) \(load) \(load) 1/300 99\n0-3\n",
            "memory":
                "MemTotal: 16000000 kB\nMemAvailable: \(memory) kB\nSwapTotal: 4000000 kB\nSwapFree: 3900000 kB\n",
            "pressure": ["cpu", "io", "memory"].map { resource in
                "\(resource)\nsome \(stall)\(io) total=1\nfull \(stall)\(resource == "io" ? io : 0) total=1\n"
            }.joined(),
            "units": "SystemState=running\nNFailedUnits=0\nNJobs=0\nNow=\(time)\n\n"
                + "Id=app.service\nType=simple\nActiveState=active\nSubState=running\nResult=success\nNRestarts=2\n",
            "disks": "Type\n\(table.joined(separator: "\n"))\n\n\(mounts.joined(separator: "\n"))\n",
            "journal": entries.map { "\($0)\n" }.joined(),
            "cpu": "cpu 0 0 0 0\ncpu \(busy) 0 0 \(total - busy)\n",
        ]
        return Snapshot(
            host: name, takenAt: Date(timeIntervalSince1970: Double(time)), duration: 0.3,
            sections: sections.map { ProbeSection(name: $0.key, status: 0, body: $0.value) })
    }
}
