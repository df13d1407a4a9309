// SPDX-License-Identifier: MIT
package import MachaActions
package import MachaModel

extension HostSession {
    /// Rounds of questions after which a chain of units counts as unknown, and units asked about at most.
    private static let depth = 8
    private static let most = 300

    /// What systemd would stop, restart or end along with each of `units`, as the host says now. It only reads.
    package func companions(of units: [UnitName]) async -> Companions {
        var answers: [UnitName: Companions.Answer] = [:]
        for unit in units { answers[unit] = await companions(of: unit) }
        return Companions(answers)
    }

    private func companions(of unit: UnitName) async -> Companions.Answer {
        var known: [String: UnitLinks] = [:]
        var next: Set<String> = [unit.description]
        var moved: Set<String> = []
        var ending: String?
        var rounds = 0
        while !next.isEmpty {
            guard rounds < Self.depth, known.count + next.count <= Self.most else {
                return .unknown("too many units depend on it")
            }
            rounds += 1
            let asked = next.sorted()
            let links: [UnitLinks]
            do throws(ContactFailure) {
                guard let read = UnitLinks.read(try await look(UnitLinks.question(asked))) else {
                    return .unknown("the host does not say")
                }
                links = read
            } catch {
                return .unknown(error.message.printable(limit: 200))
            }
            next = []
            for name in asked {
                guard let own = links.first(where: { $0.names.contains(name) }) else {
                    return .unknown("the host does not say what \(name.printable(limit: 80)) is")
                }
                known[name] = own
                let isFirst = name == unit.description
                // What does not run is not stopped, and takes nothing with it.
                guard isFirst || own.isActive else { continue }
                if isFirst {
                    ending = own.ending
                    next.formUnion(own.displaced)
                    if own.id != name { moved.insert(own.id) }
                } else {
                    moved.insert(own.id)
                }
                next.formUnion(own.followers)
            }
            next.subtract(known.keys)
        }
        moved.remove(unit.description)
        var named: [UnitName] = []
        for name in moved.sorted() {
            guard let other = try? UnitName(name) else { return .unknown("\(name.quoted) is not a unit name") }
            named.append(other)
        }
        return .known(named, ending: ending)
    }
}
