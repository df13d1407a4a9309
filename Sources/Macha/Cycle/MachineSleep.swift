// SPDX-License-Identifier: MIT
import Glibc

/// How long this machine slept.
enum MachineSleep {
    /// Since it was booted: only one of the two clocks goes on while it sleeps (clock_gettime(2)).
    static var total: Duration { reading(CLOCK_BOOTTIME) - reading(CLOCK_MONOTONIC) }

    private static func reading(_ clock: clockid_t) -> Duration {
        var time = timespec()
        clock_gettime(clock, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}
