// SPDX-License-Identifier: MIT
import Dispatch
import Glibc

/// Names to addresses, off the reactor: `getaddrinfo` blocks for as long as the name servers like.
enum Resolver {
    /// What a look-up gave: addresses in the order of RFC 6724, or the library's reason.
    enum Outcome: Sendable {
        case addresses([SocketAddress])
        case failed(String)
    }

    /// Looks `name` up. A numeric address is answered at once. The look-up itself cannot be cancelled; `nil` when
    /// `deadline` passes or the task is cancelled first (then `wake` tells which).
    static func addresses(
        of name: String, port: UInt16, family: CInt, on reactor: Reactor, until deadline: ContinuousClock.Instant
    ) async -> (wake: Reactor.Wake, outcome: Outcome?) {
        if case .addresses(let found) = lookUp(name, port, family, flags: AI_NUMERICHOST) {
            return (.ready, .addresses(found))
        }
        let box = Box()
        let id = reactor.makeID()
        // A queue of its own gets a thread at once. The global queue has as many as there are processors and adds to blocked
        // ones by the second, so that a few names whose servers are silent would delay every other name.
        DispatchQueue(label: "macha.resolve").async {
            let outcome = lookUp(name, port, family, flags: AI_ADDRCONFIG)
            reactor.post { reactor in
                box.outcome = outcome
                reactor.wake(id)
            }
        }
        let wake = await reactor.park(id, until: deadline)
        return (wake, box.outcome)
    }

    /// Carries the outcome back. @unchecked: read and written on the reactor's thread only.
    private final class Box: @unchecked Sendable {
        var outcome: Outcome?
    }

    private static func lookUp(_ name: String, _ port: UInt16, _ family: CInt, flags: CInt) -> Outcome {
        var hints = addrinfo()
        hints.ai_family = family
        hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        hints.ai_flags = flags | AI_NUMERICSERV
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(name, String(port), &hints, &list)
        guard status == 0 else { return .failed(String(cString: gai_strerror(status))) }
        defer { freeaddrinfo(list) }
        var found: [SocketAddress] = []
        var next = list
        while let entry = next?.pointee {
            let bytes = UnsafeRawBufferPointer(start: entry.ai_addr, count: Int(entry.ai_addrlen))
            found.append(SocketAddress(family: entry.ai_family, bytes: bytes))
            next = entry.ai_next
        }
        return .addresses(found)
    }
}
