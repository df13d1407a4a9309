// SPDX-License-Identifier: MIT
import MachaProbes

/// Lines that are logged as critical or worse, or by the kernel as an error, and are no trouble of the host: somebody's
/// typing, scanners, media that come and go, and what another detector judges with more knowledge.
struct JournalLowering: Sendable {
    /// Names of programs; empty for the kernel, `nil` for any program.
    var programs: Set<String>?
    /// Any of these; of one, every part is in the message.
    var texts: [[String]]
    /// The file that prints it, or the page that documents it.
    var source: String

    func matches(_ entry: JournalEntry) -> Bool {
        if let programs {
            guard programs.isEmpty ? entry.isKernel : !entry.isKernel && programs.contains(entry.identifier ?? "")
            else {
                return false
            }
        }
        return entry.says(texts)
    }

    /// Whether `entry` is to be left out, whatever its priority.
    static func lowers(_ entry: JournalEntry) -> Bool { all.contains { $0.matches(entry) } }

    static let all: [JournalLowering] = [
        JournalLowering(
            programs: [
                "sudo", "su", "doas", "sudo-rs", "su-rs", "run0", "pkexec", "polkitd", "login", "gdm-password]",
                "gdm-password",
            ],
            texts: [
                ["incorrect password attempt"], ["a password is required"], ["authentication failure"],
                ["uthentication failed"], ["conversation failed"], ["could not identify password"], ["FAILED SU"],
                ["failed auth for"], ["check pass; user unknown"], ["password mismatch"],
            ], source: "sudoers(5), syslog_badpri; modules/pam_unix of Linux-PAM"),
        JournalLowering(
            programs: nil,
            texts: [["pam_unix(", ":auth): conversation failed"], ["pam_unix(", "could not identify password for"]],
            source: "modules/pam_unix/support.c of Linux-PAM"),
        JournalLowering(
            programs: ["sshd", "sshd-session", "sshd-auth"],
            texts: [
                ["fatal: Timeout before authentication"], ["[preauth]"], ["fatal: Unable to negotiate"],
                ["fatal: no matching "], ["fatal: Read from socket failed"], ["fatal: Write failed"],
                ["fatal: mm_answer_"], ["fatal: mm_request_"], ["fatal: monitor_read"], ["fatal: userauth_"],
                ["fatal: ssh_packet_"],
                ["fatal: ssh_dispatch_"], ["fatal: login_init_entry"], ["Corrupted MAC"], ["ad packet length"],
                ["fatal: buffer_get"], ["fatal: ssh_sandbox"], ["fatal: privsep_preauth"],
                ["fatal: Access denied for user"],
                ["Disconnecting: Too many"], ["fatal: kex_exchange"],
            ], source: "sshd.c, packet.c, monitor.c of OpenSSH"),
        JournalLowering(
            programs: ["systemd-coredump"],
            texts: [["dumped core"], ["terminated abnormally"], ["ore file was truncated"]],
            source: "src/coredump/coredump.c of systemd; judged by coredumpctl"),
        JournalLowering(
            programs: [],
            texts: [["watchdog did not stop"], ["watchdog", "nowayout prevents watchdog being stopped"]],
            source: "drivers/watchdog/watchdog_dev.c"),
        JournalLowering(
            programs: [],
            texts: [["op 0x3:(DISCARD)"], ["op 0x5:(SECURE_ERASE)"], ["op 0x9:(WRITE_ZEROES)"]],
            source: "block/blk-core.c: what a disk or its USB case does not know, and does without"),
        JournalLowering(
            programs: [],
            texts: [["mmcblk", "rpmb"]],
            source: "drivers/mmc/core/block.c: the replay protected block answers only to its key"),
        JournalLowering(
            programs: ["nginx"], texts: [["SSL_do_handshake() failed"], ["SSL_shutdown() failed"]],
            source: "src/event/ngx_event_openssl.c of nginx"),
        JournalLowering(
            programs: [],
            texts: removable.flatMap { [["error, dev \($0)"], ["Buffer I/O error on dev \($0)"]] } + [
                ["ata", "failed command: PACKET"], ["FAT-fs (", "loop"], ["EXT4-fs", "(device loop"],
            ], source: "drivers/block/floppy.c, loop.c, nbd.c, drivers/scsi/sr.c; ATAPI in drivers/ata/libata-eh.c"),
        JournalLowering(
            programs: [],
            texts: [
                ["temperature above threshold, cpu clock throttled"], ["temperature/speed normal"],
                ["Package temperature above threshold"],
            ], source: "drivers/thermal/intel/therm_throt.c; judged by the sensors"),
        JournalLowering(
            programs: [],
            texts: [
                ["NMI received for unknown reason"], ["strange power saving mode enabled"],
                ["Dazed and confused, but trying to continue"],
            ], source: "arch/x86/kernel/nmi.c"),
        JournalLowering(
            programs: [],
            texts: [
                ["open_ctree failed"], ["error parsing options"], ["unrecognized mount option"], ["Can't find a valid"],
                ["can't find a valid"], ["VFS: Can't find ext4 filesystem"], ["Unrecognized mount option"],
            ], source: "mounts that somebody tried: fs/btrfs/disk-io.c, fs/ext4/super.c, fs/fat/inode.c"),
    ]

    /// Media that people take out, and images of them.
    private static let removable = ["fd", "sr", "loop", "nbd", "ndb"]
}
