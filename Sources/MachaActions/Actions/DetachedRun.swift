// SPDX-License-Identifier: MIT
package import MachaModel
import MachaProbes

/// A command as a transient unit of a fixed name on the host: a lost link is not a lost action.
///
/// The name is the same for every action, so systemd itself refuses a second one, and the host's sudo rules can name
/// each command line exactly. Which run it was is told by the invocation id. Source: systemd-run(1); neither `--pipe`
/// (a job that writes dies with the link) nor `--collect` (the result would be gone).
package enum DetachedRun {
    package static let unit = "macha-action.service"

    /// Starts `command`; ends at once with status 0 when the unit was started, 1 when one of this name exists.
    package static func start(_ command: PlannedCommand) -> PlannedCommand {
        PlannedCommand(
            "systemd-run",
            [
                "--unit=\(unit)", "--property=RemainAfterExit=yes", "--service-type=exec", "--no-ask-password",
                "--quiet",
                "--property=RuntimeMaxSec=\(command.timeout)", "--setenv=PATH=\(path)", "--",
            ] + command.command.words)
    }

    /// Asks how it stands; to be read by ``DetachedState``.
    package static let state = PlannedCommand(
        "systemctl",
        [
            "show", "--property=LoadState,ActiveState,SubState,Result,ExecMainCode,ExecMainStatus,InvocationID", "--",
            unit,
        ],
        asRoot: false, timeout: 20)

    /// What the run of this invocation wrote; `nil` unless `invocation` is what systemd makes: 32 hex digits.
    package static func output(of invocation: String) -> PlannedCommand? {
        guard invocation.utf8.count == 32,
            invocation.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
        else { return nil }
        return PlannedCommand(
            "journalctl",
            ["--no-pager", "--quiet", "--output=cat", "--lines=2000", "_SYSTEMD_INVOCATION_ID=\(invocation)"],
            asRoot: false, timeout: 30)
    }

    /// Forgets it, so that the next can start; status 5 when there is none.
    package static let forget = [
        PlannedCommand("systemctl", ["stop", "--", unit], accepted: [0, 5]),
        PlannedCommand("systemctl", ["reset-failed", "--", unit], accepted: [0, 1, 5]),
    ]

    private static let path =
        "/run/wrappers/bin:/run/current-system/sw/bin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
}

/// How a detached run stands.
package enum DetachedState: Hashable, Sendable {
    /// Nothing of that name is there: never started, forgotten, or the host has rebooted.
    case absent
    case running(invocation: String)
    /// It ended with this status; `nil` when a signal or a time limit ended it.
    case ended(invocation: String, status: Int32?, result: String)
    /// The answer was none.
    case unknown

    package init(_ answer: CommandResult) {
        guard answer.outcome == .status(0), !answer.isCut else {
            self = .unknown
            return
        }
        let fields = ProbeText.fields(String(decoding: answer.standardOutput, as: UTF8.self))
        let invocation = fields["InvocationID"] ?? ""
        switch (fields["LoadState"], fields["ActiveState"], fields["SubState"]) {
        case (nil, _, _), (_, nil, _): self = .unknown
        case ("not-found", "inactive", _): self = .absent
        case (_, "active", "exited"), (_, "failed", _), (_, "inactive", _):
            let status = fields["ExecMainCode"] == "1" ? fields["ExecMainStatus"].flatMap { Int32($0) } : nil
            self = .ended(invocation: invocation, status: status, result: fields["Result"] ?? "")
        default: self = .running(invocation: invocation)
        }
    }
}

/// The host's own way back: a timer that activates the profile's system unless it is stopped in time.
///
/// `AccuracySec=1s` because systemd may otherwise let a timer wait for a minute.
package enum DeadMan {
    /// Seconds from arming to the return.
    package static let span = 300
    package static let unit = "macha-deadman"

    package static let arm = PlannedCommand(
        "systemd-run",
        [
            "--on-active=\(span)s", "--timer-property=AccuracySec=1s", "--unit=\(unit)", "--no-ask-password", "--quiet",
            "--", "\(SystemProfile.path)/bin/switch-to-configuration", "test",
        ])

    /// Forgets one that has done its work and met a failure on the way: a name that is still loaded cannot be armed.
    package static let forget = PlannedCommand(
        "systemctl", ["reset-failed", "--", "\(unit).service"], timeout: 20, accepted: [0, 1, 5])

    /// The timer vanishes when it is stopped.
    package static let disarm = PlannedCommand("systemctl", ["stop", "--", "\(unit).timer"])
}
