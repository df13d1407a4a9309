// SPDX-License-Identifier: MIT
import MachaInventory
import MachaModel
import struct Foundation.Date

/// The rules that look at what was done before.
extension Question {
    /// Of this host, this target and this kind of action; a restart and a start are one kind, since both bring a unit up.
    private var earlier: [ActionRecord] {
        context.history.filter { record in
            isHere(record) && record.target == action.target && record.kind.countsAs(action.kind)
        }
    }

    var interrupted: Decision? {
        guard let last = earlier.max(by: { $0.startedAt < $1.startedAt }), last.outcome == .interrupted else {
            return nil
        }
        return Decision(
            .ask, .interrupted, "the outcome of the last attempt is unknown; approval required")
    }

    var cooldown: Decision? {
        guard let last = earlier.map(\.startedAt).max() else { return nil }
        // A clock that was set back must not end a cooldown early, nor keep one up for years: a little, and it begins once
        // more; by more than a cooldown, and it is unknown how long ago it was.
        let age = context.now.timeIntervalSince(last)
        guard age > -Double(max(terms.cooldown, 60)) else {
            return Decision(
                .ask, .cooldown,
                "the last attempt is dated in the future, so its age is unknown; "
                    + "approval required")
        }
        let left = Double(terms.cooldown) - max(0, age)
        guard left > 0 else { return nil }
        let span = ActionSpan(seconds: Int(left.rounded(.up)))
        return Decision(
            isAutomatic ? .refuse : .ask, .cooldown, "it was done a short time ago; the cooldown ends in \(span)")
    }

    var restartLoop: Decision? {
        let count = earlier.count { isRecent($0, within: context.limits.loopSpan) }
        guard count >= context.limits.loopCount else { return nil }
        let span = ActionSpan(seconds: context.limits.loopSpan)
        return Decision(
            .ask, .restartLoop, "it was done \(count) times within \(span) and did not last; approval required")
    }

    var hostRate: Decision? {
        guard isAutomatic else { return nil }
        let own = automatic.filter { isHere($0) }
        if own.count >= context.limits.perHost {
            return Decision(
                .ask, .hostRate,
                "\(own.count) automatic actions on this host within an hour are the limit; approval required")
        }
        guard let limit = terms.perHour, let playbook else { return nil }
        let runs = Set(own.filter { $0.playbook == playbook }.map(\.startedAt)).count
        guard runs >= limit else { return nil }
        return Decision(.ask, .hostRate, "the playbook's limit is \(limit) an hour on a host; approval required")
    }

    var fleetRate: Decision? {
        guard isAutomatic, automatic.count >= context.limits.perFleet else { return nil }
        return Decision(
            .ask, .fleetRate,
            "\(automatic.count) automatic actions in the fleet within an hour are the limit; approval required")
    }

    var hostBusy: Decision? {
        let running = context.history.first { record in
            isHere(record) && record.outcome == .running && record.footprint == .changes
        }
        return running.map { record in
            Decision(
                .refuse, .hostBusy,
                "\(record.kind.rawValue) \(record.target.printable(limit: 60)) is running on this host; only one change at a time"
            )
        }
    }

    /// Done on this machine, under whatever name.
    private func isHere(_ record: ActionRecord) -> Bool {
        record.concerns(context.host.name, context.machine)
    }

    private var automatic: [ActionRecord] {
        context.history.filter { $0.isAutomatic && $0.footprint == .changes && isRecent($0, within: 3600) }
    }

    private func isRecent(_ record: ActionRecord, within seconds: Int) -> Bool {
        context.now.timeIntervalSince(record.startedAt) < Double(seconds)
    }
}
