// SPDX-License-Identifier: MIT

/// Every kind of finding there is: what playbooks may name, and what detectors may report.
package enum FindingKinds {
    package static let known: Set<String> = [
        // The host itself.
        "unreachable", "untrusted-host-key", "login-refused", "incompatible-ssh", "connection-broken",
        "controller-fault", "away", "probe-unknown", "item-unknown", "unexpected-reboot", "rebooted",
        "unclean-shutdown",
        "system-changed", "machine-shared", "machine-replaced",
        // Units, timers and the boot.
        "unit-failed", "unit-restarting", "unit-crash-loop", "unit-flapping", "units-failed", "timer-job-failed",
        "timer-job-hangs", "timer-never-run", "timer-off", "timer-overdue", "maintenance-mode", "boot-unfinished",
        "shutting-down", "manager-state", "long-uptime", "core-dump", "container-restarting", "container-stopped",
        "container-unhealthy",
        // Space, memory and load.
        "disk-space", "disk-inodes", "disk-will-fill", "inodes-will-fill", "journal-large", "filesystem-read-only",
        "memory-low", "memory-pressure", "memory-stall-sustained", "memory-sustained", "swap-sustained", "oom-kill",
        "oom-limit", "allocation-failed", "network-table-full", "network-card-stuck", "hardware-errors",
        "power-lost", "unit-starting",
        "io-pressure", "io-sustained", "cpu-pressure", "cpu-sustained", "load-high", "overheating",
        // Disks and what is mounted.
        "disk-errors", "disk-failing", "disk-hot", "disk-sectors", "disk-selftest", "disk-worn", "btrfs-errors",
        "btrfs-degraded", "raid-degraded", "raid-errors", "raid-rebuilding", "filesystem-unreadable", "pool-degraded",
        "pool-errors", "pool-resilvering", "scrub-overdue", "filesystem-errors", "mount-missing", "hung-task",
        // Logs.
        "journal-critical", "data-damage", "kernel-fault", "log-flood", "log-burst", "new-error", "new-errors",
        "login-after-failures", "login-burst",
        // Network, names and time.
        "no-default-route", "no-name-server", "dns-broken", "name-unresolved", "target-silent", "link-failed",
        "tailscale-down", "tailscale-key", "tailscale-login", "clock-wrong", "clock-jumped", "clock-unsynchronized",
        "certificate-expired", "certificate-expiring", "certificate-self-signed",
        // Higher than ever at this time.
        "unusual-cpu", "unusual-memory", "unusual-load", "unusual-io-pressure", "unusual-collect-time",
        // NixOS.
        "reboot-needed", "system-drift", "vulnerabilities",
    ]
}
