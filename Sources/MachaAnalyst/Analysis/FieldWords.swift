// SPDX-License-Identifier: MIT

/// Words of the field as statements and log lines use them: what says nothing by itself, and what is another word for the
/// same thing.
enum FieldWords {
    /// Says nothing about what is spoken of: grammar, and what every machine has or does.
    static let empty: Set<String> = words(
        """
        a about above after again against all almost already also although always am an and another any anything are as at
        back be became because become been before behind being below between both but by called came can cannot cause caused
        causes causing come could currently did do does doing done due during each either else even every everything except
        few first following for found from further get gets give given go goes going got had has have having he help her here
        his host how however i if in indicate indicates indicating inside instead into is it its itself just keep keeps kept
        last later least less let like likely line lines long longer look looks machine made make makes making many may maybe
        me means might more most much must my near nearly need needs neither never new next no none nor not nothing now of
        off often on once one only or other others our out over own per perhaps please possible possibly present prevent
        prevents preventing probably rather reason report reported reports require required requires result resulted
        resulting results same saw say says second see seem seems seen several shall she should show shown shows since so
        some somebody someone something soon still such suggest suggests system systems take taken takes tell than that the
        their them then there therefore these they thing things this those though through thus to together too took under
        unless until up upon us use used uses using usual usually very via was way we well went were what when where whether
        which while who whole whom whose why will with within without would yet you your today yesterday tomorrow minute
        minutes hour hours day days week weeks time times seconds ago two three four five six seven eight nine ten
        approximately around roughly least severe important urgent administrator person somebody attention review
        investigate issue issues problem problems trouble situation state status condition event events message messages
        log logs logged journal entry entries linux nixos node box server detected detector detectors finding findings
        overall currently generally continues continue continued continuously repeatedly repeated frequent frequently
        multiple various additional current recent recently
        """)

    /// What is said of anything that goes wrong or is done about it: it carries a statement only beside something else.
    static let common: Set<String> = words(
        """
        fail failed fails failing failure failures error errors warning warnings critical bad broken break wrong service
        services unit units start started starting starts stop stopped stopping stops run running runs restart restarted
        restarting restarts process processes main command exit exited exits code configuration config configured setting
        settings option option down unavailable unable try tried tries trying attempt attempts attempted reset clear check
        checks checked checking fix repair change changed changes correct correctly properly work works working
        available ended end ends begin began abnormal unexpected unexpectedly unusual active inactive dead ok okay healthy
        fine normal normally good stable expected successful successfully success enabled disabled daemon application
        program software operation request requests user users file files data name names number high low large small
        affected affects affecting lead leads leading immediately needed behaviour behavior access component
        """)

    /// Says that something went wrong. A statement of failure needs a line that speaks of one.
    static let failure: Set<String> = words(
        """
        fail failed fails failing failure failures error errors crash crashed crashes crashing crashloop broken dead down
        unreachable refused denied rejected killed kill aborted abort timeout corrupt corrupted corruption degraded faulted
        panic segfault segmentation cannot couldn't unable lost missing expired exhausted damaged attack attacked
        compromised unavailable fault faults stolen hijacked hacked defective leaks leaking unplugged disconnected stalled
        overheating overheats overloaded deadlock deadlocks rejects refuses denies
        """)

    /// Says in a line, in other words, that something is wrong.
    static let trouble: Set<String> = words(
        """
        unavail offline timed dropped drop drops hang hung throttled throttling deadlock oom full exceeded exceeds exceeding many
        core dumped dump unhealthy battery invalid stuck stalled disconnected reset retry retrying violation overflow
        overrun leak unreadable pending reallocated uncorrectable bad blocked lockup bug oops warn warning critical alert
        emergency err eio enospc econnrefused etimedout econnreset closed terminated incorrect mismatch malformed dead
        problem unreachable ban banned repeated repeatedly slow late delayed behind skew drift conflict duplicate empty
        stale old outdated vulnerable insecure overload overloaded above below threshold limit high low too not can't cannot
        couldn't won't unsafe unclean dirty recovery recovering degraded missed missing absent lacks lost sigkill sigsegv
        sigabrt exit-code wrong weak disconnect disconnects unauthorized forbidden off invalid suspended deferred backtrace traceback exception fatal severe
        """)

