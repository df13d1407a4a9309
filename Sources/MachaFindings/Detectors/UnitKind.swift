// SPDX-License-Identifier: MIT
import MachaModel
import MachaProbes

/// What a failed unit means, by what it is for.
enum UnitKind: Hashable {
    /// Its file is gone, or somebody masked it: it was removed while it ran or after it failed.
    case gone
    /// One run of a container's health check, which podman makes a unit of.
    case healthCheck
    /// One login's or connection's own.
    case session
    /// Made by a program for one use, as `systemd-run` does.
    case transient
    /// A job that has its next run, or what starts one.
    case job
    /// To be there all the time.
    case lasting

    init(_ unit: UnitState) {
        if ["not-found", "masked"].contains(unit.load ?? "") {
            self = .gone
        } else if Self.isHealthCheck(unit.name) {
            self = .healthCheck
        } else if Self.isSession(unit.name) {
            self = .session
        } else if unit.file == "transient" {
            self = .transient
        } else {
            let isJob =
                unit.type == "oneshot"
                || [".timer", ".path", ".target", ".slice", ".device"].contains {
                    unit.name.hasSuffix($0)
                }
            self = isJob ? .job : .lasting
        }
    }

    var severity: Severity {
        switch self {
        case .gone, .healthCheck, .session, .transient: .info
        case .job: .warning
        case .lasting: .critical
        }
    }

    /// Nothing has to be fixed: the entry may be cleared.
    var isLeftover: Bool { severity == .info }

    /// `<64 hex digits>-<more>.service`. Source: libpod/healthcheck_linux.go of podman.
    private static func isHealthCheck(_ name: String) -> Bool {
        let id = name.utf8.prefix(64)
        return id.count == 64 && id.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
            && (name.hasSuffix(".service") || name.hasSuffix(".timer"))
    }

    private static func isSession(_ name: String) -> Bool {
        if name.hasSuffix(".scope") { return true }
        return [
            "sshd@", "sshd-session@", "sshd-unix-local@", "user@", "user-runtime-dir@", "session-", "systemd-coredump@",
            "drkonqi-coredump-processor@",
        ].contains { name.hasPrefix($0) }
    }
}

/// How a unit ended, in words.
enum UnitEnd {
    /// Mounts, swaps and sockets have results and no main process.
    static func hasExitStatus(_ unit: UnitState) -> Bool { unit.name.hasSuffix(".service") }

    static func cause(_ unit: UnitState) -> String {
        switch unit.result {
        case "exit-code":
            if hasExitStatus(unit), let status = unit.exitStatus, status != 0 {
                " with exit status \(status)"
            } else {
                tool(unit)
            }
        case "oom-kill": " because the system ran out of memory"
        case "timeout": " because it took too long"
        case "signal": " after being killed by a signal"
        case "core-dump": " with a core dump"
        case "watchdog": " because its watchdog timed out"
        case "start-limit-hit", "mount-start-limit-hit": " after too many attempts to start it"
        case "service-start-limit-hit": " because its service failed too often"
        case "trigger-limit-hit": " because it was triggered too often"
        case "resources": " because a resource it needs was not available"
        case "protocol": " because it did not follow the protocol of its service type"
        case "unit-condition-failed", "exec-condition": " because its start condition was not met"
        case "success", nil: ""
        case .some(let other): " (\(other.printable(limit: 40)))"
        }
    }

    private static func tool(_ unit: UnitState) -> String {
        switch unit.name.split(separator: ".").last {
        case "mount", "automount": " because mount failed"
        case "swap": " because swapon failed"
        default: " because one of its commands failed"
        }
    }
}
