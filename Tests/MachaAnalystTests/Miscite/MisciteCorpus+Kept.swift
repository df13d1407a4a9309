// SPDX-License-Identifier: MIT

extension MisciteCorpus {
    /// Written after the rule, each host without a look at what the rule makes of it.
    static let kept = [
        """
        host proxy
        F critical unit-failed traefik.service | traefik.service has failed with exit status 1. | ActiveState=failed Result=exit-code ExecMainStatus=1
        F warning reboot-needed - | A new kernel waits for a reboot. | running 6.12.30, booted system 6.12.41
        S up for 64 days
        S load 1.9 on 8 processors
        S memory 44 % in use of 15922 MiB
        S file system /var/log (xfs) 88 % full, 1204 MiB left
        S unit traefik.service is failed (failed), result exit-code, exit status 1
        trfcf 09:12:00 ×3 traefik: error while building configuration: yaml: line 41: did not find expected key
        trfrt 09:12:01 systemd: traefik.service: Main process exited, code=exited, status=1/FAILURE
        haspk 09:20:10 ×512 haproxy: backend app_servers has no server available!
        squid 08:59:00 ×6 squid: Swap disk cache at 95 %, evicting objects
        ldapx 09:01:33 ×28 sssd: Backend is offline: ldap://ldap.example:389
        rsync 03:00:09 rsyncd: sent 88102 bytes received 4120 bytes total size 7720113
        usbrm 07:44:00 kernel: usb 2-1: USB disconnect, device number 5
        postf 09:30:44 ×77 postfix: connect to mx.remote.example[198.51.100.25]:25: Connection timed out
        + F1 | traefik.service has failed with exit status 1.
        + trfcf | traefik cannot read its configuration: line 41 of the YAML lacks an expected key.
        + haspk | haproxy has no server available for the backend app_servers.
        + F2 | The machine has to be rebooted for a new kernel.
        + ldapx | sssd cannot reach the LDAP server ldap.example.
        + postf | Mail to mx.remote.example cannot be delivered: connections to port 25 time out.
        + S4 | /var/log is 88 % full.
        + usbrm | A USB device was disconnected.
        + squid | The disk cache of squid is nearly full at 95 %.
        + S1 | The machine has been up for 64 days.
        - rsync | traefik cannot read its configuration.
        - usbrm | haproxy has no server available for its backend.
        - F2 | sssd cannot reach the LDAP server.
        - postf | traefik.service has failed.
        - squid | The mail server rejects all messages.
        - S3 | Memory leaks in haproxy.
        - S1 | The last reboot failed.
        - ldapx | The LDAP certificate has expired.
        - rsync | An attacker copied 88102 files from the machine.
        - S4 | /var/log is 100 % full and read-only.
        - haspk | squid evicts objects from its cache.
        - trfcf | The YAML file of haproxy is broken at line 77.
        """,
        """
        host lab
        F critical filesystem-readonly /data | /data is mounted read-only. | /dev/vdb1 /data ext4 ro,relatime
        F warning timer-missed backup.timer | backup.timer has not run for 3 days. | last trigger 2026-11-27 02:00
        S up for 20 h
        S load 6.1 on 4 processors
        S memory 63 % in use of 7821 MiB
        S file system /data (ext4) 12 % full, 401223 MiB left
        extjb 01:17:20 kernel: EXT4-fs (vdb1): Remounting filesystem read-only
        extio 01:17:19 ×4 kernel: Buffer I/O error on dev vdb1, logical block 39014, async page read
        grafn 02:10:00 ×19 grafana: level=error msg="database is locked" logger=sqlstore
        influ 02:15:12 ×2 influxd: write failed: read-only file system /data/influx/wal
        nfsno 05:00:00 ×31 kernel: nfs: server 10.1.0.9 not responding, still trying
        mosqt 06:21:00 ×7 mosquitto: Client esp-kitchen closed its connection.
        gitea 07:00:00 gitea: 2026/11/30 Completed POST /api/v1/repos 201 Created in 88ms
        prome 07:30:00 ×5 prometheus: Error on ingesting samples that are too old or too far into the future num_dropped=112
        avahi 04:00:01 avahi-daemon: Host name conflict, retrying with lab-2
        + F1 | /data is mounted read-only.
        + extjb extio | The kernel remounted vdb1 read-only after I/O errors.
        + influ | influxd cannot write to /data/influx/wal: the file system is read-only.
        + grafn | The database of grafana is locked.
        + nfsno | The NFS server 10.1.0.9 does not respond.
        + F2 | backup.timer did not run for 3 days.
        + prome | prometheus drops 112 samples that are too old or in the future.
        + avahi | avahi-daemon found a conflict of host names.
        + S2 | The load is 6.1 on 4 processors.
        + mosqt | The client esp-kitchen lost its connection to mosquitto.
        - gitea | The database of grafana is locked.
        - mosqt | The NFS server 10.1.0.9 does not respond.
        - S4 | /data is mounted read-only.
        - avahi | influxd cannot write to /data/influx/wal.
        - F2 | The disk vdb1 has I/O errors.
        - prome | backup.timer did not run for 3 days.
        - nfsno | gitea cannot create repositories.
        - gitea | Somebody deleted all repositories.
        - extjb | The NFS export was remounted read-only.
        - grafn | prometheus drops samples.
        - S1 | The kernel crashed 20 hours ago.
        - influ | influxd ran out of memory.
        """,
        """
        host hyper
        F critical unit-failed libvirtd.service | libvirtd.service has failed: timeout. | Result=timeout
        F warning memory-low - | Only 4 % of the memory is available. | 612 MiB of 15922 MiB
        S up for 8 days
        S load 14.7 on 8 processors
        S file system /var/lib/libvirt (ext4) 79 % full, 50112 MiB left
        qemuk 10:00:00 ×2 kernel: Out of memory: Killed process 9120 (qemu-system-x86) total-vm:8912332kB
        brnet 10:01:00 ×6 kernel: br0: received packet on eth1 with own address as source address
        libvt 10:02:00 systemd: libvirtd.service: start operation timed out. Terminating.
        zrepl 10:03:00 ×3 zrepl: replication of tank/vm to backup1 failed: dataset busy
        ipmio 10:04:00 ipmi: Fan 4 speed below critical threshold: 200 RPM
        vaultx 10:05:00 ×11 vault: core: seal configuration missing, not initialized
        ntpok 10:06:00 chronyd: Selected source 192.0.2.10
        + F1 | libvirtd.service failed with a timeout.
        + qemuk | A virtual machine (qemu-system-x86) was killed because memory ran out.
        + brnet | br0 receives packets with its own address on eth1: probably a loop in the network.
        + libvt | Starting libvirtd timed out.
        + zrepl | zrepl cannot replicate tank/vm to backup1, as the dataset is busy.
        + ipmio | Fan 4 turns too slowly: 200 RPM.
        + vaultx | vault is not initialized: its seal configuration is missing.
        + F2 | Only 4 % of memory is available.
        + S2 | A load of 14.7 is a lot for 8 processors.
        + S3 | /var/lib/libvirt is 79 % full.
        - ntpok | libvirtd.service failed with a timeout.
        - brnet | Fan 4 turns too slowly.
        - vaultx | zrepl cannot replicate tank/vm.
        - zrepl | The pool tank has lost a disk.
        - ipmio | The CPU overheats.
        - F1 | A virtual machine was killed for lack of memory.
        - S3 | The load is too high.
        - ntpok | The clock is off by hours.
        - qemuk | libvirtd was killed by the kernel.
        - S1 | The host was restarted by an attacker.
        - vaultx | The secrets in vault were stolen.
        - F2 | The swap partition is broken.
        """,
        """
        host shop
        F warning unit-restarts sidekiq.service | sidekiq.service was restarted 23 times. | NRestarts=23
        F critical disk-inodes /srv | /srv has no inodes left. | 100 % of inodes used
        S up for 3 days
        S memory 58 % in use of 7821 MiB
        S file system /srv (ext4) 44 % full, 80112 MiB left
        sidek 12:00:00 ×23 sidekiq: Redis::CannotConnectError: Error connecting to Redis on 127.0.0.1:6379
        railz 12:01:00 ×140 puma: ActionController::RoutingError (No route matches [GET] "/wp-login.php")
        inode 12:02:00 ×9 uploader: open /srv/uploads/tmp: no space left on device
        stripe 12:03:00 ×4 payments: HTTP 401 Unauthorized from api.stripe.example
        certb 12:04:00 acme-shop: certificate renewed, valid until 2027-02-28
        rabit 12:05:00 ×2 rabbitmq: disk resource limit alarm set on node rabbit@shop
        cronj 12:06:00 cron: (shop) CMD (bin/rake reports:daily)
        auth0 12:07:00 ×60 sshd: Invalid user oracle from 203.0.113.50 port 39912
        + F1 | sidekiq.service was restarted 23 times.
        + sidek | sidekiq cannot connect to Redis on 127.0.0.1:6379.
        + railz | Somebody looks for /wp-login.php, which puma does not serve.
        + F2 inode | /srv has no inodes left, so the uploader cannot open files.
        + stripe | payments is not authorized at api.stripe.example (401).
        + certb | The certificate was renewed until 2027-02-28.
        + rabit | rabbitmq raised a disk alarm.
        + auth0 | Logins as the invalid user oracle are tried from 203.0.113.50.
        + cronj | cron starts the daily reports of shop.
        + S3 | /srv is only 44 % full.
        - certb | The certificate of the shop has expired.
        - cronj | sidekiq cannot connect to Redis.
        - railz | payments gets 401 from Stripe.
        - stripe | rabbitmq raised a disk alarm.
        - rabit | RabbitMQ lost all its messages.
        - auth0 | Root logged in from 203.0.113.50.
        - S2 | Redis needs more memory.
        - F1 | sidekiq.service leaks memory.
        - inode | The certificate could not be renewed.
        - S1 | sidekiq.service was restarted 23 times.
        - sidek | Redis was hacked from 203.0.113.50.
        - F2 | uploader deleted all files in /srv.
        """,
        """
        host edge
        F critical unit-failed unbound.service | unbound.service has failed with exit status 1. | Result=exit-code
        F warning swap-used - | 81 % of the swap is used. | 1659 MiB of 2048 MiB
        S up for 6 days
        S load 0.3 on 4 processors
        S memory 91 % in use of 1983 MiB
        S file system /boot (vfat) 93 % full, 36 MiB left
        unbnd 08:00:00 ×2 unbound: fatal error: could not open ports
        keepa 08:10:00 ×4 keepalived: VRRP_Instance(VI_1) Entering BACKUP STATE
        bgpdn 08:12:00 frr: bgpd: neighbor 10.9.0.1 Down BGP Notification received
        dhcpn 08:20:00 ×35 kea-dhcp4: no free leases in subnet 192.168.7.0/24
        suric 08:30:00 ×9 suricata: ET SCAN Potential SSH Scan from 198.51.100.9
        vnsta 08:35:00 vnstatd: Info: Latest database update is no longer in the past
        lldpd 08:40:00 lldpd: neighbor discovered on eth2: sw-core
        squas 09:00:00 ×3 kernel: nf_conntrack: nf_conntrack: table full, dropping packet
        + F1 | unbound.service has failed with exit status 1.
        + unbnd | unbound cannot open its ports.
        + keepa | keepalived changed to the BACKUP state.
        + bgpdn | The BGP neighbor 10.9.0.1 went down.
        + dhcpn | The subnet 192.168.7.0/24 has no free leases.
        + suric | suricata saw an SSH scan from 198.51.100.9.
        + squas | The connection tracking table is full and packets are dropped.
        + F2 | 81 % of the swap is in use.
        + S4 | /boot is 93 % full.
        + S3 | Memory is 91 % in use.
        + lldpd | sw-core was discovered on eth2.
        - lldpd | The BGP neighbor 10.9.0.1 went down.
        - suric | unbound cannot open its ports.
        - vnsta | The subnet has no free leases.
        - keepa | The firewall drops packets because its table is full.
        - S4 | The swap is used up.
        - bgpdn | keepalived failed over to BACKUP.
        - F2 | unbound is out of memory.
        - dhcpn | The DHCP server was compromised.
        - S1 | The connection tracking table is full.
        - squas | suricata drops packets.
        - unbnd | unbound answers slowly because of a cache miss.
        - S3 | keepalived uses too much memory.
        """,
    ]
}