    /// Says that something works, or works again.
    static let health: Set<String> = words(
        """
        works working healthy fine ok okay normal normally stable success successful successfully succeeded succeeds
        recovered reachable synchronized synchronised connected charged valid completed complete finished good properly
        correctly resolved restored intact renewed renews online
        """)

    /// Denies what stands beside it.
    static let denials: Set<String> = ["not", "cannot", "never", "nothing", "nobody", "neither", "none", "lacks"]

    /// Other words for one thing, each group under its first word.
    static let concepts: [String: Set<String>] = groups(things + acts)

    /// Groups of which a statement cannot speak unless its lines do: what it is about.
    static let strict: Set<String> = Set(
        things.compactMap { $0.split(whereSeparator: \.isWhitespace).first.map(String.init) })

    private static let things = [
        """
        disk disks storage filesystem file-system volume partition drive drives ssd hdd nvme ext4 ext3 xfs btrfs zfs f2fs vfat
        ntfs ata scsi smart smartd df mount mounted device devices sector sectors disk-space filesystem-readonly smart-failing
        """,
        "memory oom ram out-of-memory oom-kill oom-killer mem memory-low anon-rss rss",
        "swap swapping swap-low swap-used",
        """
        crash crashes crashed crashing segfault segmentation core coredump core-dump dumped sigsegv sigabrt aborted abort
        panic signal
        """,
        """
        clock clocks ntp chrony chronyd timesyncd time-sync synchronisation synchronization synchronised synchronized
        synchronise synchronize ptp ptp4l drift clock-offset offset
        """,
        """
        login logins log-in ssh sshd password passwords authentication authenticate authenticated pam publickey session
        credentials
        """,
        """
        dns resolve resolver resolved resolves resolving resolution nameserver name-server lookup nxdomain servfail unbound
        coredns dnsmasq dns-failing
        """,
        "temperature temperatures thermal temp throttled throttling overheating overheats overheat heat celsius hot cooling warm",
        "fan fans fancontrol rpm pwm",
        "certificate certificates cert certs tls ssl x509 x.509 acme letsencrypt lego certificate-expiry",
        "kill killed kills killing terminated terminating sigkill oom-killed killer ended ends timeout watchdog",
        "corruption corrupt corrupted corrupts checksum cksum damaged damage csum",
        "raid md mdadm array raid-degraded",
        "zpool vdev scrub resilver raidz zfs-degraded",
        "backup backups restic borg borgbackup snapshot snapshots pg dump replication zrepl",
        "database databases postgres postgresql mysql mariadb sqlite sqlstore db redis pg sql",
        "reboot rebooted rebooting boot booted boots shutdown reboot-needed",
        "update updated updates upgrade upgraded upgrades rebuild switch switched generation version nixos-upgrade outdated",
        """
        attack attacks attacker attackers attacked brute brute-force intrusion intruder invalid compromised hijacked hacked
        hacker breach breached broken-into exploit exploited malicious guess guesses guessing scan scans probing ban banned bans attempt attempts
        """,
        "malware virus viruses trojan ransomware ransom infected rootkit backdoor",
        "theft stolen steal steals stole exfiltrated",
        "deletion deleted delete deletes deleting erased erase wiped wipe freed garbage gc",
        "destruction destroyed destroys destroy sabotage sabotaged tampered tampering manipulated",
        "leak leaks leaking leaked",
        "defect defective faulty",
        "wear worn worn-out wears",
        "replacement replaced replace replaces replacing",
        "removal removed remove removes removing uninstalled",
        "load cpu cpus processor processors cores loadavg",
        "read-only readonly ro remount remounting remounted filesystem-readonly",
        "power supply ups upsd upsmon battery utility mains undervoltage voltage",
        "expiry expire expired expires expiration expiring certificate-expiry notafter",
        "renewal renew renewed renews renewing obtain obtained obtaining issue issued issuing rotation rotated",
        "spam junk phishing",
        "quorum leader election",
        "firewall iptables nftables nft src dst dpt",
        "deadlock deadlocks deadlocked",
        "kernel-fault oops bug lockup",
        "ldap sssd nss directory",
    ]

