// SPDX-License-Identifier: MIT
/// Every check, in the order in which the playbooks' schema names them.
enum CheckCatalog {
    static let all: [Check.Kind] = [
        .unitExists, .unitNeedsRepair, .unitActive, .unitNotFailed, .unitStopped, .noNewFailures, .clockSynchronized,
        .nameResolves, .systemIsProfile, .systemChanged, .generationExists, .generationIs, .rebooted, .diskBelow,
        .findingGone,
    ]

    static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.rawValue, $0) })
}
