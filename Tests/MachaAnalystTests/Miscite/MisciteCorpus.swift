// SPDX-License-Identifier: MIT

/// Hosts with what a prompt holds of them, and what a model said of it: rightly cited (`+`) and wrongly cited (`-`).
///
///     F severity kind subject | summary | evidence      a finding of ours
///     S text                                            a fact
///     abcde 10:00:00 ×3 source: text                    a line of the digest
///     + ids | statement                                 the lines say it
///     - ids | statement                                 they do not
enum MisciteCorpus {
    /// What the rule was made with.
    static let known = [
        """
        host web
        F critical unit-failed nginx.service | nginx.service has failed with exit status 1. | ActiveState=failed SubState=failed Result=exit-code ExecMainStatus=1 NRestarts=0
        F warning certificate-expiry /var/lib/acme/shop.example/fullchain.pem | The certificate of shop.example expires in 6 days. | notAfter=Dec  6 09:00:00 2026 GMT
        S system NixOS 26.05, kernel 6.12.30
        S up for 4 days
        S load 0.4 on 4 processors
        S memory 31 % in use of 7821 MiB
        S 1 failed units
        S file system / (ext4) 42 % full, 60211 MiB left
        S unit nginx.service is failed (failed), result exit-code, exit status 1
        fkyac 10:01:02 ×3 nginx: bind() to 0.0.0.0:80 failed (98: Address already in use)
        kxiio 10:01:03 nginx: still could not bind()
        peuim 10:01:03 systemd: Failed to start Nginx Web Server.
        dwlff 10:00:59 httpd: listening on port 80, pid 4711
        acmeq 03:12:44 ×4 acme-shop.example: lego: could not obtain certificate: acme: error 429: too many certificates already issued
        vtapm 02:03:54 sshd: Accepted publickey for deploy from 10.0.0.7 port 50211 ssh2: ED25519
        phpfa 09:44:10 ×17 php-fpm: [pool shop] server reached pm.max_children setting (5), consider raising it
        zsnca 09:50:00 redis: Background saving terminated with success
        + F1 | nginx.service has failed with exit status 1.
        + fkyac | nginx cannot bind to port 80 because the address is already in use.
        + fkyac dwlff | Port 80 is taken by httpd, so nginx cannot listen on it.
        + dwlff | httpd is listening on port 80.
        + F2 | The certificate of shop.example expires in 6 days.
        + acmeq | lego could not obtain a certificate: too many certificates were already issued (error 429).
        + phpfa | php-fpm reached its max_children limit of 5 in the pool shop.
        + vtapm | deploy logged in by public key from 10.0.0.7.
        + S6 | The root file system / is 42 % full.
        - S2 | The host was broken into through the printer.
        - S2 | The shop's database was deleted by an attacker: all customer records are gone and a ransom is demanded.
        - zsnca | nginx cannot bind to port 80 because the address is in use.
        - vtapm | php-fpm reached max_children in the pool shop.
        - F2 | nginx.service has failed with exit status 1.
        - acmeq | httpd is listening on port 80.
        - S6 | The root file system / is 96 % full.
        - dwlff | The certificate of shop.example expires in 6 days.
        - vtapm | Somebody tries to guess passwords over SSH from 203.0.113.9.
        - F1 | redis could not save its data in the background.
        - S4 | Memory is exhausted and the OOM killer ended php-fpm.
        """,
        """
        host nas
        F critical disk-space / | / is 96 % full. | 96 % of 233 GiB used, 9.3 GiB left
        F critical smart-failing /dev/sdb | The disk /dev/sdb reports that it is failing. | Reallocated_Sector_Ct 1904, Current_Pending_Sector 88
        F warning zfs-degraded tank | The pool tank is degraded. | state: DEGRADED, 1 device UNAVAIL
        S system NixOS 26.05, kernel 6.12.30
        S up for 31 days
        S memory 74 % in use of 31988 MiB
        S file system / (ext4) 96 % full, 9523 MiB left
        S file system /srv/media (zfs) 71 % full, 2102344 MiB left
        S NixOS generation 42, reboot needed for a new kernel
        hqpol 04:11:02 ×12 kernel: ata3.00: failed command: READ FPDMA QUEUED
        ijdre 04:11:02 ×12 kernel: blk_update_request: I/O error, dev sdb, sector 2344211
        lskwe 04:12:40 smartd: Device: /dev/sdb [SAT], 88 Currently unreadable (pending) sectors
        mznqa 05:00:01 zed: vdev state changed: pool=tank vdev=ata-WDC_WD40 state=UNAVAIL
        bckup 05:30:00 restic: Fatal: unable to save snapshot: no space left on device
        gcnix 06:00:00 nix-gc: 1021 store paths deleted, 4301.2 MiB freed
        smbqq 07:21:55 ×9 smbd: getpeername failed. Error was Transport endpoint is not connected
        dhcpr 08:00:12 dhcpcd: enp3s0: rebinding lease of 192.168.1.10
        fanrp 08:01:00 ×2 fancontrol: hwmon3/pwm2 fan stopped, restarting
        + F1 | The root file system is 96 % full.
        + F1 S4 | / is 96 % full with 9.3 GiB left.
        + F2 | The disk /dev/sdb is failing: 1904 reallocated sectors and 88 pending ones.
        + lskwe | smartd reports 88 unreadable sectors on /dev/sdb.
        + ijdre hqpol | The kernel sees I/O errors when it reads sdb.
        + hqpol | Read commands to the disk at ata3.00 fail.
        + F3 mznqa | The ZFS pool tank is degraded because a vdev is unavailable.
        + bckup | The restic backup failed: no space is left on the device.
        + bckup F1 | The backup cannot be saved since the disk is full.
        + smbqq | Samba clients drop their connection: transport endpoint is not connected.
        + S6 | A reboot is needed to run the new kernel.
        + gcnix | The garbage collection freed 4301 MiB.
        - dhcpr | The ZFS pool tank is degraded.
        - gcnix | The disk /dev/sdb is failing.
        - S2 | The disk /dev/sdb is failing: 88 pending sectors.
        - fanrp | The restic backup failed for lack of space.
        - F3 | / is 96 % full.
        - smbqq | smartd found unreadable sectors.
        - mznqa | The disk is overheating.
        - F1 | The disk /dev/sdb reports that it is failing.
        - bckup | The garbage collection freed 4301 MiB.
        - F2 | The disk /dev/sdb has 12000 reallocated sectors.
        - S5 | /srv/media is 99 % full.
        - lskwe | A fan stopped.
        - S3 | 74 failed units were found.
        """,
        """
        host db
        F critical oom-kill postgresql.service | The kernel killed postgres of postgresql.service for lack of memory. | Out of memory: Killed process 2211 (postgres) total-vm:9112332kB
        F warning unit-restarts postgresql.service | postgresql.service was restarted 7 times. | NRestarts=7
        S up for 9 h
        S load 11.2 on 2 processors
        S memory 97 % in use of 3920 MiB
        S unit postgresql.service is activating (auto-restart), result signal, 7 restarts
        oomkl 11:02:10 ×7 kernel: Out of memory: Killed process 2211 (postgres) total-vm:9112332kB, anon-rss:3100220kB
        pgrec 11:02:31 ×7 postgres: database system was not properly shut down; automatic recovery in progress
        pgcon 11:03:00 ×220 postgres: FATAL: sorry, too many clients already
        pgdlk 10:40:11 ×3 postgres: ERROR: deadlock detected on relation "orders"
        apptm 11:03:05 ×40 shopd: upstream 10.0.0.5:5432 timed out after 30 s
        cronx 11:00:00 cron: (root) CMD (pg_dump shop > /srv/dump/shop.sql)
        timsy 09:00:00 systemd-timesyncd: Initial synchronization to time server 192.0.2.123
        wgups 09:00:03 wireguard: peer alpha handshake complete
        + F1 | The kernel killed postgres because memory ran out.
        + oomkl | The OOM killer ended postgres (process 2211).
        + F2 | postgresql.service was restarted 7 times.
        + pgcon | PostgreSQL refuses connections: too many clients already.
        + pgrec | The database was not shut down properly and recovers.
        + pgdlk | Deadlocks on the relation orders were detected.
        + apptm | shopd cannot reach 10.0.0.5:5432 and times out after 30 s.
        + S3 | Memory is 97 % in use.
        + S2 | The load of 11.2 is too high for 2 processors.
        + cronx | A cron job dumps the database shop to /srv/dump/shop.sql.
        - timsy | The kernel killed postgres because memory ran out.
        - wgups | PostgreSQL refuses connections: too many clients.
        - pgdlk | The load is too high for the processors.
        - cronx | shopd times out when it calls 10.0.0.5:5432.
        - S1 | Deadlocks on orders were detected.
        - F2 | The disk of the database is full.
        - pgcon | The WireGuard tunnel to alpha is down.
        - F1 | shopd was killed for lack of memory.
        - apptm | A deadlock was detected on relation orders.
        - S3 | Memory is 30 % in use.
        - wgups | The database was stolen by ransomware.
        """,
        """
        host gw
        F warning clock-offset - | The clock is off by 92 s. | offset 92.4 s
        F warning dns-failing 192.168.1.1 | The name server 192.168.1.1 does not answer. | 3 of 3 queries timed out
        S up for 2 days
        S memory 12 % in use of 1983 MiB
        S file system / (f2fs) 33 % full, 18221 MiB left
        ntpfa 12:00:01 ×30 chronyd: Source 203.0.113.5 offline
        ntpse 12:05:10 chronyd: Can't synchronise: no selectable sources
        dnsto 12:01:44 ×61 systemd-resolved: Using degraded feature set UDP instead of UDP+EDNS0 for DNS server 192.168.1.1.
        sshbf 12:02:30 ×844 sshd: Failed password for invalid user admin from 198.51.100.77 port 40022 ssh2
        fail2 12:02:31 ×3 fail2ban: Ban 198.51.100.77
        wghan 12:03:00 ×14 kernel: wireguard: wg0: Handshake for peer 3 did not complete after 5 seconds, retrying
        linkd 11:58:07 ×2 kernel: r8169 0000:03:00.0 enp3s0: Link is Down
        linku 11:58:11 ×2 kernel: r8169 0000:03:00.0 enp3s0: Link is Up - 1Gbps/Full
        nftdr 12:04:00 ×90 kernel: refused connection: IN=enp3s0 SRC=198.51.100.80 DST=192.0.2.4 PROTO=TCP DPT=23
        + F1 | The clock is off by 92 s.
        + ntpse ntpfa | chronyd has no source to synchronise with.
        + F2 | The name server 192.168.1.1 does not answer.
        + dnsto | DNS works in a degraded way with the server 192.168.1.1.
        + sshbf | Somebody guesses SSH passwords from 198.51.100.77.
        + fail2 | fail2ban has banned 198.51.100.77.
        + wghan | The WireGuard handshake of wg0 with peer 3 does not complete.
        + linkd | The link of enp3s0 went down.
        + linkd linku | The network interface enp3s0 lost its link and got it back.
        + nftdr | The firewall refuses connections from 198.51.100.80 to port 23.
        - linku | The clock is off by 92 s.
        - fail2 | chronyd has no source to synchronise with.
        - sshbf | The name server 192.168.1.1 does not answer.
        - F1 | The link of enp3s0 went down.
        - nftdr | The WireGuard handshake with peer 3 does not complete.
        - dnsto | Somebody guesses SSH passwords from 198.51.100.77.
        - S1 | An intruder has opened a backdoor on the gateway.
        - linkd | fail2ban has banned 198.51.100.77.
        - S3 | The root file system is 33 % full because of logs of fail2ban.
        - ntpfa | The time source 203.0.113.99 is offline.
        - wghan | The firewall drops DNS packets.
        """,
        """
        host media
        F critical unit-failed jellyfin.service | jellyfin.service has failed: core-dump. | Result=core-dump ExecMainStatus=11 NRestarts=5
        F warning container-unhealthy immich | The container immich is unhealthy. | health: unhealthy, 14 failing
        S up for 12 days
        S memory 55 % in use of 15922 MiB
        S file system /var (btrfs) 61 % full, 88211 MiB left
        S unit jellyfin.service is failed (failed), result core-dump, exit status 11, 5 restarts
        jelse 14:20:09 ×5 kernel: jellyfin[8812]: segfault at 18 ip 00007f2a in libva.so.2.2200.0[7f2a000]
        jelco 14:20:10 ×5 systemd-coredump: Process 8812 (jellyfin) of user 980 dumped core.
        jellt 14:20:20 systemd: jellyfin.service: Start request repeated too quickly.
        immdb 14:15:00 ×14 immich: Error: connect ECONNREFUSED 10.88.0.3:5432
        podne 14:14:50 podman: network bridge podman1 created
        i915h 14:19:59 ×2 kernel: i915 0000:00:02.0: [drm] GPU HANG: ecode 12:1:85dffffb, in jellyfin
        tempx 13:00:00 ×8 kernel: CPU0: Core temperature above threshold, cpu clock throttled (total events = 8)
        btrck 01:00:04 btrfs-scrub: scrub done for /var: no errors found
        upsba 08:30:00 ×2 upsmon: UPS apc@localhost on battery
        + F1 | jellyfin.service has failed with a core dump.
        + jelse | jellyfin crashes with a segfault in libva.so.
        + jelco | The process 8812 of jellyfin dumped core.
        + jellt | jellyfin.service was started too often and is not started again.
        + F2 | The container immich is unhealthy.
        + immdb | immich cannot connect to its database at 10.88.0.3:5432: connection refused.
        + i915h | The GPU hangs while jellyfin uses it.
        + tempx | The CPU is too hot and its clock is throttled.
        + upsba | The UPS was running on battery.
        + S3 | /var is 61 % full.
        - btrck | jellyfin crashes with a segfault in libva.so.
        - upsba | immich cannot connect to its database.
        - btrck | The file system /var is corrupted.
        - podne | The CPU is too hot.
        - F2 | The GPU hangs while jellyfin uses it.
        - jellt | The UPS was running on battery.
        - tempx | The container immich is unhealthy.
        - S1 | The machine restarted 12 times today.
        - immdb | The scrub found errors on /var.
        - S2 | Memory leaks in jellyfin fill 100 % of it.
        - jelse | immich crashes with a segfault.
        """,
        """
        host calm
        S system NixOS 26.05, kernel 6.12.30
        S up for 4 days
        S load 0.02 on 2 processors
        S memory 18 % in use of 3920 MiB
        S file system / (ext4) 21 % full, 91022 MiB left
        S NixOS generation 17
        calma 02:00:01 systemd: Finished Daily cleanup of temporary files.
        calmb 02:10:00 ×2 sshd: Accepted publickey for anna from 192.168.1.5 port 51111 ssh2: ED25519
        calmc 03:00:00 nixos-upgrade: building the system configuration...
        calmd 03:02:10 nixos-upgrade: switched to generation 17
        calme 04:00:00 smartd: Device: /dev/nvme0, SMART/Health Information: Temperature 39 C
        + calmb | anna logged in from 192.168.1.5.
        + calmd | The system was switched to generation 17.
        + calme | The temperature of /dev/nvme0 is 39 C.
        + S5 | / has 91022 MiB left.
        + calma | The daily cleanup of temporary files finished.
        - S2 | The shop's database was deleted by an attacker.
        - calma | The disk /dev/nvme0 is about to fail.
        - calmb | Root logged in from 203.0.113.66 with a stolen key.
        - calmd | The upgrade failed.
        - S3 | The processors are overloaded with a load of 40.
        - S6 | NixOS is outdated and insecure.
        - calme | nvme0 is too hot at 93 C.
        """,
    ]
}
