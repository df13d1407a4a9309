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
            let isDependency = finding.says(["Result=dependency", "Dependency failed"])
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
            case .newError: return finding.subject?.raw.hasPrefix("\(unit):") ?? false
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

    // A regex is not Sendable, and this one is never changed.
    nonisolated(unsafe) private static let notFound = /([^\s:]+): (?:command )?not found/

    /// Why a probe has no value, where that can be the reason for others too.
    fileprivate var silence: String? {
        guard kind == .probeUnknown else { return nil }
        if evidence.contains(where: { UnknownDetector.tellsOfNoSystemd($0.raw) }) { return "systemd" }
        if advice == UnknownDetector.journalRemedy { return advice }
        // One program that is not there leaves several questions open, each with other words around its name.
        let missing = evidence.lazy.compactMap { $0.raw.firstMatch(of: Self.notFound)?.output.1 }
        return missing.first.map(String.init) ?? evidence.first?.raw
    }

    /// The mount point that is not there.
    fileprivate var missingMount: String? {
        guard let subject = subject?.raw else { return nil }
        if kind == .mountMissing { return subject.count > 1 ? subject : nil }
        guard kind == .unitFailed, subject.hasSuffix(".mount") else { return nil }
        // systemd.unit(5): a path's slashes become dashes, and its own dashes are escaped.
        return "/" + subject.dropLast(".mount".count).replacing("-", with: "/").replacing("\\x2d", with: "-")
    }

    fileprivate func says(_ texts: [String]) -> Bool {
        guard !texts.isEmpty else { return false }
        return evidence.contains { line in texts.contains { line.raw.contains($0) } }
    }

    /// A file system without room for as much as a process id, by its own figures.
    fileprivate var isExhausted: Bool {
        guard severity == .critical else { return false }
        return switch kind {
        case .diskInodes: figures["inodesFree"].map { $0 < 16 } ?? false
        case .diskSpace: figures["available"].map { $0 < 4 << 20 } ?? false
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
