// SPDX-License-Identifier: MIT
import Glibc
import MachaModel

/// Two names in an inventory that lead to the same place: one machine would be acted on twice, and what one name protects
/// the other would not.
///
/// The same address and port by the same way are the same place. Another port is another one (NAT, containers), and so is the
/// same private address behind another jump host. Where one of two ports is left to ssh's configuration, nobody knows yet;
/// what is one machine behind two addresses is found once both have answered.
enum DuplicateEndpoints {
    private struct Place: Hashable {
        var address: String
        var port: UInt16
        var isPortOpen: Bool
        var jump: String?
    }

    static func mistakes(among hosts: [ResolvedHost]) -> [Mistake] {
        var first: [Place: ResolvedHost] = [:]
        var mistakes: [Mistake] = []
        for host in hosts {
            let place = place(of: host)
            guard let other = first[place] else {
                first[place] = host
                continue
            }
            // The same name twice is a mistake of its own.
            guard other.name != host.name, let position = host.position, let earlier = other.position else { continue }
            let same =
                host.isLocal.value
                ? "are both this controller" : "have the same address \(place.address) and port \(place.port)"
            mistakes.append(
                Mistake(
                    "hosts \(other.name.quoted) (\(earlier)) and \(host.name.quoted) \(same); a machine has one name: "
                        + "remove one of them, or give it its own address, port or jump host", at: position))
        }
        return mistakes
    }

    private static func place(of host: ResolvedHost) -> Place {
        guard !host.isLocal.value else { return Place(address: "", port: 0, isPortOpen: false, jump: nil) }
        return Place(
            address: canonical(host.address.value), port: host.port.value, isPortOpen: host.port.origin == .builtIn,
            jump: host.jump.value)
    }

    /// One spelling for each address: lower case, no final dot, and IP addresses as inet_ntop(3) writes them.
    private static func canonical(_ address: String) -> String {
        var name = address.lowercased()
        if name.hasSuffix(".") { name.removeLast() }
        var four = in_addr()
        // As getaddrinfo(3) reads them: 127.1 and 0x7f000001 are addresses too.
        if inet_aton(name, &four) != 0 { return text(AF_INET, &four) }
        var six = in6_addr()
        guard inet_pton(AF_INET6, name, &six) == 1 else { return name }
        let text = text(AF_INET6, &six)
        let mapped = "::ffff:"
        return text.hasPrefix(mapped) && text.contains(".") ? String(text.dropFirst(mapped.count)) : text
    }

    private static func text(_ family: CInt, _ address: UnsafeRawPointer) -> String {
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(family, address, &buffer, socklen_t(buffer.count)) != nil else { return "" }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
