// SPDX-License-Identifier: MIT
import MachaModel

extension JournalSigns {
    /// File systems, and databases that keep checksums of their own.
    static let fileSystems: [JournalSign] = [
        .kernel(
            .filesystemErrors, .critical, "A file system shut itself down or was made read-only in the last hour.",
            [
                ["XFS (", "hutting down"], ["XFS (", "as been shut down"], ["XFS (", "log I/O error"],
                ["EXT4-fs", "Remounting filesystem read-only"], ["JBD2", "Aborting journal"],
                ["Aborting journal on device"],
                ["BTRFS", "forced readonly"], ["BTRFS", "Transaction aborted"], ["F2FS-fs", "Stopped filesystem"],
                ["bcachefs", "emergency read only"], ["FAT-fs", "set read-only"],
                ["has encountered an uncorrectable I/O failure"],
                ["Remounting filesystem read-only"],
            ],
            "fs/xfs/xfs_fsops.c, fs/ext4/super.c, fs/btrfs/messages.c, fs/f2fs/super.c, fs/bcachefs, fs/fat/misc.c, OpenZFS"
        ),
        .kernel(
            .filesystemErrors, .critical, "A file system reported errors in the last hour.",
            [
                ["EXT4-fs error"], ["EXT4-fs warning", "I/O error"], ["EXT4-fs", "Delayed block allocation failed"],
                ["EXT2-fs", "error"], ["BTRFS error"], ["BTRFS critical"], ["BTRFS: error"],
                ["BTRFS warning", "csum failed"],
                ["BTRFS warning", "checksum error"], ["BTRFS warning", "checksum verify failed"],
                ["BTRFS warning", "lost page write"], ["BTRFS warning", "i/o error"], ["BTRFS warning", "IO failed"],
                ["BTRFS warning", " is missing"],
                ["Corruption of in-memory data"], ["XFS (", "etadata I/O error"], ["XFS (", "etadata corruption"],
                ["XFS (", "CRC error"], ["XFS (", "writeback error"], ["XFS (", "nmount and run xfs_repair"],
                ["XFS (", "rectify the problem"], ["XFS (", "Internal error"], ["F2FS-fs", "nconsistent"],
                ["F2FS-fs", "orrupt"], ["bcachefs", "checksum error"], ["bcachefs", "IO error"],
                ["bcachefs", "read error"], ["bcachefs", "write error"], ["bcachefs", "nconsisten"],
                ["FAT-fs", "error"], ["JBD2: Detected IO errors"], ["SQUASHFS error"], ["EROFS", "corrupted"],
                ["PANIC at ", ".c:"], ["zfs", "VERIFY"],
            ],
            "fs/ext4/super.c, fs/btrfs, fs/xfs/xfs_error.c, fs/f2fs, fs/bcachefs, fs/fat/misc.c, fs/jbd2, OpenZFS"),
        .kernel(
            .filesystemErrors, .warning, "A file system has errors on record and was not checked since.",
            [["mounting fs with errors"]], "fs/ext4/super.c (ext4_setup_super)"),
        .quiet(
            .kernel, .filesystemErrors, .warning, "A file system has errors on record and was not checked since.",
            [
                ["EXT4-fs (", "error count since last fsck"], ["EXT4-fs (", "initial error at time"],
                ["EXT4-fs (", "last error at time"],
            ],
            "fs/ext4/super.c (print_daily_error_info)"),
        .quiet(
            .kernel, .filesystemErrors, .critical,
            "A file system shut itself down or was made read-only in the last hour.",
            [["BTRFS info", "forced readonly"]], "fs/btrfs/messages.c (__btrfs_handle_fs_error)"),
        .quiet(
            .kernel, .filesystemErrors, .warning, "A btrfs file system was mounted without all of its devices.",
            [["BTRFS", "allowing degraded mounts"]], "fs/btrfs/super.c"),
        .quiet(
            .kernel, .hungTask, .warning, "A network file system did not answer in the last hour.",
            [["nfs: server ", "not responding, still trying"], ["nfs: server ", "not responding, timed out"]],
            "net/sunrpc/clnt.c (rpc_check_timeout)"),
        .kernel(
            .hungTask, .warning, "A network file system did not answer in the last hour.",
            [["CIFS", "has not responded in"]], "fs/smb/client/connect.c"),
        .quiet(
            .units(["postgresql.service", "postgresql@*"]), .dataDamage, .critical, "PostgreSQL met damaged pages.",
            [
                ["invalid page in block"], ["page verification failed"], ["could not read block"], ["PANIC:  "],
                ["missing chunk number"], ["invalid memory alloc request size"],
            ], "postgresql.org/docs/current/checksums.html, src/backend/storage/page/bufpage.c"),
        .quiet(
            .units(["mysql.service", "mariadb.service", "mysqld.service"]), .dataDamage, .critical,
            "The database met damaged pages.",
            [["InnoDB", "corrupt"], ["marked as crashed"]], "storage/innobase/buf/buf0buf.cc of MariaDB and MySQL"),
    ]
}
