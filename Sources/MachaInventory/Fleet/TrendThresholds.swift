// SPDX-License-Identifier: MIT

/// Every figure at which the course of a reading becomes a finding. Shares are 0…1, stalls percent of time, times seconds.
package struct TrendThresholds: Hashable, Codable, Sendable {
    /// A file system that will be full within this time is a warning…
    package var diskFullWarning = 7.0 * 86_400
    /// …and within this time an emergency.
    package var diskFullCritical = 86_400.0

    /// How long something must last, without one better sample, to be sustained.
    package var sustainedSpan = 3600.0
    /// Processors busy for all of ``sustainedSpan``.
    package var cpuSustained = 0.95
    /// Memory that programs hold for all of it.
    package var memorySustained = 0.94
    /// Swap in use for all of it, while programs wait for memory.
    package var swapSustained = 0.8
    /// All tasks standing still for disks, for all of it.
    package var ioStallSustained = 25.0
    /// All tasks standing still for memory, for all of it.
    package var memoryStallSustained = 5.0

    /// Automatic restarts within a day, in at least three different hours, from which a service flaps.
    package var flappingRestarts = 4

    /// A figure this many times above the highest of its usual ones is unusual.
    package var unusualFactor = 1.5
    /// Lines an hour, whatever they say, from which the journal is flooded.
    package var logFlood = 50_000
    /// Errors in an hour below which there is no burst.
    package var logBurst = 60
    /// How often more than in any hour of the last four weeks make a burst.
    package var logBurstFactor = 3.0
    /// How long a host must have been watched before anything on it can be called new or unusual.
    package var learningSpan = 3.0 * 86_400

    /// A clock that differs by more from what the host's own uptime says has jumped.
    package var clockJump = 30.0
    /// How long an event (a reboot, a jump of the clock) is shown after it was noticed.
    package var eventSpan = 86_400.0

    /// The built-in figures.
    package init() {}
}
