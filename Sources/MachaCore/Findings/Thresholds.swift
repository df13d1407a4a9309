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

    /// Figures for what takes more than one look.
    package var trend = TrendThresholds()

    /// The built-in figures.
    package init() {}
}
