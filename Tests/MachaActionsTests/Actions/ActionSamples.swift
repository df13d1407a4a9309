// SPDX-License-Identifier: MIT
import MachaActions
import MachaModel

/// Actions of every kind, for tests that speak of all of them.
enum ActionSamples {
    static func all() throws -> [Action] {
        let unit = try UnitName("demo.service")
        return [
            .restartUnit(unit), .startUnit(unit), .startUnit(try UnitName("srv-media.mount")), .stopUnit(unit),
            .resetFailedUnit(unit), .collectGarbage(keeping: nil), .collectGarbage(keeping: try KeptGenerations("5")),
            .vacuumJournal(.size(try ByteSize("1G"))), .vacuumJournal(.size(try ByteSize("100M"))),
            .vacuumJournal(.age(try ActionSpan("30d"))), .rotateJournal, .cleanTemporaryFiles,
            .rebuild(Rebuild(.dryActivate)), .rebuild(Rebuild(.test)),
            .rebuild(Rebuild(.switch, flake: try FlakeReference("github:me/fleet#nas"))), .rebuild(Rebuild(.boot)),
            .rollbackGeneration(try GenerationNumber("41")), .reboot,
            .command(
                try OwnerCommand(["resolvectl", "flush-caches"], asRoot: true, risk: .low, because: "only a cache")),
            .command(try OwnerCommand(["zpool", "status"])), .notify(try NoteText("look")),
            .suggestChange(ConfigurationChange(try NoteText("more memory"))),
            .suggestChange(
                ConfigurationChange(try NoteText("more memory"), .options(try NoteText("zramSwap.enable = true;")))),
            .suggestChange(
                ConfigurationChange(
                    try NoteText("more memory"),
                    .replacement(
                        of: try NoteText("a = 1;"), by: try NoteText("a = 2;"), in: try RepositoryPath("hosts/a.nix")))),
            .waitUntil(.nameResolves(try DomainName("example.org")), within: try ActionSpan("2m")),
            .waitUntil(.clockSynchronized, within: try ActionSpan("30s")),
        ]
            + (try Diagnosis.Kind.allCases.map { .diagnose(try Diagnosis($0, unit: $0.takesUnit ? unit : nil)) })
    }

    static func checks() throws -> [Check] {
        let unit = try UnitName("demo.service")
        let number = try GenerationNumber("41")
        return [
            .unitExists(unit), .unitNeedsRepair(unit), .unitActive(unit), .unitNotFailed(unit), .unitStopped(unit),
            .noNewFailures, .clockSynchronized, .nameResolves(try DomainName("example.org")), .systemIsProfile,
            .systemChanged, .generationExists(number), .generationIs(number), .rebooted,
            .diskBelow(try FolderPath("/srv"), try Percent("80")), .findingGone,
        ]
    }
}
