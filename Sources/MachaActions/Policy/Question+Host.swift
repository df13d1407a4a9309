// SPDX-License-Identifier: MIT
import MachaFindings
import MachaInventory
import MachaModel

/// The rules that look at the host and at what is touched on it.
extension Question {
    var impossible: Decision? {
        if action.isOwnersOnly, playbook == nil, case .model = requester {
            return Decision(.refuse, .impossible, "a model cannot write commands; it can name a playbook")
        }
        if action.isNeverOnController, context.host.connection == .local {
            return Decision(
                .refuse, .impossible, "the controller does not \(action.kind.rawValue) itself; a person can")
        }
        return nil
    }

    var protectedUnit: Decision? {
        let protection = ProtectedUnits(adding: context.host.protectedUnits)
        var touched: [(name: String, reason: String, isNamed: Bool)] = []
        func touch(_ units: [UnitName], _ how: String) {
            touched += units.compactMap { unit in
                protection.reason(for: unit).map {
                    ("\(unit)\(how)", $0, ProtectedUnits.fits(any: terms.protectedUnits, unit))
                }
            }
        }
        touch(action.namedUnits, "")
        touched += action.namedPatterns.compactMap { pattern in
            protection.reason(forPattern: pattern).map { (pattern.quoted, $0, false) }
        }
        touch(companions, ", which systemd would also change,")
        return touched.map { unit in
            let mayAsk = !isAutomatic || unit.isNamed
            let remedy = mayAsk ? "approval required" : "it is never changed automatically"
            return Decision(
                mayAsk ? .ask : .refuse, .protectedUnit, "\(unit.name) is protected (\(unit.reason)); \(remedy)")
        }.reduce(nil as Decision?) { worst, next in worst.map { $0.or(next) } ?? next }
    }

    var protectedHost: Decision? {
        guard context.host.isProtected else { return nil }
        return Decision(
            .ask, .protectedHost, "the inventory protects \(context.host.name.quoted); approval required")
    }

    var untrustedHost: Decision? {
        guard case .untrusted = context.standing else { return nil }
        return Decision(
            .refuse, .untrustedHost, "the host's key is not trusted, so nothing is sent; see 'macha hosts trust'")
    }

    var unknownState: Decision? {
        guard case .unknown(let reason) = context.standing else { return nil }
        return Decision(.refuse, .unknownState, "the host's state is unknown: \(reason)")
    }

    var maxUnavailable: Decision? {
        guard action.isDisruptive else { return nil }
        for standing in context.groups {
            guard let limit = standing.group.maxUnavailable else { continue }
            let name = standing.group.name.quoted
            let changing = standing.changing.subtracting([context.host.name])
            if changing.count >= limit {
                return Decision(
                    .refuse, .maxUnavailable,
                    "group \(name) allows \(limit) down at a time, and \(listed(changing)) is being changed")
            }
            let missing = changing.union(standing.down).subtracting([context.host.name])
            if missing.count >= limit {
                return Decision(
                    isAutomatic ? .refuse : .ask, .maxUnavailable,
                    "group \(name) allows \(limit) down at a time, and \(listed(missing)) may be down")
            }
        }
        return nil
    }

    private func listed(_ hosts: Set<String>) -> String {
        let names = hosts.sorted { $0.naturallyPrecedes($1) }
        return names.prefix(3).joined(separator: ", ") + (names.count > 3 ? " and \(names.count - 3) more" : "")
    }

    var quietHours: Decision? {
        guard isAutomatic, let hours = context.host.quietHours else { return nil }
        let isInside = context.localMinute.map { hours.contains(minute: $0) }
        switch (isInside, terms.isForQuietHours) {
        case (true?, true), (false?, false): return nil
        case (true?, false):
            return Decision(.ask, .quietHours, "the host is in its quiet hours; approval required")
        case (false?, true):
            return Decision(.ask, .quietHours, "it is meant for the host's quiet hours; to run it now, approve it")
        case (nil, _):
            return Decision(
                .ask, .quietHours, "it is unknown whether the host is in its quiet hours; approval required")
        }
    }

    var paused: Decision? {
        let names = [context.host.name] + context.otherNames
        guard let pause = names.lazy.compactMap({ context.pause.entry(for: $0) }).first else { return nil }
        let what = context.pause.fleet == nil ? "the host" : "the fleet"
        let reason = pause.reason.isEmpty ? "" : " (\(pause.reason))"
        return Decision(.refuse, .paused, "\(what) is paused by \(pause.by)\(reason); 'macha resume' ends it")
    }

    /// A person may act on a host where people are at work; nothing is done there unasked.
    var maintenance: Decision? {
        guard isAutomatic else { return nil }
        switch context.maintenance {
        case .off: return nil
        case .window(let window):
            let reason = window.reason.raw.isEmpty ? "" : " (\(window.reason.raw))"
            return Decision(
                .refuse, .maintenance,
                "the host is in maintenance by \(window.by)\(reason); 'macha maintenance end' ends it")
        case .hours(let hours):
            return Decision(.refuse, .maintenance, "it is one of the host's hours of maintenance (\(hours.text))")
        case .unknown:
            return Decision(
                .refuse, .maintenance, "it is unknown whether this is one of the host's hours of maintenance")
        }
    }

    /// What playbooks ask for by their own conditions needs no model. Whatever else one asks for was put into its mouth by
    /// what it read, for all we know, so only a person can start it.
    static func fromModel(_ requester: Requester) -> Decision? {
        guard case .model = requester else { return nil }
        return Decision(
            .ask, .modelProposal,
            "only \(requester) proposes it, and no playbook's own conditions match; approval required")
    }

    var playbookAutonomy: Decision? {
        guard isAutomatic, context.host.autonomy < terms.autonomy else { return nil }
        return Decision(
            .ask, .playbookAutonomy,
            "the playbook needs \(terms.autonomy.rawValue) to run by itself; the host is set to \(context.host.autonomy.rawValue)"
        )
    }
}
