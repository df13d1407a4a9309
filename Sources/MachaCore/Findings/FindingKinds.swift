// SPDX-License-Identifier: MIT

/// Every kind of finding there is: what playbooks may name, and what detectors may report.
package enum FindingKinds {
    package static let known: Set<String> = [
        // The host itself.
        "unreachable", "untrusted-host-key", "login-refused", "incompatible-ssh", "connection-broken",
        "controller-fault", "probe-unknown",
        // Units and the boot.
        "unit-failed", "unit-restarting", "unit-crash-loop", "units-failed", "maintenance-mode", "boot-unfinished",
        "shutting-down", "manager-state", "long-uptime",
        // Space, memory and load.
        "disk-space", "disk-inodes", "filesystem-read-only", "memory-low", "memory-pressure", "oom-kill",
        "io-pressure", "cpu-pressure", "load-high",
        // Disks, by the kernel's own words.
        "disk-errors", "filesystem-errors", "hung-task", "journal-critical",
        // Network and time.
        "no-default-route", "no-name-server", "clock-wrong", "clock-unsynchronized",
        // NixOS.
        "reboot-needed", "system-drift",
    ]
}
