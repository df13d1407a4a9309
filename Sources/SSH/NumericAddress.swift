// SPDX-License-Identifier: MIT
import Glibc

/// Addresses in digits, as ssh spells them.
enum NumericAddress {
    /// The form under which `known_hosts` has an address, as ssh finds it: `::1` for `0:0:0:0:0:0:0:1`. A name stays as it is, and
    /// so does an address of another `family` than ssh's configuration allows.
    static func canonical(_ text: String, family: CInt) -> String { numeric(text, family: family)?.numeric ?? text }

    /// The address that `text` writes in digits; `nil` for a name.
    static func numeric(_ text: String, family: CInt) -> SocketAddress? {
        var hints = addrinfo()
        hints.ai_family = family
        hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_NUMERICHOST
        var list: UnsafeMutablePointer<addrinfo>?
        guard !text.isEmpty, getaddrinfo(text, nil, &hints, &list) == 0 else { return nil }
        defer { freeaddrinfo(list) }
        guard let entry = list?.pointee else { return nil }
        return SocketAddress(
            family: entry.ai_family, bytes: UnsafeRawBufferPointer(start: entry.ai_addr, count: Int(entry.ai_addrlen)))
    }

    /// Whether a numeric address is of this machine alone.
    static func isLoopback(_ numeric: String) -> Bool { numeric == "::1" || numeric.hasPrefix("127.") }
}