    private static let acts = [
        "space full free left enospc inode inodes capacity usage filled fills disk-space disk-inodes",
        """
        network link interface ethernet carrier nic networking subnet bridge router route switch-port cable port bgp vrrp dhcp
        connection connections received packet packets
        """,
        """
        reach connect connection connected connecting connections connects contact reachable unreachable responds respond
        responding response reply replies answer answers offline online listening econnrefused ehostunreach peer backend
        upstream handshake timeout timed endpoint client clients contacted contacts reached reaches
        """,
        "timeout timed timed-out time-out timeouts timing hang hangs hung took long",
        "slow slowly long late delayed delay slower latency took speed",
        """
        refused refuse refuses rejects rejected reject rejecting denied deny denies permission unauthorized forbidden
        authorized unauthorised authorised econnrefused
        """,
        "port bind bound address socket listen listens listening ports",
        "pool pools",
        "loop loops looping restarts restarted crash-loop repeatedly restart-counter nrestarts unit-restarts often own",
        """
        drop drops dropped dropping discard discarded discards evict evicts evicted evicting eviction lost loses lose closed
        closes disconnected gone absent down
        """,
        "unplugging unplugged disconnect disconnected disconnects detached",
        "unknown know known knows unrecognized unrecognised unsupported",
        "user account accounts users",
        "cache cached caching",
        "locking locked lock locks busy",
        "temporary tmp",
        "missing lack lacks lacking absent find finds",
        "serial tty cp210x ftdi adapter",
        "mail mails deliver delivered delivery delivers e-mail email emails smtp mailbox mailboxes lmtp",
        "deferral deferred suspended queued waits waiting",
        "greylisting greylists greylist greylisted postgrey",
    ]

    /// What is behind a port that has one use.
    static let portConcepts: [Int: Set<String>] = [
        22: ["login"], 25: ["mail"], 53: ["dns"], 389: ["ldap"], 443: ["certificate"], 465: ["mail"], 587: ["mail"],
        636: ["ldap"], 1433: ["database"], 3306: ["database"], 5432: ["database"], 6379: ["database"],
        27017: ["database"],
    ]

    /// What the devices of a kind belong to, by the beginning of their names.
    static let deviceConcepts: [String: Set<String>] = [
        "sd": ["disk"], "hd": ["disk"], "vd": ["disk"], "nvme": ["disk"], "mmcblk": ["disk"], "ata": ["disk"],
        "sr": ["disk"], "zd": ["disk"], "nbd": ["disk"], "drbd": ["disk"], "dm-": ["disk"], "loop": ["disk"],
        "md": ["disk", "raid"], "eth": ["network"], "enp": ["network"], "eno": ["network"], "ens": ["network"],
        "wlp": ["network"], "wlan": ["network"], "bond": ["network"], "br": ["network"], "veth": ["network"],
        "wg": ["network"], "tun": ["network"],
    ]

    /// Sources under which every kind of thing is logged: two lines of one of these need not speak of the same.
    static let sharedSources: Set<String> = [
        "kernel", "systemd", "sudo", "cron", "crond", "systemd-coredump", "audit", "init", "dockerd", "containerd",
        "kubelet", "podman", "user",
    ]

    private static func words(_ text: String) -> Set<String> {
        Set(text.split(whereSeparator: \.isWhitespace).map(String.init))
    }

    private static func groups(_ texts: [String]) -> [String: Set<String>] {
        var groups: [String: Set<String>] = [:]
        for text in texts {
            let members = text.split(whereSeparator: \.isWhitespace).map(String.init)
            for member in members { groups[member, default: []].insert(members[0]) }
        }
        return groups
    }

    /// The part of a word that its forms share: `listening`, `listens` and `listen` have one.
    static func stem(_ word: String) -> String {
        var stem = word[...]
        for ending in ["ations", "ation", "ings", "ing", "ions", "ion", "ied", "ies", "ed", "es", "s", "ly", "er"]
        where stem.hasSuffix(ending) && stem.count - ending.count >= 3 {
            stem = stem.dropLast(ending.count)
            break
        }
        if stem.count > 3, let last = stem.last, "ey".contains(last) { stem = stem.dropLast() }
        if stem.count > 3, let last = stem.last, stem.dropLast().last == last, !"ls".contains(last) {
            stem = stem.dropLast()
        }
        return String(stem)
    }
}
