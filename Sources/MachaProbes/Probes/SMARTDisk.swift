// SPDX-License-Identifier: MIT

/// One disk. Figures it does not report, or reports under a name that means something else, are `nil`.
package struct SMARTDisk: Hashable, Codable, Sendable {
    package enum State: String, Codable, Sendable {
        case passed
        /// The disk itself says that it fails.
        case failing
        /// It sleeps and was left alone.
        case asleep
        /// It reports no health: a card reader, a virtual disk, the volume of a RAID controller.
        case silent
    }

    /// As in `/dev/sda`, or `/dev/bus/0 -d megaraid,3` behind a controller: what smartctl takes.
    package var device: String
    package var model: String?
    package var state: State
    package var celsius: Int?
    package var hours: Int?
    /// Sectors that were replaced, or grown defects of a SCSI disk.
    package var reallocated: Int?
    /// Sectors of a rotating disk that cannot be read now.
    package var pending: Int?
    /// Sectors of a rotating disk that could not be read in a test (mostly the same as ``pending``), or NVMe's media errors.
    package var uncorrectable: Int?
    /// Reads and writes that a SCSI disk could not correct, over its life.
    package var uncorrected: Int?
    /// Errors on the cable.
    package var cableErrors: Int?
    /// Used endurance of an SSD in percent; can exceed 100.
    package var wear: Int?
    /// Bits as NVMe defines them; see ``NVMeWarning``.
    package var criticalWarning: Int?
    /// What ended the newest self-test that failed and was not followed by a good long one; `nil` when there is none.
    package var selfTest: String?
    /// Hours of operation since that test; `nil` when not told.
    package var selfTestAge: Int?
    /// It says that it is hotter than it may be.
    package var isTooHot: Bool?

    /// The bits of ``criticalWarning``. Source: NVM Express Base Specification, SMART / Health Information.
    package enum NVMeWarning {
        /// The temperature is outside of its limits.
        package static let heat = 2
        package static let unreliable = 4
    }
}

extension SMARTDisk {
    init(_ device: String, _ status: Int, _ value: LooseJSON) throws(ProbeFailure) {
        guard value["smartctl"] != nil || value["json_format_version"] != nil else {
            throw ProbeText.unparsable("no smartctl", device)
        }
        let nvme = value["nvme_smart_health_information_log"]
        let attributes = SMARTAttributes(value)
        self.device = device
        model = (value["model_name"] ?? value["scsi_model_name"])?.string.map { String($0.prefix(100)) }
        celsius = value["temperature"]?["current"]?.int.flatMap { (-40...150).contains($0) ? $0 : nil }
        hours = Self.count(value["power_on_time"]?["hours"])
        reallocated = attributes.reallocated ?? Self.count(value["scsi_grown_defect_list"])
        pending = attributes.pending
        uncorrectable = attributes.uncorrectable ?? Self.count(nvme?["media_errors"])
        uncorrected = Self.uncorrected(value["scsi_error_counter_log"])
        cableErrors = attributes.cableErrors
        // Newer versions of smartctl work it out themselves, for every kind of disk.
        wear =
            [
                value["endurance_used"]?["current_percent"], nvme?["percentage_used"],
                value["scsi_percentage_used_endurance_indicator"],
            ].lazy.compactMap { Self.count($0) }.first { $0 <= 255 } ?? attributes.wear
        criticalWarning = Self.count(nvme?["critical_warning"]).flatMap { $0 <= 255 ? $0 : nil }
        let failed = Self.failedTest(value, status)
        selfTest = failed?.result
        let age = hours
        selfTestAge = failed?.hours.flatMap { at in age.map { max(0, $0 - at) } }
        // 0b/01: warning, specified temperature exceeded. Source: SPC-4, additional sense codes.
        let sense = value["smart_status"]?["scsi"]
        isTooHot = sense?["asc"]?.int == 0x0b && sense?["ascq"]?.int == 1 ? true : nil
        state = try Self.state(device, status, value)
    }

    private static func state(_ device: String, _ status: Int, _ value: LooseJSON) throws(ProbeFailure) -> State {
        let passed = value["smart_status"]?["passed"]?.bool
        if passed == false || (passed == nil && status & 8 != 0) { return .failing }
        if passed == true { return .passed }
        let messages = (value["smartctl"]?["messages"]?.items ?? []).compactMap { $0["string"]?.string }
        func says(_ texts: [String]) -> Bool {
            messages.contains { message in texts.contains { message.contains($0) } }
        }
        if status & 2 != 0, says(["STANDBY", "SLEEP"]) { return .asleep }
        // Its members are asked one by one.
        if status & 2 != 0, says(["DELL or MegaRaid controller"]) { return .silent }
        guard status & 3 != 0 else { return .silent }
        let reason = "\(device): " + (messages.first ?? "smartctl ended with status \(status)")
        throw ProbeFailure(
            says([
                "USB bridge", "Unable to detect device type", "please specify device type", "device type with the -d",
            ])
                ? .unsupported : .failed, reason)
    }

