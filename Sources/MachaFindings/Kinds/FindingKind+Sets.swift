// SPDX-License-Identifier: MIT
import MachaProbes

/// What kinds have in common. A kind belongs to a set by what it means, so each is listed here and not where it is asked
/// for.
extension FindingKind {
    /// The host does not answer, or stopped answering.
    package static let silence: Set<FindingKind> = [.unreachable, .connectionBroken, .away]

    /// Something that was to run and did not, or that complained: it may do so because of something else.
    static let work: Set<FindingKind> = [
        .unitFailed, .unitRestarting, .unitCrashLoop, .unitFlapping, .unitStarting, .unitsFailed,
        .timerJobFailed, .timerJobHangs, .timerNeverRun, .timerOff, .timerOverdue,
        .containerRestarting, .containerStopped, .containerUnhealthy,
        .journalCritical, .journalLarge, .logFlood, .logBurst, .newError, .newErrors,
        .certificateExpired, .certificateExpiring, .certificateSelfSigned,
    ]

    /// A file system runs full, now or before long.
    package static let space: Set<FindingKind> = [.diskSpace, .diskInodes, .diskWillFill, .inodesWillFill]

    /// A file system will be full before long.
    package static let filling: Set<FindingKind> = [.diskWillFill, .inodesWillFill]

    /// Memory is short, now or for hours.
    package static let memory: Set<FindingKind> = [
        .memoryLow, .memoryPressure, .memorySustained, .memoryStallSustained,
    ]

    /// What the journal tells of.
    static let signs = Set(JournalSign.Kind.allCases.map { FindingKind($0) })

    /// What is found about the items of a list, by the probe that lists them.
    static let items: [String: Set<FindingKind>] = [
        SMARTProbe.name: [.diskFailing, .diskSectors, .diskSelfTest, .diskWorn, .diskHot],
        DisksProbe.name: space.union([.filesystemReadOnly, .filesystemUnreadable]),
        ZFSProbe.name: [.poolDegraded, .poolErrors, .poolResilvering, .scrubOverdue],
        BtrfsProbe.name: [.btrfsErrors, .btrfsDegraded],
        MDRaidProbe.name: [.raidDegraded, .raidErrors, .raidRebuilding],
        CertificatesProbe.name: [.certificateExpired, .certificateExpiring, .certificateSelfSigned],
        TimersProbe.name: [.timerJobFailed, .timerJobHangs, .timerOverdue, .timerNeverRun, .timerOff],
        UnitsProbe.name: [.unitFailed, .unitRestarting, .unitCrashLoop, .unitStarting, .unitFlapping],
        ContainersProbe.name: [.containerUnhealthy, .containerRestarting, .containerStopped],
        NetworkdProbe.name: [.linkFailed], CoreDumpsProbe.name: [.coreDump], NamesProbe.name: [.nameUnresolved],
        TargetsProbe.name: [.targetSilent], VulnerabilitiesProbe.name: [.vulnerabilities],
    ]

    /// What a line of the journal tells of.
    init(_ sign: JournalSign.Kind) {
        self =
            switch sign {
            case .diskErrors: .diskErrors
            case .raidErrors: .raidErrors
            case .filesystemErrors: .filesystemErrors
            case .dataDamage: .dataDamage
            case .oomKill: .oomKill
            case .oomLimit: .oomLimit
            case .allocationFailed: .allocationFailed
            case .hardwareErrors: .hardwareErrors
            case .networkCardStuck: .networkCardStuck
            case .powerLost: .powerLost
            case .networkTableFull: .networkTableFull
            case .hungTask: .hungTask
            case .kernelFault: .kernelFault
            }
    }
}
