// SPDX-License-Identifier: MIT
import MachaModel

extension JournalSigns {
    /// Disks and what they hang on.
    static let storage: [JournalSign] = [
        .kernel(
            .diskErrors, .critical, "A disk reported errors in the last hour.",
            [
                ["I/O error, dev "], ["Buffer I/O error on dev"], ["critical medium error"], ["critical target error"],
                ["lost async page write"], ["device offline error, dev "], ["critical space allocation error, dev "],
                ["protection error, dev "],
            ], "block/blk-core.c (blk_errors), fs/buffer.c"),
        .kernel(
            .diskErrors, .warning, "A disk did not answer in time in the last hour.",
            [["timeout error, dev "], ["transport error, dev "]], "block/blk-core.c (blk_errors)"),
        .kernel(
            .diskErrors, .critical, "A disk was given up by the kernel in the last hour.",
            [
                ["rejecting I/O to offline device"], ["disabling device after reset failure"],
                ["Disabling device after reset"],
            ],
            "drivers/scsi/scsi_lib.c, drivers/nvme/host/pci.c"),
        .quiet(
            .kernel, .diskErrors, .critical, "A disk was given up by the kernel in the last hour.",
            [["Device offlined - not ready after error recovery"]], "drivers/scsi/scsi_error.c"),
        .kernel(
            .diskErrors, .critical, "An NVMe disk did not answer in the last hour.",
            [
                ["nvme", "controller is down"], ["nvme", "Device not ready; aborting"],
                ["nvme", "Removing after probe failure"], ["nvme", "Device shutdown incomplete"],
            ], "drivers/nvme/host/pci.c, drivers/nvme/host/core.c"),
        .kernel(
            .diskErrors, .warning, "An NVMe disk was slow to answer in the last hour.",
            [
                ["nvme", " timeout, aborting"], ["nvme", " timeout, reset controller"],
                ["nvme", " timeout, disable controller"],
            ],
            "drivers/nvme/host/pci.c"),
        .kernel(
            .diskErrors, .warning, "A disk, its cable or its controller failed commands in the last hour.",
            [
                ["ata", "failed command: READ"], ["ata", "failed command: WRITE"], ["ata", "failed command: FLUSH"],
                ["ata", "failed command: DATA SET"], ["ata", "revalidation failed"], ["ata", ": disable device"],
                ["ata", ".00: disabled"], ["ata", "reset failed, giving up"],
            ], "drivers/ata/libata-eh.c"),
        .kernel(
            .diskErrors, .critical, "A storage controller failed in the last hour.",
            [
                ["SAS host is non-operational"], ["mpt", "fault_state("], ["mpt", "diag reset", "FAILED"],
                ["megaraid_sas", "FAULT state"], ["megaraid_sas", "Adapter is OFFLINE"], ["hpsa", "lockup detected"],
                ["aacraid", "Host adapter dead"], ["aacraid", "Host bus reset request"],
                ["smartpqi", "controller offline"],
                ["smartpqi", "controller is offline"], ["AHCI controller unavailable"],
            ],
            "drivers/scsi: mpt3sas/mpt3sas_base.c, megaraid/megaraid_sas_base.c, hpsa.c, aacraid/linit.c, smartpqi; drivers/ata/libahci.c"
        ),
        .quiet(
            .kernel, .diskErrors, .critical, "A RAID controller reported a failed disk or volume in the last hour.",
            [
                ["megaraid_sas", "is now DEGRADED"], ["megaraid_sas", "is now PARTIALLY DEGRADED"],
                ["megaraid_sas", "is now OFFLINE"], ["megaraid_sas", "/CRIT) - "], ["megaraid_sas", "/FATAL) - "],
                ["megaraid_sas", "/DEAD) - "], ["hpsa", "drive failed"], ["mpt2sas", "FAILED state"],
            ], "drivers/scsi/megaraid/megaraid_sas_base.c (megasas_decode_evt)"),
        .quiet(
            .kernel, .diskErrors, .warning, "A storage controller had to abort commands in the last hour.",
            [
                ["attempting task abort!"], ["attempting device reset!"], ["attempting host reset!"],
                ["megasas: RESET "],
                ["megaraid_sas", "resetting fusion adapter"], ["hpsa", ": resetting "], ["smartpqi", "resetting "],
            ],
            "drivers/scsi: mpt3sas/mpt3sas_scsih.c, megaraid/megaraid_sas_base.c, hpsa.c, smartpqi"),
        .quiet(
            .units(smartd), .diskErrors, .critical, "smartd reports that a disk is failing.",
            [["FAILED SMART self-check"]], "smartd.cpp of smartmontools"),
        .quiet(
            .units(smartd), .diskErrors, .warning, "smartd reports errors of a disk.",
            [
                ["Currently unreadable (pending) sectors"], ["Offline uncorrectable sectors"],
                ["Failed SMART usage Attribute"], ["Self-Test Log error count increased"], ["Critical Warning (0x"],
            ], "smartd.cpp of smartmontools"),
        .quiet(
            .unit("dm-event.service"), .diskErrors, .warning, "A thin pool or snapshot of LVM is nearly full.",
            [["Thin pool ", " is now ", "% full"], ["Snapshot ", " is now ", "% full"], ["VDO pool ", "% full"]],
            "daemons/dmeventd/plugins of LVM2"),
        .kernel(
            .diskErrors, .critical, "What is kept on a disk does not fit its checksums any more.",
            [
                ["INTEGRITY AEAD ERROR"], ["device-mapper: integrity:", "Checksum failed"],
                ["device-mapper: verity:", "is corrupted"],
            ],
            "drivers/md/dm-crypt.c, dm-integrity.c, dm-verity-target.c"),
        .quiet(
            .kernel, .diskErrors, .critical, "A disk below DRBD or bcache failed in the last hour.",
            [
                ["drbd", "disk( ", " Failed )"], ["drbd", "Local IO failed in"], ["bcache: ", "IO error on "],
                ["bcache: ", "too many IO errors"],
            ], "drivers/block/drbd/drbd_req.c, drbd_state.c, drivers/md/bcache/io.c, super.c"),
        .kernel(
            .diskErrors, .warning, "A path to a disk failed in the last hour.",
            [["device-mapper: multipath", "Failing path"]], "drivers/md/dm-mpath.c"),
        .quiet(
            .kernel, .diskErrors, .critical, "A thin pool has no space left: writes to its volumes fail.",
            [["device-mapper: thin:", "out-of-data-space"], ["device-mapper: thin:", "to read-only mode"]],
            "drivers/md/dm-thin.c (set_pool_mode)"),
        .kernel(
            .diskErrors, .critical, "A memory card failed commands in the last hour.",
            [
                ["mmcblk", "timed out sending"], ["mmcblk", "unable to set block size"], ["mmcblk", "recovery failed"],
            ],
            "drivers/mmc/core/block.c"),
    ]

