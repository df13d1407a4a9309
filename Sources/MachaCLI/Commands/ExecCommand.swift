// SPDX-License-Identifier: MIT
import ArgumentParser
import Macha
import MachaCore
import MachaFleet
import MachaStore

import struct Foundation.Date

/// A person's own command on many hosts.
struct ExecCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "exec", abstract: "Run a command of your own on hosts.",
        usage: "macha exec SELECTOR [--sudo] [--timeout SECONDS] [--width N] -- PROGRAM [ARG …]")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "Which hosts.")
    var selector: String

    @Flag(help: "Run it as root, with sudo -n.")
    var sudo = false

    @Option(help: "Seconds until a host is given up.")
    var timeout = 60

    @Option(help: "Hosts at once.")
    var width = FanOut.defaultWidth

    @Argument(parsing: .postTerminator, help: "The program and its arguments. No shell reads them.")
    var words: [String] = []

    func validate() throws {
        guard !words.isEmpty else {
            throw ValidationError("name the program after a --, as in: macha exec nas -- uptime")
        }
        guard timeout > 0 else { throw ValidationError("--timeout must be at least 1 second") }
        guard (1...10_000).contains(width) else { throw ValidationError("--width must be from 1 to 10000") }
    }

    func execute() async throws {
        let hosts = try options.hosts(selector, in: try options.loadInventory())
        try options.warnOfOldLibrary(hosts)
        let command = Command(words[0], Array(words.dropFirst()))
        let store = try options.openStore()
        let note = ExecNote(command, asRoot: sudo, on: hosts, by: Person.name())
        try await withStore { try store.note(.exec, host: note.host, payload: note, at: Date()) }
        try options.export(store)
        let output = options.output
        let reach = options.reach()
        let results = try await output.progress("running").during { [width, timeout, sudo] progress in
            var done: [HostExecution] = []
            var way = FleetProgress(hosts)
            try await HostExecution.run(
                command, asRoot: sudo, on: hosts, reach: reach, width: width, time: .seconds(timeout)
            ) { (result) throws(OutputError) in
                done.append(result)
                progress.erase()
                try output.show(ExecPage.page(result))
                way.heard(result.host)
                progress.update(way)
            }
            return done
        }
        await reach.close()
        if options.json { try output.show(results) { _ in Page() } }
        if results.contains(where: { !$0.isSuccess }) { throw ExitCode(Failure.Code.hosts.rawValue) }
    }
}
