// SPDX-License-Identifier: MIT
import MachaInventory
import MachaModel

/// The candidates as an inventory that the loader takes.
extension HostScan {
    /// The candidates as lines of an inventory.
    package func yaml(_ candidates: [Candidate]) -> [String] { Self.lines(candidates) }

    static func lines(_ candidates: [Candidate]) -> [String] {
        guard !candidates.isEmpty else { return ["# no host that the inventory does not have already"] }
        return ["hosts:"]
            + candidates.map { candidate in
                var settings = ["address: \(quoted(candidate.address))"]
                if candidate.port != 22 { settings.append("port: \(candidate.port)") }
                if let user = candidate.user { settings.append("user: \(quoted(user))") }
                if let file = candidate.identityFile { settings.append("identity-file: \(quoted(file))") }
                if let jump = candidate.jump { settings.append("jump: \(quoted(jump))") }
                return "  \(candidate.name): { \(settings.joined(separator: ", ")) }  # \(candidate.file.printable())"
            }
    }

    /// Whether the loader takes the candidate, on its own and without its jump, which may be another candidate.
    func isFit(_ candidate: Candidate) -> Bool {
        var alone = candidate
        (alone.jump, alone.name) = (nil, "candidate")
        guard let host = Self.load([alone]).hosts.first, case .ssh(let endpoint) = host.connection else { return false }
        // Of what the loader makes something else, as it does of `null`, there is no writing it down.
        return endpoint.address == candidate.address && Int(endpoint.port) == candidate.port
            && (candidate.user ?? endpoint.user) == endpoint.user
    }

    /// Jumps by the names that the hosts have in the inventory; what is no name there is written as a place.
    func withJumps(_ hosts: [Found]) -> [Candidate] {
        let names = Dictionary(
            hosts.compactMap { host in host.alias.map { ($0, host.candidate.name) } },
            uniquingKeysWith: { first, _ in first })
        return hosts.map { host in
            var candidate = host.candidate
            candidate.jump = candidate.jump.map { names[$0] ?? host.jumpPlace ?? $0 }
            return candidate
        }
    }

    /// The candidates without those that the loader refuses together with the others: a jump that goes in a circle, say.
    func loadable(_ candidates: [Candidate]) -> [Candidate] {
        var rest = candidates
        while !rest.isEmpty {
            let mistaken = Self.load(rest).mistaken
            if mistaken.isEmpty { return rest }
            rest = rest.enumerated().filter { !mistaken.contains($0.offset) }.map(\.element)
        }
        return rest
    }

    /// What the loader makes of candidates, and which of them it refuses; all of them when it does not say which.
    private static func load(_ candidates: [Candidate]) -> (hosts: [FleetHost], mistaken: Set<Int>) {
        let text = lines(candidates).joined(separator: "\n") + "\n"
        do throws(InventoryError) {
            return (try Inventory.parse(sources: [("scan", text)], home: "/home/user", user: "user").hosts, [])
        } catch {
            let places = error.mistakes.map { $0.position.line - 2 }
            return ([], places.allSatisfy(candidates.indices.contains) ? Set(places) : Set(candidates.indices))
        }
    }

    // MARK: Names

    /// What the inventory may call the host: the first part of a name, the whole of an address.
    static func shortName(_ address: String) -> String {
        plainName(isAddress(Substring(address)) ? address : String(address.split(separator: ".").first ?? ""))
    }

    /// The short name, or where that is taken the long one, the long one with the port, and at last one with a number.
    static func freeName(for host: Found, taken: Set<String>) -> String {
        let long = plainName(host.alias ?? host.candidate.address)
        let longer = [host.candidate.name, long, "\(long)-\(host.candidate.port)"]
        let numbered = (2...).lazy.map { "\(long)-\($0)" }
        let isFree = { (name: String) in !name.isEmpty && name != "all" && name != "none" && !taken.contains(name) }
        return longer.first(where: isFree) ?? numbered.first(where: isFree) ?? long
    }

    private static func plainName(_ text: String) -> String {
        let plain = text.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
        let name = String(String(plain).drop { $0 == "-" }.prefix(200))
        return name.isEmpty ? "host" : name
    }

    /// As a YAML scalar: bare where every character is plain and nothing else is meant by it, else in double quotes.
    static func quoted(_ text: String) -> String {
        let isPlain = text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-/@".contains($0)) }
        let begins = text.first.map { $0.isLetter || $0 == "/" } ?? false
        if isPlain, begins, !words.contains(text.lowercased()) { return text }
        if text.hasPrefix("~/"),
            text.dropFirst(2).allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "._-/".contains($0)) })
        {
            return text
        }
        return "\"" + text.flatMap { $0 == "\"" || $0 == "\\" ? ["\\", $0] : [$0] } + "\""
    }

    private static let words: Set<String> = ["true", "false", "yes", "no", "on", "off", "null", "none", "y", "n"]
}
