// SPDX-License-Identifier: MIT
import MachaViews
import ArgumentParser
import Macha
import MachaFleet
import MachaModel

import Foundation

/// A person's own command on many hosts.
struct ExecCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "exec", abstract: "Run a command on hosts.",
        usage: "macha exec SELECTOR [--sudo] [--yes] [--timeout SECONDS] [--width N] -- PROGRAM [ARG …]")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "Hosts, by selector.")
    var selector: String

    @Flag(help: "Run as root, with sudo -n.")
    var sudo = false

    @Flag(help: "Do not ask before running as root on hosts that are paused or set to observe.")
    var yes = false

    @Option(help: "Time limit per host, in seconds.")
    var timeout = 60

    @Option(help: "Hosts at the same time.")
    var width = FanOut.defaultWidth

    @Argument(
        parsing: .postTerminator,
        help: """
            The program and its arguments. No shell reads them, so there are no builtins, functions or aliases. Invalid UTF-8 in the \
            output is shown as U+FFFD.
            """)
    var words: [String] = []

    func validate() throws {
        guard !words.isEmpty else {
            throw ValidationError("put the program after --, such as: macha exec nas -- uptime")
        }
        guard (1...604_800).contains(timeout) else {
            throw ValidationError("--timeout must be from 1 to 604800 seconds, a week")
        }
        guard (1...10_000).contains(width) else { throw ValidationError("--width must be from 1 to 10000") }
    }

    func execute() async throws {
        let controller = options.controller
        let request = Controller.ExecRequest(
            command: Command(words[0], Array(words.dropFirst())), asRoot: sudo, hosts: try controller.hosts(selector),
            width: width, timeout: timeout)
        try confirm(request, controller)
        let running = RunningCommands()
        let output = output
        let interruption = ExecInterruption(running, output)
        defer { interruption.ignore() }
        let results = try await output.progress("running").during { progress in
            var done: [HostExecution] = []
            var way = FleetProgress(request.hosts)
            try await controller.exec(request, running: running) { (result) throws(OutputError) in
                done.append(result)
                progress.erase()
                try output.show(ExecPage.page(result))
                way.heard(result.host)
                progress.update(way)
            }
            return done
        }
        if options.json { try output.show(results) { _ in Page() } }
        if results.contains(where: { !$0.isSuccess }) { throw ExitCode(Failure.Code.hosts.rawValue) }
    }

    /// Asks a person before root's rights are used where Macha itself would change nothing. Nothing has been sent yet.
    private func confirm(_ request: Controller.ExecRequest, _ controller: Controller) throws {
        let cautions = try controller.cautions(request)
        guard !cautions.isEmpty else { return }
        for caution in cautions {
            try options.output.note(Cell("\(caution.host):", .warning), Cell(caution.reason))
        }
        if yes { return }
        if !options.json, Confirmation.isPossible, try Confirmation.ask("Run it as root anyway?", options.output) {
            return
        }
        if options.json {
            try options.output.show(HostExecution.unsent(request.hosts, because: cautions)) { _ in Page() }
        }
        throw Failure(.hosts, "nothing was sent to any host; pass --yes to run it anyway")
    }
}
