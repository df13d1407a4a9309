// SPDX-License-Identifier: MIT

/// The playbooks that come with the program, inside the program: an installed binary needs no file beside it.
///
/// Their one source is `playbooks/` at the top of the repository, to which `Library` links; the build embeds its files.
package enum ShippedPlaybooks {
    /// Each file's text, under the name by which mistakes and `macha playbooks` call it.
    package static var sources: [(file: String, text: String)] {
        files.map { (folder + $0.name, String(decoding: $0.bytes, as: UTF8.self)) }
    }

    /// Whether `file`, as a playbook's position names it, is one of these.
    package static func contain(_ file: String) -> Bool { file.hasPrefix(folder) }

    /// No path of a file system: it stands for the program itself.
    private static let folder = "(built in)/"

    /// One line a playbook; a test compares the list with the folder.
    private static let files: [(name: String, bytes: [UInt8])] = [
        ("boot-new-system.yaml", PackageResources.boot_new_system_yaml),
        ("boot-partition-full.yaml", PackageResources.boot_partition_full_yaml),
        ("certificate-expires.yaml", PackageResources.certificate_expires_yaml),
        ("clean-tmp.yaml", PackageResources.clean_tmp_yaml),
        ("container-trouble.yaml", PackageResources.container_trouble_yaml),
        ("database-will-not-start.yaml", PackageResources.database_will_not_start_yaml),
        ("disk-failing.yaml", PackageResources.disk_failing_yaml),
        ("failed-auto-upgrade.yaml", PackageResources.failed_auto_upgrade_yaml),
        ("failed-garbage-collection.yaml", PackageResources.failed_garbage_collection_yaml),
        ("flush-dns.yaml", PackageResources.flush_dns_yaml),
        ("free-inodes.yaml", PackageResources.free_inodes_yaml),
        ("free-store-space.yaml", PackageResources.free_store_space_yaml),
        ("make-room-for-garbage-collection.yaml", PackageResources.make_room_for_garbage_collection_yaml),
        ("mount-again.yaml", PackageResources.mount_again_yaml),
        ("mount-missing.yaml", PackageResources.mount_missing_yaml),
        ("out-of-memory.yaml", PackageResources.out_of_memory_yaml),
        ("pool-degraded.yaml", PackageResources.pool_degraded_yaml),
        ("preview-rebuild.yaml", PackageResources.preview_rebuild_yaml),
        ("reboot-when-needed.yaml", PackageResources.reboot_when_needed_yaml),
        ("renew-certificate.yaml", PackageResources.renew_certificate_yaml),
        ("rerun-backup.yaml", PackageResources.rerun_backup_yaml),
        ("rerun-failed-job.yaml", PackageResources.rerun_failed_job_yaml),
        ("rerun-missed-job.yaml", PackageResources.rerun_missed_job_yaml),
        ("reset-start-limit.yaml", PackageResources.reset_start_limit_yaml),
        ("restart-after-oom.yaml", PackageResources.restart_after_oom_yaml),
        ("restart-failed-container.yaml", PackageResources.restart_failed_container_yaml),
        ("restart-failed-service.yaml", PackageResources.restart_failed_service_yaml),
        ("restart-resolver.yaml", PackageResources.restart_resolver_yaml),
        ("restart-unit.yaml", PackageResources.restart_unit_yaml),
        ("resync-clock.yaml", PackageResources.resync_clock_yaml),
        ("roll-back-generation.yaml", PackageResources.roll_back_generation_yaml),
        ("rotate-logs.yaml", PackageResources.rotate_logs_yaml),
        ("secrets-not-decrypted.yaml", PackageResources.secrets_not_decrypted_yaml),
        ("stop-crash-loop.yaml", PackageResources.stop_crash_loop_yaml),
        ("suggest-housekeeping.yaml", PackageResources.suggest_housekeeping_yaml),
        ("switch-rebuild.yaml", PackageResources.switch_rebuild_yaml),
        ("system-drift.yaml", PackageResources.system_drift_yaml),
        ("tailnet-login.yaml", PackageResources.tailnet_login_yaml),
        ("test-rebuild.yaml", PackageResources.test_rebuild_yaml),
        ("trim-generations.yaml", PackageResources.trim_generations_yaml),
        ("unlock-restic.yaml", PackageResources.unlock_restic_yaml),
        ("vacuum-journal.yaml", PackageResources.vacuum_journal_yaml),
        ("wait-online-timeout.yaml", PackageResources.wait_online_timeout_yaml),
    ]
}
