// SPDX-License-Identifier: MIT
import Foundation
import MachaFindings
import MachaProbes
import MachaTestSupport
import Testing

/// Disks, pools, arrays and what is mounted: what is said of each, and once.
struct StorageTests {
    private static func labels(_ probes: [String: String]) throws -> [String] {
        let host = try RecordedHost.named("healthy")
        let changes = probes.mapValues { Optional(ProbeSection(name: "", status: 0, body: $0)) }
        let named = Dictionary(
            uniqueKeysWithValues: changes.map { name, section in
                (name, section.map { ProbeSection(name: name, status: $0.status, body: $0.body) })
            })
        return Detectors.findings(in: host.snapshot(named)).map(\.label)
    }

    private static func disk(_ fields: String, status: Int = 0) -> String {
        "@/dev/sda \(status)\n{\"smartctl\":{},\(fields)}\n@end\n"
    }

    private static func nvme(_ warning: Int, wear: Int, media: Int = 0) -> String {
        disk(
            "\"smart_status\":{\"passed\":\(warning == 0)},\"nvme_smart_health_information_log\":"
                + "{\"critical_warning\":\(warning),\"percentage_used\":\(wear),\"media_errors\":\(media)}",
            status: warning == 0 ? 0 : 8)
    }

    private static func attributes(_ rows: [(Int, String, Int, Int)], rotation: Int = 7200) -> String {
        let table = rows.map { "{\"id\":\($0.0),\"name\":\"\($0.1)\",\"value\":\($0.2),\"raw\":{\"value\":\($0.3)}}" }
        return disk(
            "\"rotation_rate\":\(rotation),\"smart_status\":{\"passed\":true},\"ata_smart_attributes\":{\"table\":["
                + table.joined(separator: ",") + "]}")
    }

    @Test(arguments: [
        (nvme(0, wear: 3), []), (nvme(2, wear: 3), ["warning disk-hot /dev/sda"]),
        (nvme(4, wear: 3), ["critical disk-failing /dev/sda"]), (nvme(4, wear: 100), ["warning disk-worn /dev/sda"]),
        (nvme(4, wear: 100, media: 3), ["critical disk-failing /dev/sda"]),
        (nvme(5, wear: 100), ["critical disk-failing /dev/sda"]),
        (nvme(8, wear: 3), ["critical disk-failing /dev/sda"]),
        (nvme(0, wear: 103), ["warning disk-worn /dev/sda"]),
    ])
    func `an NVMe's own warning is judged bit by bit`(body: String, expected: [String]) throws {
        #expect(try Self.labels(["smart": body]) == expected)
    }

    @Test(arguments: [
        (attributes([(197, "Current_Pending_Sector", 100, 8), (198, "Offline_Uncorrectable", 100, 8)]), "8 sectors"),
        (attributes([(198, "Offline_Uncorrectable", 100, 1)]), "1 sector "),
    ])
    func `a sector that cannot be read is counted once`(body: String, amount: String) throws {
        let host = try RecordedHost.named("healthy")
        let finding = try #require(Detectors.findings(in: host.answering("smart", body)).first)
        #expect(finding.kind == .diskSectors && finding.summary.contains(amount))
    }

    @Test(arguments: [
        (attributes([(197, "Current_Pending_ECC_Cnt", 100, 1)], rotation: 0), []),
        (attributes([(197, "Current_Pending_Sector", 100, 1)], rotation: 0), []),
        (attributes([(197, "Current_Pending_ECC_Cnt", 100, 1)]), []),
        (attributes([(5, "Reallocated_Sector_Ct", 100, 51)]), ["warning disk-sectors /dev/sda"]),
        (attributes([(5, "Read_Error_Rate", 100, 51)]), []),
        (attributes([(231, "Temperature_Celsius", 3, 30)], rotation: 0), []),
        (attributes([(231, "SSD_Life_Left", 100, 4)], rotation: 0), ["warning disk-worn /dev/sda"]),
        (attributes([(233, "Media_Wearout_Indicator", 5, 0)], rotation: 0), ["warning disk-worn /dev/sda"]),
        (attributes([(202, "Percent_Lifetime_Remain", 0, 104)], rotation: 0), ["warning disk-worn /dev/sda"]),
        (attributes([(202, "Percent_Lifetime_Used", 4, 96)], rotation: 0), ["warning disk-worn /dev/sda"]),
        (attributes([(177, "Wear_Leveling_Count", 0, 0)], rotation: 0), []),
    ])
    func `attributes are recognized by their names and the kind of the disk`(body: String, expected: [String]) throws {
        #expect(try Self.labels(["smart": body]) == expected)
    }

    @Test(arguments: [(22, "warning"), (20_000, "info")])
    func `a self-test that failed is a warning until it is long ago`(age: Int, severity: String) throws {
        let body = Self.disk(
            "\"smart_status\":{\"passed\":true},\"power_on_time\":{\"hours\":\(1000 + age)},\"ata_smart_self_test_log\":"
                + "{\"standard\":{\"table\":[{\"status\":{\"string\":\"Completed: read failure\",\"passed\":false},\"lifetime_hours\":1000}]}}",
            status: 128)
        #expect(try Self.labels(["smart": body]) == ["\(severity) disk-selftest /dev/sda"])
    }

    private static func array(_ lines: String) -> String {
        "Personalities : [raid1]\n\(lines)unused devices: <none>\n@end\n"
    }

