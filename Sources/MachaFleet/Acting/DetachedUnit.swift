// SPDX-License-Identifier: MIT
package import MachaCore

/// A command that runs on a host as a transient systemd unit: it outlives the connection that started it, its name is
/// known before it starts, and systemd refuses a second start of the same name.
///
/// Source: systemd-run(1). Without `--pipe` its output goes to the journal, so a lost link does not end it with EPIPE;
/// `RemainAfterExit` keeps the unit, and with it the result, until it is cleared.
package struct DetachedUnit: Hashable, Sendable {
    /// Without suffix: `macha-4f2a91c0-12`.
    package let name: String

    package init(_ name: String) { self.name = name }

    /// Starts `words` now. To be run as root.
    package func start(_ words: [String]) -> Command {
        Command("systemd-run", ["--unit=\(name)", "--property=RemainAfterExit=yes", "--quiet", "--"] + words)
    }

    /// Starts `words` after `seconds`, on time. To be run as root.
    ///
    /// Without `AccuracySec` systemd may fire a timer up to a minute late (systemd.timer(5)).
    package func start(_ words: [String], after seconds: Int) -> Command {
        Command(
            "systemd-run",
            ["--on-active=\(seconds)s", "--timer-property=AccuracySec=1s", "--unit=\(name)", "--quiet", "--"] + words)
    }

    /// What has become of it.
    package enum State: Hashable, Sendable {
        /// systemd does not know the name: never started, cleared, or gone with a reboot.
        case absent
        case running
        /// 0…255; a signal counts as 128 and its number.
        case ended(status: Int)
    }

    /// Asks for the state.
    package var look: Command {
        let properties = ["LoadState", "ActiveState", "SubState", "ExecMainCode", "ExecMainStatus", "InvocationID"]
        return Command(
            "systemctl", ["show"] + properties.flatMap { ["-p", $0] } + ["--", "\(name).service"], outputLimit: 65_536)
    }

    /// The state, and the invocation under which the journal keeps the output; `nil` when `output` is no answer.
    package static func state(_ output: [UInt8]) -> (state: State, invocation: String?)? {
        guard let fields = SystemdAnswer.blocks(output).first, let load = fields["LoadState"],
            let active = fields["ActiveState"], let sub = fields["SubState"]
        else { return nil }
        let invocation = SystemdAnswer.present(fields["InvocationID"])
        if load == "not-found" || (active == "inactive" && invocation == nil) { return (.absent, nil) }
        let isOver = active == "failed" || active == "inactive" || (active == "active" && sub == "exited")
        guard isOver else { return (.running, invocation) }
        // ExecMainCode is CLD_EXITED (1) for an exit, CLD_KILLED (2) or CLD_DUMPED (3) for a signal.
        let status = fields["ExecMainStatus"].flatMap { Int($0) } ?? (active == "active" ? 0 : 1)
        let isSignal = fields["ExecMainCode"] == "2" || fields["ExecMainCode"] == "3"
        if active == "failed" && status == 0 { return (.ended(status: 1), invocation) }
        return (.ended(status: isSignal ? 128 + status : status), invocation)
    }

    /// What it wrote so far, newest `lines`.
    package static func journal(_ invocation: String, lines: Int = 200) -> Command {
        Command(
            "journalctl",
            ["--no-pager", "-q", "-o", "cat", "-n", "\(lines)", "_SYSTEMD_INVOCATION_ID=\(invocation)"],
            outputLimit: 1 << 20)
    }

    /// Forgets it, once its end is recorded. To be run as root.
    package var clear: [Command] {
        [
            Command("systemctl", ["stop", "--", "\(name).service"]),
            Command("systemctl", ["reset-failed", "--", "\(name).service"]),
        ]
    }

    /// Takes back a start that lies in the future. To be run as root.
    package var disarm: Command { Command("systemctl", ["stop", "--", "\(name).timer"]) }

    /// Asks whether the timer still waits.
    package var timerLook: Command {
        Command("systemctl", ["show", "-p", "LoadState", "-p", "ActiveState", "-p", "SubState", "--", "\(name).timer"])
    }
}
