// SPDX-License-Identifier: MIT
import Glibc

/// What the process asks of the system before it begins.
enum ProcessLimits {
    static func prepare() {
        // A reader that leaves (`macha status | head`) is met as an error of write(2), not as a death.
        signal(SIGPIPE, SIG_IGN)
        // A session is a descriptor, and the soft limit is 1,024 on most systems; the hard one is ours to use.
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
