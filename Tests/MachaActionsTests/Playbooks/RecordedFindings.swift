// SPDX-License-Identifier: MIT
import MachaFindings
import MachaModel

/// For every playbook a finding it answers and one that looks alike and that it must leave alone. Evidence as detectors
/// and journals have it.
struct RecordedFinding {
    var playbook: String
    var right: Finding
    var wrong: Finding
    /// Seconds for which both have been known.
    var age = 100_000.0

    static func unit(
        _ name: String, _ severity: Severity = .critical, _ facts: String = "Result=exit-code ExecMainStatus=1"
    )
        -> Finding
    {
        Finding(
            .unitFailed, host: "web", subject: name, severity, "\(name) has failed.",
            evidence: ["\(name): ActiveState=failed SubState=failed \(facts) NRestarts=0"])
    }

    static func finding(
        _ kind: FindingKind, _ subject: String? = nil, _ severity: Severity = .critical, _ evidence: String = ""
    )
        -> Finding
    {
        Finding(kind, host: "web", subject: subject, severity, "Something is wrong.", evidence: [evidence])
    }

    static let all: [RecordedFinding] = [
        .init(
            playbook: "restart-failed-service", right: unit("jellyfin.service"),
            wrong: unit("jellyfin.service", .critical, "Result=exit-code ExecMainStatus=203"), age: 0),
        .init(
            playbook: "restart-after-oom",
            right: unit("jellyfin.service", .critical, "Result=oom-kill ExecMainStatus=9"),
            wrong: unit("jellyfin.service")),
        .init(
            playbook: "reset-start-limit",
            right: unit("jellyfin.service", .critical, "Result=start-limit-hit ExecMainStatus=1"),
            wrong: unit("jellyfin.service")),
        .init(
            playbook: "stop-crash-loop", right: finding(.unitCrashLoop, "jellyfin.service"),
            wrong: finding(.unitRestarting, "jellyfin.service")),
        .init(
            playbook: "rerun-failed-job", right: unit("sync-photos.service", .warning),
            wrong: unit("sync-photos.timer", .warning)),
        .init(
            playbook: "wait-online-timeout", right: unit("systemd-networkd-wait-online.service", .warning),
            wrong: unit("systemd-networkd.service")),
        .init(
            playbook: "restart-failed-container", right: unit("podman-immich.service"), wrong: unit("podman.socket")),
        .init(
            playbook: "container-trouble", right: finding(.containerUnhealthy, "immich", .warning),
            wrong: finding(.containerStopped, "immich", .info)),
        .init(
            playbook: "free-store-space", right: finding(.diskSpace, "/nix", .warning),
            wrong: finding(.diskSpace, "/srv/media", .warning)),
        .init(
            playbook: "trim-generations", right: finding(.diskSpace, "/"), wrong: finding(.diskSpace, "/", .warning)
        ),
        .init(
            playbook: "vacuum-journal", right: finding(.diskSpace, "/var/log", .warning),
            wrong: finding(.diskSpace, "/boot", .warning)),
        .init(
            playbook: "rotate-logs", right: unit("logrotate.service", .warning),
            wrong: unit("logrotate-x.service", .warning)),
        .init(
            playbook: "clean-tmp", right: finding(.diskInodes, "/tmp", .warning),
            wrong: finding(.diskInodes, "/home", .warning)),
        .init(
            playbook: "make-room-for-garbage-collection", right: finding(.diskSpace, "/"),
            wrong: finding(.diskSpace, "/home")),
        .init(
            playbook: "free-inodes", right: finding(.diskInodes, "/", .warning),
            wrong: finding(.diskSpace, "/", .warning)),
        .init(
            playbook: "boot-partition-full", right: finding(.diskSpace, "/boot", .warning),
            wrong: finding(.diskSpace, "/bootleg", .warning)),
        .init(playbook: "out-of-memory", right: finding(.oomKill), wrong: finding(.swapSustained, nil, .warning)),
        .init(
            playbook: "failed-auto-upgrade", right: unit("nixos-upgrade.service", .warning),
            wrong: unit("nixos-upgrade-notify.service", .warning)),
        .init(playbook: "roll-back-generation", right: finding(.unitsFailed), wrong: unit("jellyfin.service")),
        .init(
            playbook: "system-drift", right: finding(.systemDrift, nil, .info),
            wrong: finding(.systemChanged, nil, .info)),
        .init(
            playbook: "renew-certificate", right: unit("acme-order-renew-example.org.service", .warning),
            wrong: unit("acmed.service")),
        .init(
            playbook: "certificate-expires", right: finding(.certificateExpiring, "example.org", .warning),
            wrong: finding(.certificateSelfSigned, "example.org", .warning)),
        .init(
            playbook: "flush-dns", right: finding(.nameUnresolved, "cache.nixos.org", .warning),
            wrong: finding(.targetSilent, "192.0.2.1", .warning)),
        .init(
            playbook: "restart-resolver", right: finding(.dnsBroken), wrong: finding(.noNameServer, nil, .warning)),
        .init(
            playbook: "resync-clock", right: finding(.clockUnsynchronized, nil, .warning),
            wrong: finding(.clockJumped, nil, .warning)),
        .init(
            playbook: "secrets-not-decrypted", right: unit("sops-install-secrets.service"),
            wrong: unit("sopsd.service")),
        .init(
            playbook: "database-will-not-start", right: unit("postgresql.service"),
            wrong: unit("postgresql-backup.service")),
        .init(
            playbook: "reboot-when-needed", right: finding(.rebootNeeded, nil, .info),
            wrong: finding(.longUptime, nil, .info)),
        .init(
            playbook: "disk-failing", right: finding(.diskSectors, "/dev/sda", .warning),
            wrong: finding(.diskHot, "/dev/sda", .warning)),
        .init(
            playbook: "pool-degraded", right: finding(.poolDegraded, "tank"),
            wrong: finding(.poolResilvering, "tank", .info)
        ),
        .init(playbook: "mount-again", right: unit("srv-media.mount"), wrong: unit("srv-media.automount")),
        .init(
            playbook: "mount-missing", right: finding(.mountMissing, "/srv/media"),
            wrong: finding(.diskSpace, "/srv/media")),
        .init(
            playbook: "rerun-backup", right: unit("restic-backups-home.service", .warning),
            wrong: unit("restic-rest-server.service", .warning)),
        .init(
            playbook: "unlock-restic",
            right: unit("restic-backups-home.service", .warning, "Result=exit-code ExecMainStatus=11"),
            wrong: unit("restic-backups-home.service", .warning)),
        .init(
            playbook: "failed-garbage-collection", right: unit("nix-gc.service", .warning),
            wrong: unit("nix-gc.timer", .warning)),
        .init(
            playbook: "rerun-missed-job", right: finding(.timerOverdue, "sync-photos.timer", .warning),
            wrong: finding(.timerOverdue, "nixos-upgrade.timer", .warning)),
        .init(
            playbook: "tailnet-login", right: finding(.tailscaleKey, nil, .warning),
            wrong: finding(.tailscaleDown, nil, .info)),
        .init(
            playbook: "suggest-housekeeping", right: finding(.journalLarge, nil, .info),
            wrong: finding(.logBurst, nil, .warning)),
    ]
}