    @Test(arguments: [
        ("md0 : active raid1 sdb1[1] sda1[0]\n      10 blocks [2/2] [UU]\n", []),
        ("md0 : active raid1 sdb1[1](F) sda1[0]\n      10 blocks [2/1] [U_]\n", ["critical raid-degraded md0"]),
        (
            "md0 : active raid1 sdb1[2] sda1[0]\n      10 blocks [2/1] [U_]\n      [>...]  recovery =  1.0% (1/10) finish=1min\n",
            ["critical raid-degraded md0", "info raid-rebuilding md0"]
        ),
        (
            "md0 : active raid1 sdb1[1] sda1[0]\n      10 blocks [2/2] [UU]\n      [>...]  check =  1.0% (1/10) finish=1min\n",
            []
        ),
        ("md0 : active raid1 sdc1[2] sdb1[1](F) sda1[0]\n      10 blocks [2/2] [UU]\n", ["warning raid-errors md0"]),
        ("md0 : inactive sda1[0](S)\n      10 blocks super 1.2\n", ["critical raid-degraded md0"]),
        ("md127 : inactive sda[0](S)\n      10 blocks super external:imsm\n", []),
        ("md0 : broken raid0 sda1[0]\n      10 blocks super 1.2\n", ["critical raid-degraded md0"]),
        ("md0 : active raid0 sdb1[1] sda1[0]\n      10 blocks super 1.2 512k chunks\n", []),
    ])
    func `an array is judged by its members, and a check of it is no fault`(lines: String, expected: [String]) throws {
        #expect(try Self.labels(["mdraid": Self.array(lines)]) == expected)
    }

    private static let heading = "Type 1B-blocks Used Avail Inodes IFree Mounted on\n"

    private static func mounted(_ systems: [(target: String, type: String, source: String, used: Int, available: Int)])
        -> String
    {
        heading
            + systems.map { "\($0.type) \($0.used + $0.available) \($0.used) \($0.available) 0 0 \($0.target)\n" }
            .joined()
            + "\n"
            + systems.enumerated().map { "\($0 + 30) 1 0:\($0 + 30) / \($1.target) rw - \($1.type) \($1.source) rw\n" }
            .joined()
    }

    @Test func `the datasets of a pool are full together, and one with a quota by itself`() throws {
        let gib = 1 << 30
        var systems = [("/", "ext4", "/dev/sda1", 10 * gib, 90 * gib)]
        for index in 0..<12 { systems.append(("/tank/\(index)", "zfs", "tank/\(index)", 80 * gib, 40 * gib)) }
        systems.append(("/tank/quota", "zfs", "tank/quota", 99 * gib, gib / 2))
        #expect(
            try Self.labels(["disks": Self.mounted(systems)]) == [
                "critical disk-space /tank/0", "critical disk-space /tank/quota",
            ])
    }

    @Test func `the subvolumes of one device are full together, and two memory disks are not`() throws {
        let systems = ["/home", "/", "/nix"].map { ($0, "btrfs", "/dev/sda2", 97, 3) }
        let memory = [("/run", "tmpfs", "tmpfs", 99, 1), ("/tmp", "tmpfs", "tmpfs", 1, 99)]
        #expect(
            try Self.labels(["disks": Self.mounted(systems + memory)]) == [
                "critical disk-space /", "critical disk-space /run",
            ])
    }

    @Test(arguments: [(40, []), (90, ["warning disk-space /tank"]), (97, ["critical disk-space /tank"])])
    func `space used by volumes and snapshots of a pool counts`(percent: Int, expected: [String]) throws {
        let gib = 1 << 30
        let disks = Self.mounted([("/", "ext4", "/dev/sda1", 1, 9), ("/tank", "zfs", "tank", gib, 3 * gib)])
        let pool =
            "Now=1795247552\n{\"output_version\":{},\"pools\":{\"tank\":{\"name\":\"tank\",\"state\":\"ONLINE\",\"vdevs\":{}}}}\n"
            + "@list\ntank\t\(100 * gib)\t\(percent * gib)\t\((100 - percent) * gib)\t\(percent)\n@end\n"
        #expect(try Self.labels(["disks": disks, "zfs": pool]) == expected)
    }

    @Test func `disks that could not be understood share a finding that names them`() throws {
        let body =
            "@/dev/sda 1\n{\"smartctl\":{}}\n@/dev/sdb 8\n{\"smartctl\":{},\"smart_status\":{\"passed\":false}}\n@/dev/sdc 0\nx\n@end\n"
        let findings = Detectors.findings(in: try RecordedHost.named("healthy").answering("smart", body))
        #expect(findings.map(\.label) == ["critical disk-failing /dev/sdb", "warning item-unknown smart"])
        #expect(findings.last?.summary.contains("/dev/sda, /dev/sdc") == true)
    }

    @Test func `memory cached by ZFS counts as available, and an unknown cache raises no alarm`() throws {
        let table = "MemTotal: 1000000 kB\nMemAvailable: 10000 kB\n"
        #expect(try Self.labels(["memory": table]) == ["info memory-low"])
        #expect(try Self.labels(["memory": table, "zfs": "absent\n"]) == ["warning memory-low"])
        #expect(try Self.labels(["memory": table + "size 4 900000000\nc_min 4 100000000\n"]) == [])
    }
}
