// SPDX-License-Identifier: MIT
import Glibc

/// Bounds that a person has set for ssh and that hold for us as well (ssh_config(5)). Empty ones restrict nothing.
package struct SSHRestrictions: Hashable, Sendable {
    package enum AddressFamily: Hashable, Sendable { case any, inet, inet6 }

    /// AddressFamily
    package var addressFamily = AddressFamily.any
    /// BindAddress, in digits: where connections come from.
    package var bindAddress: String?
    /// RequiredRSASize: host keys of RSA with fewer bits are refused.
    package var shortestRSA = HostKey.shortestRSA
    /// KexAlgorithms, Ciphers, MACs, HostKeyAlgorithms; `nil` allows all that we speak.
    package var keyExchanges: Set<String>?
    package var ciphers: Set<String>?
    package var macs: Set<String>?
    package var hostKeys: Set<String>?

    package init() {}

    /// Whether `text` is an address in digits.
    package static func isNumeric(_ text: String) -> Bool { NumericAddress.numeric(text, family: AF_UNSPEC) != nil }

    var family: CInt {
        switch addressFamily {
        case .any: AF_UNSPEC
        case .inet: AF_INET
        case .inet6: AF_INET6
        }
    }

    /// What of our algorithms is left, and the kind of which none is.
    package var offered: AlgorithmOffer {
        var offer = Algorithms.offered
        func narrow(_ names: inout [String], to allowed: Set<String>?) {
            if let allowed { names.removeAll { !allowed.contains($0) } }
        }
        narrow(&offer.keyExchanges, to: keyExchanges)
        narrow(&offer.ciphers, to: ciphers)
        narrow(&offer.macs, to: macs)
        narrow(&offer.hostKeys, to: hostKeys)
        return offer
    }

    /// The directive that leaves nothing of what we speak; `nil` when each leaves something.
    package var impossible: (directive: String, ours: [String])? {
        let (all, left) = (Algorithms.offered, offered)
        let needsMAC = !left.ciphers.allSatisfy(Algorithms.needsNoMAC)
        let lists: [(String, [String], [String])] = [
            ("KexAlgorithms", all.keyExchanges, left.keyExchanges), ("Ciphers", all.ciphers, left.ciphers),
            ("HostKeyAlgorithms", all.hostKeys, left.hostKeys), ("MACs", all.macs, needsMAC ? left.macs : all.macs),
        ]
        return lists.first { $0.2.isEmpty }.map { ($0.0, $0.1) }
    }
}
