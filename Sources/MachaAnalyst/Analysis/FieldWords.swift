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
        compromised unavailable
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
        sigabrt exit-code backtrace traceback exception fatal severe
        """)

    /// Other words for one thing, each group by its first word.
    static let concepts: [String: String] = groups([
        "disk storage filesystem file-system volume partition drive ssd hdd nvme sda sdb ext4 xfs btrfs zfs ata scsi smart df mount",
        "space full enospc inode inodes capacity usage",
        "memory oom ram swap out-of-memory oom-kill oom-killer mem",
        "crash segfault segmentation core coredump core-dump dumped sigsegv sigabrt aborted panic signal",
        "clock ntp chrony chronyd timesyncd time-sync synchronisation synchronization synchronised synchronized drift",
        "login log-in ssh sshd password authentication authenticate pam logins",
        "network link interface ethernet carrier nic networking",
        "dns resolve resolver resolved resolving resolution nameserver name-server lookup nxdomain servfail",
        "temperature thermal temp throttled throttling overheating heat celsius hot",
        "certificate cert tls ssl x509 x.509 acme letsencrypt",
        "connection connect connected connecting connections",
        "timeout timed timed-out time-out timeouts",
        "refused refuse rejects rejected reject denied deny denies permission unauthorized forbidden",
        "port bind address socket listen listening",
        "kill killed kills killing terminated sigkill oom-killed",
        "corruption corrupt corrupted checksum cksum damaged",
        "raid md mdadm array degraded",
        "pool zpool vdev scrub resilver raidz",
        "backup restic borg borgbackup snapshot",
        "database postgres postgresql mysql mariadb sqlite db",
        "load cpu processor processors",
        "reboot rebooted boot booted shutdown",
        "update upgrade rebuild switch generation",
        "attack brute brute-force intrusion invalid attacker",
        "read-only readonly ro remount remounting remounted",
        "power ups battery utility mains",
        "expire expired expires expiry expiration expiring",
        "loop loops looping restarts crash-loop repeatedly restart-counter",
    ])

    /// Sources under which every kind of thing is logged: two lines of one of these need not speak of the same.
    static let sharedSources: Set<String> = [
        "kernel", "systemd", "sudo", "cron", "crond", "systemd-coredump", "audit", "init", "dockerd", "containerd",
        "kubelet", "podman", "user",
    ]

    private static func words(_ text: String) -> Set<String> {
        Set(text.split(whereSeparator: \.isWhitespace).map(String.init))
    }

    private static func groups(_ lines: [String]) -> [String: String] {
        var groups: [String: String] = [:]
        for line in lines {
            let members = line.split(separator: " ").map(String.init)
            for member in members { groups[member] = groups[member] ?? members[0] }
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
