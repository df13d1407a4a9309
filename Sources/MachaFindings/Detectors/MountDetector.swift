// SPDX-License-Identifier: MIT
import MachaInventory
import MachaModel
import MachaProbes

/// A file system that is in `/etc/fstab` and not mounted: `mount-missing`.
///
/// Critical, because services go on writing into the empty folder and fill the root; a warning where `nofail` says that
/// the host can do without. False alarms thought about: mounts made on demand (`noauto`, `x-systemd.automount` are not
/// expected), containers (their manager mounts, so what the table says does not count), swap.
enum MountDetector: Detector {
    static func findings(in snapshot: Snapshot, _ thresholds: Thresholds) -> [Finding] {
        guard let state = snapshot[MountsProbe.self].value, let system = snapshot[SystemProbe.self].value,
            system.container == nil
        else { return [] }
        return state.missing.map { mount in
            Finding(
                .mountMissing, host: snapshot.host, subject: mount.target, mount.isOptional ? .warning : .critical,
                "\(mount.target.printable(limit: 100)) is not mounted; data written there goes to another file system.",
                telling: [
                    .missingMount(
                        UntrustedText("fstab: \(mount.source) on \(mount.target) type \(mount.type)"),
                        path: mount.target)
                ],
                remedy: "Check that its disk is present, and what mounting it reports.",
                commands: ["lsblk", "findmnt --verify", "mount \(mount.target.asArgument("MOUNTPOINT"))"])
        }
    }
}
