// SPDX-License-Identifier: MIT
import MachaModel

extension JournalSigns {
    /// What a UPS reports, in the words of Network UPS Tools and apcupsd. When the power is back, the lines before it are over
    /// (``endings``).
    static let power: [JournalSign] = [
        .quiet(
            .units(upsUnits), .powerLost, .critical, "The battery of the UPS runs out: the host shuts down.",
            batteryIsLow + [
                ["UPS ", "forced shutdown in progress"],
                ["Executing automatic power-fail shutdown"], ["Auto logout and shutdown proceeding"],
                ["Reached ", "limit on batteries"], ["Batteries have failed"],
                ["Battery power exhausted"], ["Initiating system shutdown!"], ["User logins prohibited"],
            ], "clients/upsmon.h of NUT, src/action.c of apcupsd"),
        .quiet(
            .units(upsUnits), .powerLost, .warning, "The power failed: the host runs on the battery of its UPS.",
            onBattery, "clients/upsmon.h of NUT, src/action.c of apcupsd"),
        .quiet(
            .units(upsUnits), .powerLost, .warning, "The UPS cannot be asked, or its battery is worn out.",
            [
                ["Communications with UPS", "lost"], ["UPS ", " is unavailable"],
                ["UPS ", " battery needs to be replaced"], ["UPS battery must be replaced"],
            ], "clients/upsmon.h of NUT, src/action.c of apcupsd"),
        .quiet(
            .units(upsUnits), .powerLost, .info, "The power failed and came back in the last hour.", powerIsBack,
            "clients/upsmon.h of NUT, src/action.c of apcupsd"),
    ]

    private static let upsUnits = ["upsmon.service", "nut-monitor.service", "apcupsd.service"]

    static let batteryIsLow = [["UPS ", " battery is low"], ["Battery charge below low limit"]]
    static let onBattery = [["UPS ", " on battery"], ["Power failure."], ["Running on UPS batteries."]]
    static let powerIsBack = [["UPS ", " on line power"], ["Power is back."], ["Mains returned."]]
}
