// SPDX-License-Identifier: MIT
import MachaViews
import ArgumentParser
import Macha

/// Puts a host's key on file, after a person has compared its fingerprint.
struct HostsTrustCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "trust", abstract: "Show a host's key and, if you agree, add it to known_hosts.")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "Hosts, by selector.")
    var selector: [String]

    @Option(help: ArgumentHelp("Trust the key without asking if it has this fingerprint.", valueName: "SHA256:…"))
    var fingerprint: String?

    func execute() async throws {
        let controller = options.controller
        let hosts = try controller.hosts(selector)
        guard fingerprint == nil || hosts.count == 1 else { throw Failure(.usage, "--fingerprint is for one host") }
        let answers = try await HostKeyReview(output: output, fingerprint: fingerprint).run(hosts, controller)
        await controller.environment.close()
        if options.json { try options.output.show(answers) { _ in Page() } }
        if !answers.allSatisfy(\.isDone) { throw ExitCode(Failure.Code.hosts.rawValue) }
    }
}
