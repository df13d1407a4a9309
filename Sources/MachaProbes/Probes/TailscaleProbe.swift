// SPDX-License-Identifier: MIT

/// Whether the host is logged in to its tailnet, and until when. Absent (`nil`) without tailscale.
package enum TailscaleProbe: Probe {
    package static let name = "tailscale"
    package static let byteLimit = 64 * 1024
    package static let script = """
        command -v tailscale >/dev/null || { echo absent; exit 0; }
        take_time
        printf 'Now=%s\\n' "$now"
        tailscale status --json --peers=false
        """

    package static func parse(_ body: String) throws(ProbeFailure) -> TailscaleState? {
        if ProbeText.isAbsent(body) { return nil }
        guard let line = body.firstIndex(of: "\n"), body.hasPrefix("Now="),
            let now = ProbeText.clock(body[..<line].dropFirst(4)), let status = LooseJSON(body[line...]),
            let backend = status["BackendState"]?.string
        else { throw ProbeText.unparsable("tailscale status", body) }
        let own = status["Self"]
        let expiry = own?["KeyExpiry"]?.string
        let time = ProbeText.moment(rfc3339: expiry)
        // A date that is there and not understood must not look like a key without expiry.
        if let expiry, time == nil, !expiry.hasPrefix("0001-") { throw ProbeText.unparsable("KeyExpiry", expiry) }
        return TailscaleState(
            backend: backend, keyExpiry: time, isOnline: own?["Online"]?.bool,
            health: (status["Health"]?.items ?? []).prefix(10).compactMap { $0.string.map { String($0.prefix(300)) } },
            observedAt: now)
    }
}

/// Source: `tailscale status --json` (ipn/ipnstate.Status).
package struct TailscaleState: Hashable, Codable, Sendable {
    /// `Running`, `NeedsLogin`, `NeedsMachineAuth`, `Stopped`, `Starting`, `NoState`.
    package var backend: String
    /// When the node's key ends, in seconds since 1970; `nil` for a key that does not.
    package var keyExpiry: Int?
    /// Whether the control server sees it.
    package var isOnline: Bool?
    /// What tailscale itself complains of.
    package var health: [String]
    /// The host's clock when it was asked, in seconds since 1970.
    package var observedAt: Int
}
