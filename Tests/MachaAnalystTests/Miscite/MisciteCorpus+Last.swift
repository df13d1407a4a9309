// SPDX-License-Identifier: MIT

extension MisciteCorpus {
    /// Written after the rule was made stricter, and without a look at what it makes of them.
    static let last = [
        """
        host forge
        F critical unit-failed gitlab-runner.service | gitlab-runner.service has failed with exit status 1. | ActiveState=failed Result=exit-code ExecMainStatus=1
        F warning memory-pressure - | Programs were stalled 18 % of the time, waiting for memory. | some avg300=18.42
        S up for 19 days
        S load 3.4 on 4 processors
        S memory 88 % in use of 15922 MiB
        S file system / (ext4) 58 % full, 88211 MiB left
        rtoken 08:00:10 ×4 gitlab-runner: ERROR: Verifying runner... is removed or not valid token=glrt-1
        jenk1 08:10:00 ×2 jenkins: java.lang.OutOfMemoryError: Java heap space
        giteq 08:11:09 ×18 gitea: [E] Failed to render template: context deadline exceeded
        nixdd 08:20:00 ×6 nix-daemon: error: unable to download 'https://cache.lan/abc.narinfo': HTTP error 503
        dkrpl 08:22:00 ×3 dockerd: toomanyrequests: You have reached your pull rate limit
        auddn 08:23:30 kernel: audit: backlog limit exceeded
        sysct 08:00:01 systemd: Started Periodic garbage collection.
        tmpfs 08:30:00 ×2 kernel: tmpfs: exhausted inode limit on /run/user/1000
        + F1 rtoken | gitlab-runner.service failed because its token is not valid any more.
        + jenk1 | Jenkins ran out of Java heap space.
        + F2 | Programs are stalled 18 % of the time because they wait for memory.
        + giteq | gitea cannot render a template: the deadline is exceeded.
        + nixdd | nix-daemon cannot download from cache.lan: it returns HTTP error 503.
        + dkrpl | The pull rate limit has been reached, so dockerd cannot pull images.
        + tmpfs | There are no more inodes on /run/user/1000.
        + S2 | The load average is 3.4 with 4 processors.
        + S3 | 88 % of the memory is in use.
        + auddn | The audit backlog exceeded its limit.
        - rtoken | Jenkins cannot verify its licence.
        - jenk1 | The kernel killed Jenkins.
        - giteq | gitea lost its database.
        - nixdd | The Nix store is corrupted.
        - dkrpl | The disk of the registry is full.
        - tmpfs | /run/user/1000 was deleted.
        - auddn | The audit found an intrusion.
        - sysct | The garbage collection failed.
        - S4 | / is 85 % full.
        - F2 | 18 programs were killed for lack of memory.
        - S1 | The last backup is 19 days old.
        - F1 | gitlab-runner.service is running normally.
        - nixdd | cache.lan answers all requests successfully.
        """,
        """
        host home
        F warning battery-low - | The UPS battery is worn. | runtime 3 min
        F critical container-unhealthy zigbee2mqtt | The container zigbee2mqtt is unhealthy. | health: unhealthy, 31 failing
        S up for 5 h
        S load 0.2 on 4 processors
        S memory 35 % in use of 3920 MiB
        S file system / (ext4) 91 % full, 2611 MiB left
        hassd 17:00:00 ×12 hass: Setup of hue is taking over 10 seconds.
        hasse 17:01:00 ×5 hass: Login attempt or request with invalid authentication from 192.168.4.23
        zigb1 17:02:00 ×31 zigbee2mqtt: Error: Error while opening serialport 'Error: Error Resource temporarily unavailable Cannot lock port'
        piho1 17:05:00 pihole-FTL: WARNING: Long-term load (15min avg) larger than number of processors: 4.9 > 4
        vdrr1 17:10:00 ×2 frigate: ffmpeg process is not running. exiting capture thread for camera garage
        sdcrd 17:11:00 ×6 kernel: mmc0: Timeout waiting for hardware interrupt.
        undvt 17:12:44 ×88 kernel: hwmon hwmon1: Undervoltage detected!
        ntpst 17:13:00 systemd-timesyncd: Contacted time server 192.0.2.5:123
        + F2 zigb1 | The container zigbee2mqtt is unhealthy, as it cannot lock its serial port.
        + hassd | The setup of hue in hass takes more than 10 seconds.
        + hasse | Logins with invalid authentication come from 192.168.4.23.
        + undvt | The power supply is too weak: undervoltage was detected 88 times.
        + vdrr1 | ffmpeg for the camera garage does not run.
        + sdcrd | mmc0 times out while it waits for a hardware interrupt.
        + piho1 | The load was 4.9, which is more than 4 processors can do.
        + S4 | Only 2.5 GiB are left on the root file system.
        + ntpst | The time server 192.0.2.5 was reached.
        + F1 | The battery of the UPS is worn.
        - ntpst | The clock is wrong.
        - undvt | The temperature of the processor is too high.
        - sdcrd | The camera garage is broken.
        - vdrr1 | ffmpeg uses all processors.
        - piho1 | pihole blocks malware.
        - hasse | Somebody logged in to hass with a stolen password.
        - zigb1 | The serial port sends wrong data to hass.
        - hassd | hue was removed from hass.
        - S4 | There are 2611 GiB left on the root file system.
        - S1 | The power failed 5 times.
        - F1 | The battery of the UPS was replaced.
        - F2 | The container zigbee2mqtt is healthy.
        - hasse | The authentication of hass works.
        """,
    ]
}
