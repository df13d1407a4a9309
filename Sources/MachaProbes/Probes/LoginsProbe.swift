// SPDX-License-Identifier: MIT

/// Logins over SSH that were refused in the last hour, by address, counted on the host.
///
/// OpenSSH logs as `sshd-session` since 9.8, as `sshd` before. A user name is the guest's own text and may hold
/// ` from 192.0.2.1 port 22`, so the last such words of a line count.
package enum LoginsProbe: ProbeOfTheJournal {
    package static let name = "logins"
    package static let byteLimit = 16 * 1024
    /// Lines looked at; a flood beyond is told as that many.
    package static let lineLimit = 50_000
    package static let script = #"""
        \#(JournalAccess.script) || exit
        take_time
        printf 'Now=%s\n' "$now"
        journalctl -q -t sshd -t sshd-session --since=-1h -n \#(lineLimit) -o cat --no-pager | awk '
            function source(    i, at) {
                at = 0
                for (i = 2; i < NF; i++) if ($i == "port") at = i - 1
                if (!at) for (i = 1; i < NF; i++) if ($i == "from") at = i + 1
                return at ? $at : "unknown"
            }
            { lines++ }
            /^Invalid user / || (/^Failed [a-z\/-]+ for / && !/^Failed [a-z\/-]+ for invalid user /) ||
            /^Connection (closed|reset) by authenticating user / || /^error: PAM: Authentication failure / {
                from = source(); failed++; refused[from]++
            }
            /^Accepted / { from = source(); if ((from in refused) && 20 <= refused[from]) accepted[from]++ }
            END {
                for (from in refused) addresses++
                printf "Lines=%d\nFailed=%d\nAddresses=%d\n", lines, failed, addresses
                for (n = 0; n < 20; n++) {
                    worst = ""
                    for (from in refused)
                        if (worst == "" || accepted[worst] < accepted[from] ||
                            accepted[worst] == accepted[from] && refused[worst] < refused[from]) worst = from
                    if (worst == "") break
                    printf "From=%d %d %s\n", refused[worst], accepted[worst], worst
                    delete refused[worst]
                }
                print "end"
            }'
        """#

    package static func parse(_ body: String) throws(ProbeFailure) -> LoginsState {
        let lines = ProbeText.lines(body)
        let fields = ProbeText.fields(body)
        guard lines.last == "end", let seen = number(fields["Lines"], lineLimit),
            let failed = number(fields["Failed"], seen), let addresses = number(fields["Addresses"], failed)
        else { throw ProbeText.unparsable("counts of logins", body) }
        let sources = lines.filter { $0.hasPrefix("From=") }.compactMap { line -> LoginsState.Source? in
            let words = line.dropFirst(5).split(separator: " ", maxSplits: 2)
            guard words.count == 3, let refused = number(String(words[0]), failed), refused > 0,
                let accepted = number(String(words[1]), seen)
            else { return nil }
            return LoginsState.Source(
                address: String(words[2].prefix(100)), refused: refused, acceptedAfterwards: accepted)
        }
        guard sources.count == min(addresses, 20), sources.map(\.refused).reduce(0, +) <= failed else {
            throw ProbeText.unparsable("addresses", body)
        }
        return LoginsState(failed: failed, addresses: addresses, sources: sources, isBounded: seen >= lineLimit)
    }

    private static func number(_ text: String?, _ limit: Int) -> Int? {
        text.flatMap { Int($0) }.flatMap { (0...limit).contains($0) ? $0 : nil }
    }
}

/// Source: what sshd logs at its usual level INFO (auth.c, auth2.c, packet.c of OpenSSH).
package struct LoginsState: Hashable, Codable, Sendable {
    package struct Source: Hashable, Codable, Sendable {
        package var address: String
        /// Refused attempts in the last hour.
        package var refused: Int
        /// Logins that were let in after at least twenty refused ones from the same address.
        package var acceptedAfterwards: Int
    }

    /// Refused attempts in the last hour, from anywhere.
    package var failed: Int
    /// How many addresses they came from.
    package var addresses: Int
    /// At most 20: who got in afterwards first, then the most persistent.
    package var sources: [Source]
    /// There was more than is counted.
    package var isBounded: Bool
}
