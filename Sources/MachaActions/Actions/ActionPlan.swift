// SPDX-License-Identifier: MIT
package import MachaModel

/// One command of a plan, for a host.
package struct PlannedCommand: Hashable, Sendable {
    package var command: Command
    /// Through `sudo -n` unless the login is root.
    package var asRoot: Bool
    /// It takes long, or may cut the connection it came by, so it runs as a transient unit on the host
    /// (``DetachedRun``) and is read back.
    package var isDetached: Bool
    /// Seconds after which it counts as hanging.
    package var timeout: Int
    /// Exit statuses that let the plan go on; what is true then is for the verification to say.
    package var accepted: Set<Int32>

    package init(
        _ program: String, _ arguments: [String], asRoot: Bool = true, isDetached: Bool = false, timeout: Int = 90,
        accepted: Set<Int32> = [0]
    ) {
        command = Command(program, arguments, outputLimit: 1 << 20)
        self.asRoot = asRoot
        self.isDetached = isDetached
        self.timeout = timeout
        self.accepted = accepted
    }

    /// What is sent, word by word.
    package var words: [String] { (asRoot ? ["sudo", "-n", "--"] : []) + command.words }
}

/// What undoes an action.
package enum WayBack: Hashable, Sendable {
    /// Nothing has to be undone, and why.
    case notNeeded(String)
    case commands([PlannedCommand], String)
    /// The host returns by itself unless told otherwise; see ``ActionPlan/arm``.
    case deadMan(String)
    /// There is none, and why; such an action is never of low risk without a reason.
    case none(String)

    /// In words; one line.
    package var description: String {
        switch self {
        case .notNeeded(let text), .commands(_, let text), .deadMan(let text), .none(let text): text
        }
    }
}

/// Everything an action becomes: what is asked before, what is run, what proves it, what undoes it.
///
/// In this order: `checks` must hold; every command of ``look`` runs and is shown, and what an activation would touch
/// raises the risk; ``arm`` starts the host's own way back; ``act``; then each of `proofs` at each of ``looksAfter``,
/// over a new connection if ``needsNewConnection``. If all hold, ``disarm`` and ``keep`` run and `keepProofs` must hold;
/// if not, the way back is taken.
package struct ActionPlan: Hashable, Sendable {
    package var checks: [Check] = []
    package var look: [PlannedCommand] = []
    package var arm: [PlannedCommand] = []
    package var act: [PlannedCommand] = []
    package var proofs: [Check] = []
    /// Seconds after the act at which the proofs are looked at, ascending. A unit can die a moment after its start.
    package var looksAfter: [Int] = [0]
    package var disarm: [PlannedCommand] = []
    package var keep: [PlannedCommand] = []
    package var keepProofs: [Check] = []
    package var wayBack: WayBack
    /// The link that carried the action proves nothing about the network it may have changed.
    package var needsNewConnection = false

    /// Every command with its role, in the order of running; what an approver is shown and the hash is made of.
    package var commands: [(role: String, command: PlannedCommand)] {
        let back: [PlannedCommand] = if case .commands(let commands, _) = wayBack { commands } else { [] }
        return look.map { ("look", $0) } + arm.map { ("arm", $0) } + act.map { ("act", $0) }
            + disarm.map { ("disarm", $0) } + keep.map { ("keep", $0) } + back.map { ("undo", $0) }
    }
}

/// Why an action has no plan on a host at all.
package struct PlanRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// Starts lower case; what is refused, and the remedy.
    package let description: String
}