    private static let smartd = ["smartd.service", "smartmontools.service"]

    /// Arrays of Linux.
    static let raid: [JournalSign] = [
        .kernel(
            .raidErrors, .critical, "A disk was dropped from an array in the last hour.",
            [
                ["md/raid", "Disk failure on"], ["md/", "Operation continuing on"], ["md: kicking non-fresh"],
                ["md/raid", "Cannot continue operation"], ["md/raid", "not enough operational"],
                ["md: super_written gets error"], ["device-mapper: raid:", "has failed"],
            ], "drivers/md/md.c, raid1.c, raid10.c, raid5.c, dm-raid.c"),
        .kernel(
            .raidErrors, .critical, "An array could not read what it holds.",
            [
                ["md/raid", "unrecoverable I/O"], ["md/raid", "read error not correctable"],
                ["md/raid", "unrecoverable I/O read error"],
            ],
            "drivers/md/raid1.c, raid10.c, raid5.c"),
        .quiet(
            .kernel, .raidErrors, .warning, "An array had to mend what one of its disks did not give back.",
            [["md/raid", "read error corrected"], ["md/raid", "redirecting sector"]],
            "drivers/md/raid1.c (fix_read_error, raid1_read_request), raid5.c"),
        .quiet(
            .unit("mdmonitor.service"), .raidErrors, .critical, "mdadm reports a failed disk or a degraded array.",
            [
                ["Fail event detected"], ["FailSpare event detected"], ["DegradedArray event detected"],
                ["DeviceDisappeared event"],
            ],
            "mdadm(8), MONITOR MODE"),
        .quiet(
            .unit("zfs-zed.service"), .raidErrors, .critical, "ZFS lost a device of a pool.",
            [["vdev_state=FAULTED"], ["vdev_state=UNAVAIL"], ["vdev_state=REMOVED"], ["class=io_failure"]],
            "cmd/zed/zed.d/all-syslog.sh of OpenZFS"),
        .quiet(
            .unit("zfs-zed.service"), .raidErrors, .warning, "ZFS met errors on a device of a pool.",
            [
                ["class=checksum"], ["class=data "], ["class=data pool"], ["class=io "], ["class=io pool"],
                ["vdev_state=DEGRADED"],
            ],
            "cmd/zed/zed.d/all-syslog.sh of OpenZFS"),
    ]
}
