// SPDX-License-Identifier: MIT
/// Every action, in the order in which lists and the playbooks' schema name them.
enum ActionCatalog {
    static let all: [Action.Kind] = [
        .restartUnit, .startUnit, .stopUnit, .resetFailedUnit, .collectGarbage, .vacuumJournal, .rotateJournal,
        .cleanTemporaryFiles, .rebuild, .rollbackGeneration, .reboot, .diagnose, .command, .waitUntil, .notify,
        .suggestChange,
    ]

    static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.rawValue, $0) })
}
