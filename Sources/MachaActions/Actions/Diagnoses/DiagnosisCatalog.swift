// SPDX-License-Identifier: MIT

/// Every diagnosis, in the order in which models and the playbooks' schema name them.
enum DiagnosisCatalog {
    static let all: [Diagnosis.Kind] = [
        .unit, .unitJournal, .failedUnits, .diskUsage, .inodeUsage, .journalUsage, .memory, .processes, .listeningPorts,
        .generations, .timers, .clock, .nameServers, .links, .mounts, .jobs,
    ]

    static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.rawValue, $0) })
}
