// SPDX-License-Identifier: MIT
import ArgumentParser
import Macha
import MachaFleet
import MachaInventory
import MachaViews

/// From nothing to a first report.
struct InitCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Write a first inventory, test the logins and show a first report.",
        discussion: """
            Without hosts it lists those that ssh knows, from known_hosts and the ssh configuration, and asks which of them \
            to take. Only these are contacted. A new host key is shown and trusted when you agree. Nothing on a host is \
            changed, and an inventory that exists stays as it is.
            """)

    @OptionGroup var options: GlobalOptions

    @Argument(help: "Hosts: an alias of your ssh configuration, a name or an address, as in admin@nas.lan:2222.")
    var hosts: [String] = []

    @Option(help: "Who logs in, on every host that names nobody itself.")
    var user: String?

    @Option(help: "The private key to log in with, on every host that names none itself.")
    var identityFile: String?

    @Flag(help: "Only write the inventory: contact no host.")
    var offline = false

    func validate() throws {
        guard !options.json else {
            throw ValidationError(
                "init talks with a person and has no JSON output; use 'hosts scan', 'hosts test' and 'check' with --json"
            )
        }
    }

    func execute() async throws {
        let controller = options.controller
        let path = try controller.freeInventoryPath()
        let candidates = try controller.candidates(named: hosts)
        let chosen = hosts.isEmpty ? try choose(from: candidates) : candidates
        guard !chosen.isEmpty else { return try output.note(Cell("nothing was written")) }
        try controller.write(InventoryDraft(chosen, user: user, identityFile: identityFile), to: path)
        try output.show(SetupPage.written(path, hosts: chosen.count))
        guard !offline else { return try output.show(SetupPage.next([], path: path, isUsual: isUsual)) }
        try await contact(controller, path)
    }

    /// Whether the next command finds the inventory by itself.
    private var isUsual: Bool { options.inventory == nil }

    private func contact(_ controller: Controller, _ path: String) async throws {
        let hosts = try controller.hosts("all")
        if Confirmation.isPossible {
            _ = try await HostKeyReview(output: output).run(hosts, controller)
        }
        let tests = try await output.progress("connecting").during { progress in
            try await controller.test(hosts, width: FanOut.defaultWidth) { progress.update($0) }
        }
        try output.show(HostsPage.tests(tests, verbose: false))
        let reached = Set(tests.filter { $0.failure == nil }.map(\.host))
        if !reached.isEmpty {
            let request = CheckRequest(
                hosts: hosts.filter { reached.contains($0.name) }, width: FanOut.defaultWidth, acts: false,
                asksModels: false, asksAgain: false, isFresh: false, comparesChanges: false, settle: nil,
                analysesPerDay: nil)
            _ = try await CheckRun(output: output, controller, try controller.check(request)).run()
        }
        let failed = tests.filter { $0.failure != nil }.map(\.host)
        try output.show(SetupPage.next(failed, path: path, isUsual: isUsual))
        if !failed.isEmpty { throw ExitCode(Failure.Code.hosts.rawValue) }
    }

    private func choose(from candidates: [HostScan.Candidate]) throws -> [HostScan.Candidate] {
        guard Confirmation.isPossible else {
            throw Failure(
                .usage,
                "without a terminal there is nobody to ask; name the hosts. To see those that ssh knows, run: macha hosts scan"
            )
        }
        try output.note(SetupPage.candidates(candidates))
        for _ in 0..<3 {
            try output.note(Cell("Which of them? Numbers (1 3-5), names or 'all'; just Enter ends without writing."))
            guard let answer = readLine() else { return [] }
            do throws(ControllerError) {
                return try NumberedChoice.positions(answer, in: candidates.map(\.name)).map { candidates[$0] }
            } catch {
                try output.note(Cell("error:", .critical), Cell(error.messages.joined(separator: "; ")))
            }
        }
        return []
    }
}
