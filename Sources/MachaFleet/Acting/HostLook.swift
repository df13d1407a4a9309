// SPDX-License-Identifier: MIT
package import MachaCore

/// What a change of the whole system is judged by, before and after: which system runs, and what has failed.
package struct HostLook: Hashable, Codable, Sendable {
    /// New with every boot.
    package var boot: String
    /// Store path of the running system; `nil` where there is none.
    package var current: String?
    /// Store path of what the next boot starts.
    package var profile: String?
    /// Names of failed units.
    package var failed: [String]

    /// A constant script: nothing is put into it.
    package static let command = Command(
        "sh", ["-s"],
        input: Array(
            """
            look() {
                export LC_ALL=C
                PATH=${PATH:+$PATH:}/run/current-system/sw/bin:/usr/local/bin:/usr/bin:/bin
                printf 'boot=%s\\n' "$(cat /proc/sys/kernel/random/boot_id)"
                printf 'current=%s\\n' "$(readlink -f /run/current-system)"
                printf 'profile=%s\\n' "$(readlink -f /nix/var/nix/profiles/system)"
                systemctl list-units --state=failed --plain --no-legend --no-pager |
                    while read -r unit rest; do printf 'failed=%s\\n' "$unit"; done
                echo end=1
            }
            look
            """.utf8), outputLimit: 1 << 20)

    /// `nil` when the answer is not whole.
    package init?(_ output: [UInt8]) {
        let lines = String(decoding: output, as: UTF8.self).split(separator: "\n").map {
            $0.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        }
        func value(_ key: String) -> String? {
            lines.first { $0.count == 2 && $0[0] == key }.flatMap { $0[1].isEmpty ? nil : $0[1] }
        }
        guard value("end") == "1", let boot = value("boot") else { return nil }
        self.boot = boot
        current = value("current")
        profile = value("profile")
        failed = lines.filter { $0.count == 2 && $0[0] == "failed" }.map { $0[1] }.sorted()
    }

    /// Units that failed since `earlier`, leaving out what Macha itself started.
    package func failedSince(_ earlier: HostLook) -> [String] {
        failed.filter { !earlier.failed.contains($0) && !$0.hasPrefix("macha-") }
    }
}
