// SPDX-License-Identifier: MIT
import MachaModel

/// One way in which a finding follows from another on the same host.
struct CauseRule: Sendable {
    /// Whether the second is the cause of the first.
    private let isCause: @Sendable (Finding, Finding) -> Bool

    func explains(_ finding: Finding, by cause: Finding) -> Bool {
        isCause(finding, cause)
    }

    /// In the order in which they are asked: the first that explains a finding decides.
    static let all: [CauseRule] = [
        // A dying disk takes its file systems along, and whoever waits for it.
        CauseRule(
            [
                .diskErrors, .diskFailing, .diskSectors, .poolDegraded, .poolErrors, .btrfsErrors,
                .btrfsDegraded, .raidDegraded,
            ],
            explains: [
                .filesystemErrors, .filesystemReadOnly, .filesystemUnreadable, .ioPressure, .ioSustained,
                .hungTask, .raidErrors, .dataDamage,
            ],
            saying: ["I/O error", "Input/output error"]),
        CauseRule(
            [.filesystemErrors], explains: [.filesystemReadOnly],
            saying: ["Structure needs cleaning", "Input/output error"]),
        CauseRule([.filesystemReadOnly], explains: [], saying: ["Read-only file system", "EROFS"]),
        // What the journal says about an end, and that nobody wanted it.
        CauseRule([.uncleanShutdown], explains: [.unexpectedReboot], saying: []),
        // The same file system, sooner and later.
        CauseRule { finding, cause in
            guard finding.subject == cause.subject else { return false }
            return switch (finding.kind, cause.kind) {
            case (.diskWillFill, .diskSpace), (.inodesWillFill, .diskInodes): true
            default: false
            }
        },
        CauseRule(
            [.diskSpace, .diskInodes, .diskWillFill], least: .critical, explains: [],
            saying: ["No space left on device", "ENOSPC", "disk is full", "disk full", "Disk quota exceeded"]),
        // Nothing can be started where nothing can be written.
        CauseRule { finding, cause in
            cause.isExhausted && ["/", "/var", "/tmp", "/run", "/nix"].contains(cause.subject?.raw ?? "")
                && finding.isAboutWork
        },
        CauseRule(
            [.oomKill, .memoryPressure, .memoryLow, .memorySustained],
            explains: [
                .memoryStallSustained, .swapSustained, .memorySustained, .memoryPressure, .memoryLow,
            ],
            saying: ["oom-kill", "Out of memory", "Cannot allocate memory", "ENOMEM"]),
        // No way out: no names, no time, no downloads.
        CauseRule(
            [.noDefaultRoute, .linkFailed],
            explains: [
                .noNameServer, .dnsBroken, .nameUnresolved, .targetSilent, .clockUnsynchronized,
                .tailscaleDown,
            ],
            saying: ["Network is unreachable", "No route to host", "ENETUNREACH", "Name or service not known"]),
        CauseRule(
            [.noNameServer, .dnsBroken], explains: [.nameUnresolved, .clockUnsynchronized],
            saying: [
                "Temporary failure in name resolution", "Name or service not known", "Could not resolve",
                "could not be resolved", "no such host", "unable to resolve", "NXDOMAIN", "SERVFAIL",
            ]),
        CauseRule(
            [.clockWrong, .clockJumped],
            explains: [.clockUnsynchronized, .clockJumped, .certificateExpired, .timerOverdue],
            saying: ["not yet valid", "certificate has expired", "clock skew", "Clock skew", "RequestTimeTooSkewed"]),
        // A mount that is gone, and who needs it.
        CauseRule { finding, cause in
            guard let path = cause.missingMount, finding.missingMount == nil else { return false }
            let isDependency = finding.lacksDependency || finding.says(["Dependency failed"])
            return finding.isAboutWork && (isDependency || finding.says([path]))
        },
        // A unit and what is said about the same unit elsewhere.
        CauseRule { finding, cause in
            guard cause.isAny(of: [.unitFailed, .unitCrashLoop, .unitRestarting]),
                let unit = cause.subject?.raw.unitName
            else { return false }
            switch finding.kind {
            case .journalCritical, .unitFlapping, .coreDump, .timerJobFailed, .timerJobHangs,
                .unitRestarting, .containerStopped, .containerRestarting:
                return finding.subject?.raw.unitName == unit
            case .newError: return finding.isLogged(by: unit)
            default: return false
            }
        },
        // Several questions that have no answer for one and the same reason: the first represents all.
        CauseRule { finding, cause in
            guard cause.kind == .probeUnknown, let reason = finding.silence else { return false }
            return reason == cause.silence
        },
        CauseRule([.logBurst], explains: [.newErrors], saying: []),
        CauseRule(
            [.maintenanceMode], explains: [.unitsFailed, .unitFailed, .noDefaultRoute, .noNameServer],
            saying: []),
    ]

    private init(_ isCause: @escaping @Sendable (Finding, Finding) -> Bool) { self.isCause = isCause }

    /// Findings of `kinds`, at least so severe, explain those of other kinds by name, and any that says one of `texts`.
    private init(
        _ kinds: Set<FindingKind>, least: Severity = .info, explains others: Set<FindingKind>, saying texts: [String]
    ) {
        isCause = { finding, cause in
            cause.isAny(of: kinds) && cause.severity >= least
                && (finding.isAny(of: others) || finding.isAboutWork && finding.says(texts))
        }
    }
}

extension Finding {
    fileprivate var isAboutWork: Bool { isAny(of: FindingKind.work) }

    /// Why a probe has no value, where that can be the reason for others too.
    fileprivate var silence: ProbeSilence? {
        guard kind == .probeUnknown else { return nil }
        return evidence.lazy.compactMap { if case .silence(_, let silence) = $0 { silence } else { nil } }.first
    }

    /// The mount point that is not there.
    fileprivate var missingMount: String? {
        guard kind == .mountMissing || kind == .unitFailed else { return nil }
        let paths = evidence.lazy.compactMap { line -> String? in
            switch line {
            case .missingMount(_, let path): path
            case .unit(_, let unit): unit.mountPoint
            case .seen, .logged, .lastWords, .silence: nil
            }
        }
        return paths.first { $0.count > 1 }
    }

    /// A unit that was not started because another one that it needs could not be.
    fileprivate var lacksDependency: Bool {
        evidence.contains { if case .unit(_, let unit) = $0 { unit.result == "dependency" } else { false } }
    }

    /// Whether the program of this name logged what was seen.
    fileprivate func isLogged(by unit: String) -> Bool {
        evidence.contains { if case .logged(_, let name) = $0 { name == unit } else { false } }
    }

    /// Whether a program or the kernel said one of `texts`.
    fileprivate func says(_ texts: [String]) -> Bool {
        guard !texts.isEmpty else { return false }
        return evidence.lazy.compactMap(\.words).contains { words in texts.contains { words.raw.contains($0) } }
    }

    /// A file system without room for as much as a process id, by its own figures.
    fileprivate var isExhausted: Bool {
        guard severity == .critical else { return false }
        return switch kind {
        case .diskInodes: self[.inodesFree].map { $0 < 16 } ?? false
        case .diskSpace: self[.available].map { $0 < 4 << 20 } ?? false
        default: false
        }
    }
}

extension String {
    /// `nginx` of `nginx.service` and `nginx.timer`.
    fileprivate var unitName: String {
        guard let dot = lastIndex(of: "."), dot != startIndex else { return self }
        return String(self[..<dot])
    }
}
