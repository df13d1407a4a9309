// SPDX-License-Identifier: MIT

/// The journal's fields that a digest reads; all others are passed over. Source: systemd.journal-fields(7).
enum Field {
    /// Whether only a journal has a field of this name. `MESSAGE` alone is no proof: other loggers use it too.
    @inline(__always)
    static func isJournals(_ name: ByteSlice) -> Bool {
        guard name.count >= 8 else { return false }
        if name[0] == 0x5f {
            return name.equals("__CURSOR") || name.equals("__REALTIME_TIMESTAMP") || name.equals("_BOOT_ID")
                || name.equals("_TRANSPORT") || name.equals("_HOSTNAME") || name.equals("_SYSTEMD_UNIT")
                || name.equals("_MACHINE_ID")
        }
        return name.equals("SYSLOG_IDENTIFIER") || name.equals("PRIORITY")
    }

    @inline(__always)
    static func assign(_ name: ByteSlice, _ value: ByteSlice, _ entry: inout EntryView) {
        // Length and one letter tell the few names apart before any comparison.
        switch name.count {
        case 4:
            if name.equals("UNIT") { entry.unit = value }
        case 5:
            if name.equals("_COMM"), entry.identifier.isEmpty { entry.identifier = value }
        case 7:
            if name.equals("MESSAGE") { entry.message = value }
        case 8:
            if name.equals("PRIORITY"), value.count == 1, value[0] >= 0x30, value[0] <= 0x37 {
                entry.priority = value[0] - 0x30
            }
            if name.equals("_BOOT_ID") { entry.boot = value }
            if name.equals("__CURSOR") { entry.cursor = value }
        case 9:
            if name.equals("_HOSTNAME") { entry.host = value }
            if name.equals("USER_UNIT"), entry.unit.isEmpty { entry.unit = value }
        case 10:
            if name.equals("_TRANSPORT") { entry.transport = value }
        case 13:
            if name.equals("_SYSTEMD_UNIT"), entry.unit.isEmpty { entry.unit = value }
        case 17:
            if name.equals("SYSLOG_IDENTIFIER") { entry.identifier = value }
        case 20:
            if name.equals("__REALTIME_TIMESTAMP") { entry.time = value.decimal }
        default: break
        }
    }
}
