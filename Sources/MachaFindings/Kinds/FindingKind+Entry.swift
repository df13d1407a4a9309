// SPDX-License-Identifier: MIT
package import MachaModel

extension FindingKind {
    /// What a kind means, what it is found from, and why it is as severe as it is.
    ///
    /// A finding of the kind has one of the severities that have a reason here, and no other.
    package struct Entry: Hashable, Sendable {
        /// One sentence.
        package var meaning: String
        /// Probes by their names, or what is compared.
        package var source: String
        /// Why, by severity; the most severe first.
        package var reasons: [Reason]

        /// Why a finding of the kind has this severity.
        package struct Reason: Hashable, Sendable {
            package var severity: Severity
            package var why: String
        }

        fileprivate init(
            _ meaning: String, from source: String, critical: String? = nil, warning: String? = nil,
            info: String? = nil
        ) {
            self.meaning = meaning
            self.source = source
            let given: [(Severity, String?)] = [(.critical, critical), (.warning, warning), (.info, info)]
            reasons = given.compactMap { severity, why in why.map { Reason(severity: severity, why: $0) } }
        }
    }

    /// The documentation of this kind.
    package var entry: Entry {
        switch self {
        // The host itself.
        case .unreachable:
            Entry(
                "The host does not answer.", from: "the connection",
                critical: "nothing is known of it, and it may serve nobody")
        case .untrustedHostKey:
            Entry(
                "The host shows a key that is not on file, or another one than before. Nothing was sent to it.",
                from: "the connection", critical: "it may be another machine, or somebody between")
        case .loginRefused:
            Entry(
                "The host refuses the controller's login.", from: "the connection",
                critical: "the host is up and cannot be checked or repaired")
        case .incompatibleSSH:
            Entry(
                "The host and the controller share no SSH algorithm.", from: "the connection",
                critical: "the host cannot be checked until one of them changes")
        case .connectionBroken:
            Entry(
                "The host was reached and the connection ended before it had answered.", from: "the connection",
                critical: "nothing is known of it")
        case .controllerFault:
            Entry(
                "The host could not be asked because of a fault on the controller.", from: "the connection",
                warning: "the host may be well; what is broken is on the controller")
        case .away:
            Entry(
                "A host that is marked `intermittent` does not answer.", from: "the connection",
                info: "its owner switches it off; its state is unknown, and that is no alarm")
        case .probeUnknown:
            Entry(
                "A probe has no value: a right or a program is missing, or it failed.", from: "every probe",
                warning: "a part of the host is not seen",
                info: "a program is missing that is usually somebody's choice, or a right that only root has")
        case .itemUnknown:
            Entry(
                "A probe could not understand one disk, pool, engine or line among others.", from: "every probe",
                warning: "that part is not seen",
                info: "a right or a program is missing, or the program cannot speak to it")
        case .unexpectedReboot:
            Entry(
                "The host booted again, and nothing says that anybody wanted it.", from: "the boots of two checks",
                warning: "power, a crash or a watchdog, and it may come again")
        case .rebooted:
            Entry(
                "The host booted again as planned, after an orderly shutdown, or into another system.",
                from: "the boots of two checks", info: "somebody wanted it")
        case .uncleanShutdown:
            Entry(
                "The journal of the previous boot ends without a shutdown.", from: "`boots`, `system`",
                warning: "power, a crash or a reset took the host down; shown for a day")
        case .systemChanged:
            Entry(
                "The host runs another system than before.", from: "the generations of two checks",
                info: "a switch is what its owner does")
        case .machineShared:
            Entry(
                "Another name of the inventory has the same host key or machine id.",
                from: "the identities of all hosts",
                warning: "both names count as one machine until they are told apart")
        case .machineReplaced:
            Entry(
                "The name belongs to another machine than before.", from: "the identities of two checks",
                info: "mostly it was reinstalled; shown for a week")
        // Units, timers and the boot.
        case .unitFailed:
            Entry(
                "A unit is in the state `failed`.", from: "`units`", critical: "the unit is to run all the time",
                warning: "the unit is a job, or what starts one",
                info: "the unit belonged to one login, was made for one use, or is gone: only the entry is left")
        case .unitRestarting:
            Entry(
                "A service has failed and is about to be started again.", from: "`units`",
                warning: "it works again in a moment, or becomes a crash loop")
        case .unitCrashLoop:
            Entry(
                "A service dies and is started again, over and over.", from: "`units`",
                critical: "it does not do its work, and restarting does not help")
        case .unitFlapping:
            Entry(
                "A service was restarted after failing, in several hours of one day.", from: "the restarts of a day",
                warning: "it works most of the time")
        case .unitStarting:
            Entry(
                "A unit has been starting or stopping for hours.", from: "`units`",
                warning: "it neither started nor gave up, so nothing else tells of it")
        case .unitsFailed:
            Entry(
                "More units failed than could be listed.", from: "`units`",
                critical: "any of them may be one that is to run all the time")
        case .timerJobFailed:
            Entry(
                "The last run of a timer's job failed, and no unit is called failed any more.", from: "`timers`",
                warning: "the job is a backup, an upgrade or a certificate", info: "any other job: it has its next run")
        case .timerJobHangs:
            Entry(
                "A timer's job has been running for more than a day.", from: "`timers`",
                warning: "no further run starts until it ends")
        case .timerNeverRun:
            Entry(
                "A timer has been active for two periods and has never run.", from: "`timers`",
                warning: "the job is a backup, an upgrade or a certificate", info: "any other job")
        case .timerOff:
            Entry(
                "A timer for backups that once ran is turned off.", from: "`timers`",
                warning: "nothing else tells that there are no backups")
        case .timerOverdue:
            Entry(
                "A timer's last run is older than twice its period.", from: "`timers`",
                critical: "the job is a backup and a week late: nothing else tells that there is none",
                warning: "the job is a backup, an upgrade or a certificate", info: "any other job")
        case .maintenanceMode:
            Entry(
                "The host is in rescue or emergency mode.", from: "`units`",
                critical: "it runs next to nothing and waits for somebody at the console")
        case .bootUnfinished:
            Entry(
                "The host is still starting, long after it booted.", from: "`units`, `boot`",
                warning: "some units wait for others that do not come")
        case .shuttingDown:
            Entry(
                "The host is shutting down.", from: "`units`", info: "somebody asked for it")
        case .managerState:
            Entry(
                "The service manager reports a state that none of the other kinds covers.", from: "`units`",
                warning: "the state is not `running`, so something is not as it should be")
        case .longUptime:
            Entry(
                "The host has not been rebooted for a very long time.", from: "`boot`",
                info: "no newer kernel has taken effect; nothing is broken")
        case .coreDump:
            Entry(
                "A program crashed in the last day.", from: "`coredumps`",
                warning: "one program crashed three times or more",
                info: "single crashes may have been a test; a service that stayed down is `unit-failed` besides")
        case .containerRestarting:
            Entry(
                "A container's engine starts it again and again.", from: "`containers`",
                warning: "systemd sees nothing of it")
        case .containerStopped:
            Entry(
                "A container's unit is started at boot and is not running.", from: "`containers`",
                info: "it did not fail, so somebody may have stopped it")
        case .containerUnhealthy:
            Entry(
                "A container fails its own health check.", from: "`containers`",
                warning: "it runs and says itself that it does not work")
        // Space, memory and load.
        case .diskSpace:
            Entry(
                "A file system, or the pool that it shares with others, is running out of space.",
                from: "`disks`, `zfs`", critical: "next to nothing is left: writes will fail",
                warning: "it is time to clean up")
        case .diskInodes:
            Entry(
                "A file system is running out of inodes: no file can be created without one.", from: "`disks`",
                critical: "next to none is left", warning: "it is time to clean up")
        case .diskWillFill:
            Entry(
                "A file system grows steadily and will be full before long.", from: "the figures of some days",
                critical: "within a day, and nights and weekends count",
                warning: "within a week: enough to buy or to clean up")
        case .inodesWillFill:
            Entry(
                "A file system's inodes are used up steadily and will run out before long.",
                from: "the figures of some days", critical: "within a day, and nights and weekends count",
                warning: "within a week")
        case .journalLarge:
            Entry(
                "The journal uses more than 4 GiB.", from: "`boots`",
                info: "it is limited by itself; the space may be wanted for something else")
        case .filesystemReadOnly:
            Entry(
                "A file system was made read-only after an error, or one that nothing works without is mounted so.",
                from: "`disks`", critical: "nothing can be written there")
        case .filesystemUnreadable:
            Entry(
                "A mount point cannot be read at all.", from: "`disks`", critical: "whatever needs it fails or hangs")
        case .memoryLow:
            Entry(
                "Little memory is available.", from: "`memory`, `pressure`",
                critical: "next to nothing is left and programs wait for it",
                warning: "little is left, or next to nothing while nothing waits for it",
                info: "little is left and nothing waits for it")
        case .memoryPressure:
            Entry(
                "Programs are stalled because they wait for memory.", from: "`pressure`",
                critical: "they are stalled most of the time",
                warning: "they are stalled for a noticeable share of the time")
        case .memoryStallSustained:
            Entry(
                "Programs have been stalled on memory for hours.", from: "the figures of some hours",
                warning: "it will not pass by itself")
        case .memorySustained:
            Entry(
                "Programs have held nearly all memory for hours.", from: "the figures of some hours",
                warning: "there is no room for a peak")
        case .swapSustained:
            Entry(
                "Most of the swap has been in use for hours while programs wait for memory.",
                from: "the figures of some hours", warning: "everything is slow, and there is no room for a peak")
        case .oomKill:
            Entry(
                "Memory ran out and a program was killed.", from: "`journal`",
                critical: "the kernel killed it: what ran is gone, and which one was chance",
                warning: "a daemon killed it before the kernel had to")
        case .oomLimit:
            Entry(
                "A program was killed at the memory limit of its own unit or container.", from: "`journal`",
                warning: "the host itself had memory left")
        case .allocationFailed:
            Entry(
                "The kernel could not get memory that it needed.", from: "`journal`",
                warning: "mostly it tries again and succeeds")
        case .ioPressure:
            Entry(
                "All tasks are stalled because they wait for disks.", from: "`pressure`",
                warning: "everything is slow, and nothing is lost")
        case .ioSustained:
            Entry(
                "All tasks have been stalled on disks for hours.", from: "the figures of some hours",
                warning: "it will not pass by itself")
        case .cpuPressure:
            Entry(
                "Some tasks are stalled because they wait for a processor.", from: "`pressure`",
                info: "a busy machine does what it is for")
        case .cpuSustained:
            Entry(
                "The processors have been busy for hours.", from: "the figures of some hours",
                info: "a busy machine does what it is for")
        case .loadHigh:
            Entry(
                "More tasks compete for the processors than they can serve; where pressure is not measured.",
                from: "`load`", info: "a busy machine does what it is for")
        case .overheating:
            Entry(
                "A chip is near the temperature that it calls critical itself.", from: "`sensors`",
                critical: "the limit is reached: the machine slows down or turns off",
                warning: "less than five degrees are left")
        // Disks and what is mounted.
        case .diskErrors:
            Entry(
                "The kernel or smartd reports errors of a disk, its cable or its controller.", from: "`journal`",
                critical: "data could not be read or written, or the disk was given up",
                warning: "commands were slow, repeated or aborted", info: "the disk was pulled while it was in use")
        case .diskFailing:
            Entry(
                "A disk itself reports that it is failing.", from: "`smart`", critical: "it may be gone at any time")
        case .diskHot:
            Entry(
                "A disk reports that it is too hot.", from: "`smart`",
                warning: "heat shortens its life; nothing is lost yet")
        case .diskSectors:
            Entry(
                "A disk has sectors that cannot be read, has replaced many, or could not correct errors.",
                from: "`smart`", warning: "it may work for years or be the beginning of the end")
        case .diskSelfTest:
            Entry(
                "A disk's last self-test found an error.", from: "`smart`", warning: "the disk found a fault in itself",
                info: "the test was long ago")
        case .diskWorn:
            Entry(
                "An SSD has used up most of its endurance.", from: "`smart`",
                warning: "it is time to plan its replacement")
        case .btrfsErrors:
            Entry(
                "Btrfs has counted errors on a device.", from: "`btrfs`",
                warning: "the counters stand until they are reset, so they do not say whether it goes on")
        case .btrfsDegraded:
            Entry(
                "A device of a btrfs file system is missing.", from: "`btrfs`, `disks`",
                critical: "the next fault may lose data", warning: "it is mounted so, and the devices cannot be asked")
        case .raidDegraded:
            Entry(
                "A RAID array lacks disks, or does not run.", from: "`mdraid`", critical: "the next fault may lose data"
            )
        case .raidErrors:
            Entry(
                "A RAID array or a pool lost or dropped a disk, or met errors on one.", from: "`journal`, `mdraid`",
                critical: "redundancy or data was lost in the last hour",
                warning: "the array is whole, or mended what it found", info: "a disk was pulled while it was in use")
        case .raidRebuilding:
            Entry(
                "A RAID array is being rebuilt.", from: "`mdraid`",
                info: "it is getting better; the host should not be rebooted now")
        case .filesystemErrors:
            Entry(
                "A file system reported errors, shut itself down or was mounted without all of its devices.",
                from: "`journal`", critical: "data may be lost, or nothing can be written",
                warning: "errors are on record, or a device is missing", info: "the disk was pulled while it was in use"
            )
        case .poolDegraded:
            Entry(
                "A ZFS pool works without a part of its redundancy, or no longer.", from: "`zfs`",
                critical: "the next fault may lose data")
        case .poolErrors:
            Entry(
                "A ZFS pool has damaged files, or a device of it made errors or is gone.", from: "`zfs`",
                critical: "files are damaged and no copy can repair them", warning: "the pool is whole")
        case .poolResilvering:
            Entry(
                "A ZFS pool is being resilvered.", from: "`zfs`",
                info: "it is getting better; the host should not be rebooted now")
        case .scrubOverdue:
            Entry(
                "A ZFS pool was last scrubbed more than forty days ago.", from: "`zfs`",
                info: "nothing is wrong; what is damaged would be found late")
        case .mountMissing:
            Entry(
                "A file system that `/etc/fstab` wants is not mounted.", from: "`mounts`, `system`",
                critical: "services go on writing into the empty folder and fill the root",
                warning: "`nofail` says that the host can do without")
        case .hungTask:
            Entry(
                "A program has been stuck in the kernel for minutes, or a network file system does not answer.",
                from: "`journal`", warning: "what waits there cannot even be killed; the rest works",
                info: "the disk was pulled while it was in use")
        // Logs and logins.
        case .journalCritical:
            Entry(
                "Somebody logged messages of priority critical or worse.", from: "`journal`",
                critical: "an alert or an emergency", warning: "a critical message")
        case .dataDamage:
            Entry(
                "A database reports that its data is damaged.", from: "`journal`",
                critical: "data is lost, and more with every write")
        case .kernelFault:
            Entry(
                "The kernel met a fault of its own.", from: "`journal`",
                critical: "its state is not to be trusted until the next boot")
        case .hardwareErrors:
            Entry(
                "Memory, a processor, a card or a controller reported errors.", from: "`journal`",
                critical: "the error could not be corrected",
                warning: "the error was corrected, or the device was reset")
        case .networkCardStuck:
            Entry(
                "A network card stopped sending and was reset.", from: "`journal`",
                warning: "it works again, and mostly it comes again")
        case .networkTableFull:
            Entry(
                "A table of connections or neighbours is full: packets are dropped.", from: "`journal`",
                warning: "new connections fail while it lasts")
        case .powerLost:
            Entry(
                "The power failed, or the UPS does.", from: "`journal`",
                critical: "the battery runs out and the host shuts down",
                warning: "the host runs on the battery, or the battery is no good", info: "the power came back")
        case .logFlood:
            Entry(
                "Very many lines were logged within an hour.", from: "`journal`",
                warning: "they bury what others say, and push it out of the journal")
        case .logBurst:
            Entry(
                "More errors were logged within an hour than in any hour of four weeks.",
                from: "the figures of four weeks", warning: "something goes wrong that did not before")
        case .newError:
            Entry(
                "A kind of error was logged that this host has never shown.", from: "`journal`, the errors of before",
                warning: "the kernel says it, it is worse than an error, or it is said again and again",
                info: "any other: new is not wrong")
        case .newErrors:
            Entry(
                "Many kinds of error are new on this host, of which the first are listed one by one.",
                from: "`journal`, the errors of before", info: "mostly there was an upgrade")
        case .loginAfterFailures:
            Entry(
                "An address logged in after many failed logins within an hour.", from: "`logins`",
                critical: "a password may have been guessed")
        case .loginBurst:
            Entry(
                "Many logins failed within an hour.", from: "`logins`", warning: "somebody guesses, and did not succeed"
            )
        // Network, names and time.
        case .noDefaultRoute:
            Entry(
                "The host has an address and no default route.", from: "`network`",
                warning: "it reaches only its own networks")
        case .noNameServer:
            Entry(
                "The host has an address and no name server.", from: "`network`", warning: "names do not resolve")
        case .dnsBroken:
            Entry(
                "No name resolves on the host.", from: "`names`, `network`",
                critical: "updates, backups and mail stop, mostly in silence")
        case .nameUnresolved:
            Entry(
                "A required name does not resolve; others do.", from: "`names`, `network`",
                warning: "that name or its zone is at fault, not the resolver")
        case .targetSilent:
            Entry(
                "A target of the inventory does not answer.", from: "`targets`", critical: "no target answers",
                warning: "others answer")
        case .linkFailed:
            Entry(
                "systemd-networkd could not set up a link.", from: "`networkd`",
                warning: "the host is reached all the same")
        case .tailscaleDown:
            Entry(
                "Tailscale is turned off on the host.", from: "`tailscale`", info: "somebody stopped it")
        case .tailscaleKey:
            Entry(
                "The host's tailnet key expires soon.", from: "`tailscale`",
                critical: "within two days: a host that is reached by it only is lost then",
                warning: "within fourteen days")
        case .tailscaleLogin:
            Entry(
                "Tailscale wants a login.", from: "`tailscale`",
                critical: "the host was in the tailnet, and only a person can log it in again",
                info: "it was never logged in")
        case .clockWrong:
            Entry(
                "The host's clock differs from the controller's.", from: "`boot`",
                critical: "so far that certificates and logins fail", warning: "logs and timers are off")
        case .clockJumped:
            Entry(
                "The host's clock moved against its uptime.", from: "the clocks of two checks",
                warning: "whatever compares times went wrong then")
        case .clockUnsynchronized:
            Entry(
                "Nothing keeps the host's clock right.", from: "`time`, `system`, `boot`",
                warning: "it is right for now and will drift")
        case .certificateExpired:
            Entry(
                "A certificate has expired.", from: "`certificates`", critical: "clients refuse it")
        case .certificateExpiring:
            Entry(
                "A certificate expires soon and was not renewed.", from: "`certificates`",
                critical: "within three days, or a tenth of its life",
                warning: "within fourteen days, or a quarter of its life: the renewal has failed already")
        case .certificateSelfSigned:
            Entry(
                "A certificate is still the temporary one that stands in for the first real one.",
                from: "`certificates`", warning: "the first request never succeeded")
        // Higher than ever at this time of day.
        case .unusualCPU:
            Entry(
                "The processors are busier than at this time on any such day of four weeks.",
                from: "the figures of four weeks", info: "unusual is not wrong")
        case .unusualMemory:
            Entry(
                "More memory is used than at this time on any such day of four weeks.",
                from: "the figures of four weeks", info: "unusual is not wrong")
        case .unusualLoad:
            Entry(
                "The load is higher than at this time on any such day of four weeks.",
                from: "the figures of four weeks", info: "unusual is not wrong")
        case .unusualIOPressure:
            Entry(
                "Tasks wait longer for disks than at this time on any such day of four weeks.",
                from: "the figures of four weeks", info: "unusual is not wrong")
        case .unusualCollectTime:
            Entry(
                "The host takes longer to answer than at this time on any such day of four weeks.",
                from: "the figures of four weeks", info: "unusual is not wrong")
        // NixOS.
        case .rebootNeeded:
            Entry(
                "The installed system has another kernel, initrd or modules than the one that was booted.",
                from: "`nixos`", info: "the reboot can wait for a convenient time")
        case .systemDrift:
            Entry(
                "The running system is not the one that the next boot starts.", from: "`nixos`",
                warning: "it is no generation at all and will be gone after the next boot",
                info: "it is a generation, so it can be had again")
        case .vulnerabilities:
            Entry(
                "Packages of the running system may have known vulnerabilities.", from: "`vulnerabilities`",
                warning: "the worst scores 9 or more",
                info: "vulnix goes by names and versions, so much of it is patched or another program")
        // Macha itself.
        case .machaSilent:
            Entry(
                "`macha serve` was ended without a word.", from: "its record",
                critical: "nobody watches the fleet until it runs again")
        case .machaDisk:
            Entry(
                "The disk of the state directory runs full, or cannot be asked how full it is.", from: "the daemon",
                critical: "less than 200 MiB are left: soon nothing can be recorded, and nothing is done then",
                warning: "a tenth is left, and less than 2 GiB; or nothing is known of it")
        case .machaDatabaseDamaged:
            Entry(
                "The database of Macha is damaged.", from: "the daemon, which reads all of it once a day",
                critical: "what was recorded may be lost")
        case .machaDatabaseLarge:
            Entry(
                "The database of Macha is larger than 4 GiB.", from: "the daemon",
                warning: "nothing is wrong as long as the disk has room")
        case .machaQueue:
            Entry(
                "An analysis has waited for more than six hours.", from: "the queue",
                warning: "detectors and playbooks work all the same")
        case .machaModel:
            Entry(
                "A model endpoint failed and is set aside.", from: "the queue",
                warning: "it is tried again by itself; detectors and playbooks work all the same")
        case .machaNotices:
            Entry(
                "Notices do not arrive at a receiver.", from: "the outbox",
                warning: "they are kept and sent again; the other receivers are told")
        case .machaBackup:
            Entry(
                "Two backups were missed.", from: "the backups, where the configuration asks for them",
                warning: "what is recorded since would be lost with the disk")
        case .machaFault:
            Entry(
                "A part of the daemon has failed three times or more within an hour.", from: "the daemon",
                warning: "the other parts go on")
        }
    }
}
