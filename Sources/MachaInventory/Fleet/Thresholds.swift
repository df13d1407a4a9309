// SPDX-License-Identifier: MIT

/// Every figure at which a reading becomes a finding. Shares are 0…1, stalls percent of time, sizes bytes, times seconds.
package struct Thresholds: Hashable, Codable, Sendable {
    /// From here on a file system is filling up…
    package var diskWarning = 0.85
    /// …and here it is about to run full.
    package var diskCritical = 0.95
    /// A file system with this much left is no emergency however large its share: at worst a warning above
    /// ``diskCritical``, and nothing below. 4 % of 20 TB is 800 GB, weeks of room.
    package var diskAmple = 100 << 30
    /// Used inodes from which a file system is filling up.
    package var inodesWarning = 0.85
    /// Used inodes from which it is about to run full.
    package var inodesCritical = 0.95

    /// Less available memory than this share is low…
    package var memoryWarning = 0.08
    /// …and less than this is the last of it.
    package var memoryCritical = 0.03
    /// Tasks standing still for memory, over one minute and over five.
    package var memoryStallWarning = 10.0
    /// From here on the host hardly does anything else.
    package var memoryStallCritical = 40.0

    /// All tasks standing still for disks, over one minute and over five.
    package var ioStallWarning = 40.0
    /// Some task waiting for a processor, over one minute and over five.
    package var cpuStall = 80.0
    /// Load per processor over five and fifteen minutes, where the kernel measures no pressure.
    package var loadPerProcessor = 4.0

    /// Automatic restarts from which a service that restarts is in a loop.
    package var restartLoop = 3
    /// A service restarted that often and this short a time ago is still in its loop.
    package var restartLoopSpan = 120

    /// What has been starting or stopping for so long does not get any further.
    package var startSpan = 3600.0

    /// Without a reboot for so long, no kernel update took effect.
    package var longUptime = 365.0 * 86_400
    /// A boot that is still starting after this long hangs.
    package var bootSpan = 900.0

    /// Difference to the controller's clock, beyond the time the collection took.
    package var clockWarning = 30.0
    /// From here on certificates and logins fail.
    package var clockCritical = 3600.0
    /// How long after boot a clock may be without its first synchronisation.
    package var clockGrace = 900.0

    /// A timer is overdue when its last run is older than this many of its periods…
    package var timerPeriods = 2.0
    /// …and by at least this much, so that a job every minute is not judged by the second.
    package var timerGrace = 3600.0
    /// A backup that has not run for so long is more than late.
    package var backupCritical = 7 * 86_400.0
    /// A job of a timer that runs for so long hangs.
    package var jobSpan = 86_400.0

    /// How soon a certificate's end is a warning. ACME renews thirty days before it, so less means that renewing fails.
    package var certificateWarning = 14 * 86_400.0
    /// From here on it is an emergency: an authority may ask for days before it answers again.
    package var certificateCritical = 3 * 86_400.0
    /// How soon the end of a tailnet key is a warning; somebody has to log in.
    package var keyWarning = 14 * 86_400.0
    /// From here on the way into the host is about to close.
    package var keyCritical = 2 * 86_400.0

    /// Refused logins an hour from one address that are worth a look…
    package var loginsFromOne = 100
    /// …and from all addresses together.
    package var loginsFromAll = 500

    /// Used endurance of an SSD, in percent.
    package var ssdWear = 90
    /// Replaced sectors beyond this many: a few are what the spare ones are for.
    package var reallocatedSectors = 50
    /// Reads and writes that a SCSI disk could not correct: over years a few happen to every one.
    package var uncorrectedErrors = 10
    /// Operation since a failed self-test after which it is history.
    package var selfTestAge = 365 * 86_400.0
    /// Degrees below what a chip calls critical.
    package var heatMargin = 5.0
    /// Without a scrub for so long, nobody knows whether a pool's copies can be read.
    package var scrubAge = 40 * 86_400.0
    /// CVSS score from which a vulnerability is more than information.
    package var vulnerabilityScore = 9.0
    /// A journal larger than this takes room that was meant for something else.
    package var journalSize = 4 << 30

    /// Figures for what takes more than one look.
    package var trend = TrendThresholds()

    /// The built-in figures.
    package init() {}
}