    /// Some disks pack more into the upper bytes of a raw value; a count beyond 32 bits is none.
    static func count(_ value: LooseJSON?) -> Int? {
        value?.int.flatMap { (0...0xffff_ffff).contains($0) ? $0 : nil }
    }

    private static func uncorrected(_ log: LooseJSON?) -> Int? {
        let counts = ["read", "write", "verify"].compactMap { count(log?[$0]?["total_uncorrected_errors"]) }
        return counts.isEmpty ? nil : counts.reduce(0, +)
    }

    /// The newest self-test that failed. smartctl's bit 128 leaves out what a later long test has made good.
    private static func failedTest(_ value: LooseJSON, _ status: Int) -> (result: String, hours: Int?)? {
        let ata = value["ata_smart_self_test_log"]
        let tests = ["extended", "standard"].lazy.compactMap { ata?[$0]?["table"]?.items }.first ?? []
        if let newest = tests.first(where: { $0["status"]?["passed"]?.bool != nil }) {
            let failed = tests.first { $0["status"]?["passed"]?.bool == false }
            guard let failed, status & 128 != 0 || newest["status"]?["passed"]?.bool == false else { return nil }
            return (result(failed["status"]?["string"]), count(failed["lifetime_hours"]))
        }
        // 5 to 7: it found an error. Source: NVM Express Base Specification, Device Self-test log.
        let nvme = value["nvme_self_test_log"]?["table"]?.items?.first
        if let code = nvme?["self_test_result"]?["value"]?.int, (5...7).contains(code) {
            return (result(nvme?["self_test_result"]?["string"]), count(nvme?["power_on_hours"]))
        }
        // 3 to 7: it failed. Source: SPC-4, self-test results log.
        let scsi = value["scsi_self_test_0"]
        if let code = scsi?["result"]?["value"]?.int, (3...7).contains(code) {
            return (result(scsi?["result"]?["string"]), count(scsi?["power_on_time"]?["hours"]))
        }
        return status & 128 != 0 ? (result(nil), nil) : nil
    }

    private static func result(_ text: LooseJSON?) -> String { String((text?.string ?? "").prefix(80)) }
}

/// The attributes of an ATA disk, by what smartctl calls them: the same number means different things to different makers.
private struct SMARTAttributes {
    private var rows: [(id: Int, name: String, value: Int?, raw: Int?)] = []
    private let isSolid: Bool

    init(_ document: LooseJSON) {
        isSolid = document["rotation_rate"]?.int == 0 || document["trim"]?["supported"]?.bool == true
        for item in document["ata_smart_attributes"]?["table"]?.items ?? [] {
            guard let id = item["id"]?.int else { continue }
            rows.append(
                (id, item["name"]?.string ?? "", item["value"]?.int, SMARTDisk.count(item["raw"]?["value"])))
        }
    }

    private func raw(_ id: Int, named parts: [String]) -> Int? {
        rows.last { row in row.id == id && (row.name.isEmpty || parts.contains { row.name.contains($0) }) }?.raw
    }

    var reallocated: Int? { raw(5, named: ["Reallocat", "Retired"]) }
    /// An SSD has no sectors that wait to be rewritten; what it counts here are corrections of its own.
    var pending: Int? {
        isSolid || rows.contains { $0.id == 197 && $0.name.contains("ECC") } ? nil : raw(197, named: ["Pend"])
    }
    var uncorrectable: Int? { isSolid ? nil : raw(198, named: ["Uncorrect"]) }
    var cableErrors: Int? { raw(199, named: ["CRC"]) }

    /// The most worn of what the disk says of its life.
    var wear: Int? { rows.compactMap { Self.wear($0.name, $0.value, $0.raw) }.max() }

    private static func wear(_ name: String, _ value: Int?, _ raw: Int?) -> Int? {
        let word = name.lowercased()
        let isLife = word.contains("life")
        // The normalised value falls from 100; 0 and more than 100 are what firmware says that does not keep it.
        let left = value.flatMap { (1...100).contains($0) ? $0 : nil }
        if isLife, word.contains("used") { return raw.flatMap { $0 <= 255 ? $0 : nil } ?? left.map { 100 - $0 } }
        if word.contains("percent_lifetime_remain") {
            // Micron and Crucial: raw is what is used, and the value stops at 0.
            return left.map { 100 - $0 } ?? (value == 0 ? raw.flatMap { (100...255).contains($0) ? $0 : nil } : nil)
        }
        if isLife, word.contains("remain") || word.contains("left") {
            // Phison and Silicon Motion leave the value at 100 and count down in the raw one.
            let rest = [left, raw.flatMap { (1...100).contains($0) ? $0 : nil }].compactMap { $0 }.min()
            return rest.map { 100 - $0 }
        }
        return word.contains("wearout") || word.contains("wear_leveling_count") ? left.map { 100 - $0 } : nil
    }
}
