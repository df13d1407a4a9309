// SPDX-License-Identifier: MIT

/// What can be found on a host: the names that reports, fingerprints, playbooks and the database know.
///
/// A name never changes, because fingerprints rest on it. What each kind means, and why it is as severe as it is, says
/// ``entry``; the table in `docs/findings.md` is made of that.
package enum FindingKind: String, Hashable, Sendable, CaseIterable {
    // The host itself.
    case unreachable
    case untrustedHostKey = "untrusted-host-key"
    case loginRefused = "login-refused"
    case incompatibleSSH = "incompatible-ssh"
    case connectionBroken = "connection-broken"
    case controllerFault = "controller-fault"
    case away
    case probeUnknown = "probe-unknown"
    case itemUnknown = "item-unknown"
    case unexpectedReboot = "unexpected-reboot"
    case rebooted
    case uncleanShutdown = "unclean-shutdown"
    case systemChanged = "system-changed"
    case machineShared = "machine-shared"
    case machineReplaced = "machine-replaced"

    // Units, timers and the boot.
    case unitFailed = "unit-failed"
    case unitRestarting = "unit-restarting"
    case unitCrashLoop = "unit-crash-loop"
    case unitFlapping = "unit-flapping"
    case unitStarting = "unit-starting"
    case unitsFailed = "units-failed"
    case timerJobFailed = "timer-job-failed"
    case timerJobHangs = "timer-job-hangs"
    case timerNeverRun = "timer-never-run"
    case timerOff = "timer-off"
    case timerOverdue = "timer-overdue"
    case maintenanceMode = "maintenance-mode"
    case bootUnfinished = "boot-unfinished"
    case shuttingDown = "shutting-down"
    case managerState = "manager-state"
    case longUptime = "long-uptime"
    case coreDump = "core-dump"
    case containerRestarting = "container-restarting"
    case containerStopped = "container-stopped"
    case containerUnhealthy = "container-unhealthy"

    // Space, memory and load.
    case diskSpace = "disk-space"
    case diskInodes = "disk-inodes"
    case diskWillFill = "disk-will-fill"
    case inodesWillFill = "inodes-will-fill"
    case journalLarge = "journal-large"
    case filesystemReadOnly = "filesystem-read-only"
    case filesystemUnreadable = "filesystem-unreadable"
    case memoryLow = "memory-low"
    case memoryPressure = "memory-pressure"
    case memoryStallSustained = "memory-stall-sustained"
    case memorySustained = "memory-sustained"
    case swapSustained = "swap-sustained"
    case oomKill = "oom-kill"
    case oomLimit = "oom-limit"
    case allocationFailed = "allocation-failed"
    case ioPressure = "io-pressure"
    case ioSustained = "io-sustained"
    case cpuPressure = "cpu-pressure"
    case cpuSustained = "cpu-sustained"
    case loadHigh = "load-high"
    case overheating

    // Disks and what is mounted.
    case diskErrors = "disk-errors"
    case diskFailing = "disk-failing"
    case diskHot = "disk-hot"
    case diskSectors = "disk-sectors"
    case diskSelfTest = "disk-selftest"
    case diskWorn = "disk-worn"
    case btrfsErrors = "btrfs-errors"
    case btrfsDegraded = "btrfs-degraded"
    case raidDegraded = "raid-degraded"
    case raidErrors = "raid-errors"
    case raidRebuilding = "raid-rebuilding"
    case filesystemErrors = "filesystem-errors"
    case poolDegraded = "pool-degraded"
    case poolErrors = "pool-errors"
    case poolResilvering = "pool-resilvering"
    case scrubOverdue = "scrub-overdue"
    case mountMissing = "mount-missing"
    case hungTask = "hung-task"

    // Logs and logins.
    case journalCritical = "journal-critical"
    case dataDamage = "data-damage"
    case kernelFault = "kernel-fault"
    case hardwareErrors = "hardware-errors"
    case networkCardStuck = "network-card-stuck"
    case networkTableFull = "network-table-full"
    case powerLost = "power-lost"
    case logFlood = "log-flood"
    case logBurst = "log-burst"
    case newError = "new-error"
    case newErrors = "new-errors"
    case loginAfterFailures = "login-after-failures"
    case loginBurst = "login-burst"

    // Network, names and time.
    case noDefaultRoute = "no-default-route"
    case noNameServer = "no-name-server"
    case dnsBroken = "dns-broken"
    case nameUnresolved = "name-unresolved"
    case targetSilent = "target-silent"
    case linkFailed = "link-failed"
    case tailscaleDown = "tailscale-down"
    case tailscaleKey = "tailscale-key"
    case tailscaleLogin = "tailscale-login"
    case clockWrong = "clock-wrong"
    case clockJumped = "clock-jumped"
    case clockUnsynchronized = "clock-unsynchronized"
    case certificateExpired = "certificate-expired"
    case certificateExpiring = "certificate-expiring"
    case certificateSelfSigned = "certificate-self-signed"

    // Higher than ever at this time of day.
    case unusualCPU = "unusual-cpu"
    case unusualMemory = "unusual-memory"
    case unusualLoad = "unusual-load"
    case unusualIOPressure = "unusual-io-pressure"
    case unusualCollectTime = "unusual-collect-time"

    // NixOS.
    case rebootNeeded = "reboot-needed"
    case systemDrift = "system-drift"
    case vulnerabilities

    // Macha itself.
    case machaSilent = "macha-silent"
    case machaDisk = "macha-disk"
    case machaDatabaseDamaged = "macha-database-damaged"
    case machaDatabaseLarge = "macha-database-large"
    case machaQueue = "macha-queue"
    case machaModel = "macha-model"
    case machaNotices = "macha-notices"
    case machaBackup = "macha-backup"
    case machaFault = "macha-fault"
}
