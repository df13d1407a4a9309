// SPDX-License-Identifier: MIT

extension MisciteCorpus {
    /// Written later than the rule and all other hosts: mail, a cluster's node and a laboratory's controller, with praise
    /// of what failed, wrong units of measure and swapped parts among what is wrongly cited.
    static let later = [
        """
        host mail
        F warning swap-low - | Swap is 91 % in use. | 3726 MiB of 4096 MiB
        F critical unit-failed dovecot.service | dovecot.service has failed with exit status 89. | ActiveState=failed Result=exit-code ExecMainStatus=89
        S up for 41 min
        S load 0.7 on 2 processors
        S memory 82 % in use of 3920 MiB
        S file system /var/vmail (btrfs) 67 % full, 153600 MiB left
        S unit rspamd.service is activating (auto-restart), result core-dump, 14 restarts
        dvcfg 06:11:40 dovecot: doveconf: Fatal: Error in configuration file /etc/dovecot/dovecot.conf line 112: Unknown setting: ssl_dh_parameters_length
        rspcd 06:12:01 ×14 kernel: rspamd[3381]: segfault at 18 ip 00007f3a1c02 sp 00007ffd error 4 in librspamd-server.so
        pstdq 06:15:22 ×381 postfix/qmgr: 4XkT1q: from=<newsletter@shop.example>, status=deferred (delivery temporarily suspended)
        tlsex 06:16:03 ×9 postfix/smtpd: warning: TLS library problem: error:0A000415: sslv3 alert certificate expired
        greyl 06:17:10 ×23 postgrey: action=greylist, reason=new, client_address=192.0.2.61
        quota 06:20:31 ×5 dovecot: lmtp(anna@shop.example): Quota exceeded (mailbox for user is full)
        clamu 06:30:00 freshclam: daily database updated (version: 27814, sigs: 2076112)
        dkimk 06:31:12 ×2 opendkim: key retrieval failed (s=mail2026, d=shop.example): no record found
        + F2 dvcfg | dovecot does not start, since line 112 of dovecot.conf has a setting it does not know.
        + S5 rspcd | rspamd crashes with a segmentation fault and has been restarted 14 times.
        + pstdq | 381 messages of newsletter@shop.example are deferred.
        + tlsex | A TLS certificate has expired, postfix reports.
        + quota | The mailbox of anna@shop.example is full.
        + S4 | About 150 GiB are free on /var/vmail.
        + F1 | Roughly 3.6 GiB of 4 GiB swap are used.
        + dkimk | The DKIM key mail2026 of shop.example has no record.
        + clamu | freshclam updated its daily database to version 27814.
        + greyl | postgrey greylists the new client 192.0.2.61.
        - clamu | freshclam found a virus in the daily scan.
        - quota | The file system /var/vmail is full.
        - greyl | Messages from 192.0.2.61 carry malware.
        - S1 | The machine crashed 41 minutes ago.
        - rspcd | dovecot crashes with a segmentation fault.
        - dvcfg | Line 112 of the configuration of postfix is wrong.
        - pstdq | 381 messages were rejected as spam.
        - dkimk | The certificate of shop.example has expired.
        - tlsex | postfix renewed its certificate.
        - F1 | Memory is 91 % in use.
        - S5 | rspamd.service works well again after 14 restarts.
        - clamu | freshclam failed to update the daily database.
        - F2 | dovecot.service is healthy.
        """,
        """
        host kube
        F critical disk-space /var/lib/containerd | /var/lib/containerd is 97 % full. | 6.0 GiB of 200 GiB left
        F warning unit-restarts kubelet.service | kubelet.service was restarted 5 times. | NRestarts=5
        S up for 112 days
        S load 22.3 on 16 processors
        S memory 91 % in use of 64214 MiB
        S file system /var/lib/containerd (xfs) 97 % full, 6144 MiB left
        oomcg 14:02:11 ×3 kernel: Memory cgroup out of memory: Killed process 77120 (java) total-vm:18300412kB, anon-rss:4194120kB
        evict 14:03:00 ×8 kubelet: eviction manager: pods evicted due to disk pressure
        imgpl 14:05:09 ×26 kubelet: Failed to pull image "registry.lan:5000/billing:4.2": dial tcp 10.20.0.5:5000: connect: connection refused
        etcdl 14:06:40 ×57 etcd: apply request took too long, took 1.84 s, expected-duration 100 ms
        certk 13:00:00 kubelet: certificate rotation: new client certificate valid until 2027-11-20
        cored 14:10:30 ×112 coredns: plugin/errors: 2 api.partner.example. A: read udp 10.42.0.9:41712->9.9.9.9:53: i/o timeout
        nicer 14:11:00 ×4 kernel: mlx5_core 0000:81:00.0: Port module event: module 0, Cable unplugged
        temp1 14:12:09 ×2 kernel: mce: CPU7: Core temperature above threshold, cpu clock throttled (total events = 402)
        + oomcg | A Java process (77120) was killed because its cgroup ran out of memory.
        + evict | kubelet evicts pods because of pressure on the disk.
        + imgpl | The image billing:4.2 cannot be pulled: 10.20.0.5:5000 refuses connections.
        + etcdl | etcd is slow: a request took 1840 ms instead of 100 ms.
        + cored | coredns gets no reply from 9.9.9.9 when it resolves api.partner.example.
        + nicer | The cable of mlx5_core 0000:81:00.0 was unplugged.
        + temp1 | CPU7 is too hot, so its clock is throttled.
        + F1 S4 | Only 6 GiB are left on /var/lib/containerd.
        + S3 | Memory use is high: 91 % of about 63 GiB.
        + certk | The client certificate of kubelet is valid until 2027-11-20.
        - imgpl | The registry 10.20.0.5 has run out of disk space.
        - oomcg | The kernel killed kubelet for lack of memory.
        - certk | The client certificate of kubelet expires in 3 days.
        - etcdl | etcd lost its quorum.
        - cored | The domain api.partner.example was hijacked.
        - nicer | The disk at 0000:81:00.0 was unplugged.
        - evict | Pods were evicted because memory ran out.
        - S1 | The kernel was compromised 112 days ago.
        - etcdl | A request to etcd took 1.84 ms.
        - imgpl | The image billing:4.2 was pulled successfully 26 times.
        - F2 | kubelet.service was restarted 50 times.
        - temp1 | The temperature of CPU7 is normal.
        """,
        """
        host bench
        F warning clock-offset - | The clock is off by 4.2 s. | offset 4.2 s
        F critical unit-failed acquire@3.service | acquire@3.service has failed: watchdog. | Result=watchdog
        S up for 6 days
        S memory 23 % in use of 7821 MiB
        S file system /srv/runs (zfs) 81 % full, 402 GiB left
        wdogx 22:10:05 systemd: acquire@3.service: Watchdog timeout (limit 30s)!
        serlx 22:09:31 ×9 acquire: /dev/ttyUSB2: read: Input/output error
        ttyru 22:09:30 ×9 kernel: cp210x ttyUSB2: failed set request 0x12 status: -19
        canbs 22:11:00 ×71 kernel: can0: bus-off
        mqttq 22:12:00 ×3 mosquitto: Outgoing messages are being dropped for client logger-7.
        ptpff 22:13:44 ×5 ptp4l: port 1: SYNCHRONIZATION_FAULT
        upsbt 22:20:00 upsd: UPS rack1@localhost battery at 38 %, on battery for 12 min
        nfsok 22:21:07 kernel: nfs: server 10.7.0.2 OK
        + F2 wdogx | acquire@3.service was ended by its watchdog after 30 s.
        + serlx | acquire cannot read from /dev/ttyUSB2: input/output error.
        + ttyru serlx | The serial adapter ttyUSB2 (cp210x) no longer works.
        + canbs | The CAN bus can0 is off.
        + mqttq | mosquitto drops messages for logger-7.
        + ptpff | ptp4l lost its synchronization on port 1.
        + upsbt | The UPS rack1 is on battery, with 38 % left.
        + nfsok | The NFS server 10.7.0.2 is reachable again.
        + F1 | The clock is off by about 4 seconds.
        - nfsok | The NFS server 10.7.0.2 does not respond.
        - upsbt | The UPS rack1 is fully charged.
        - upsbt | The UPS has been on battery for 38 minutes.
        - canbs | The CAN bus can0 works without errors.
        - mqttq | logger-7 sends too many messages to the wrong topic.
        - ptpff | The clock is synchronized by ptp4l.
        - serlx | /dev/ttyUSB0 cannot be read.
        - wdogx | acquire@3.service ran out of memory.
        - F1 | The clock is off by 4.2 hours.
        - S3 | /srv/runs has 81 GiB left.
        - ttyru | The kernel was updated.
        """,
    ]
}
