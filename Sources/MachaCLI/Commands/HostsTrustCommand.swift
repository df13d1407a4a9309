// SPDX-License-Identifier: MIT
import MachaViews
import ArgumentParser
import Glibc
import Macha
import MachaFleet
import MachaInventory
import MachaModel

/// Puts a host's key on file, after a person has compared its fingerprint.
struct HostsTrustCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "trust", abstract: "Show a host's key and, if you agree, add it to known_hosts.")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "Hosts, by selector.")
    var selector: [String]

    @Option(help: ArgumentHelp("Trust the key without asking if it has this fingerprint.", valueName: "SHA256:…"))
    var fingerprint: String?

    /// What became of one host's key.
    private struct Answer: Encodable {
        enum State: String, Encodable { case trusted, added, declined, refused, failed, local }

        var host: String
        var state = State.local
        /// As `known_hosts` spells the host.
        var name: String?
        /// The type of the key and its fingerprint.
        var key: String?
        /// `file:line` of a key that is on file, or the file it was added to.
        var place: String?
        var message: String?
        var remedy: String?
        var advice: String?
        var commands: [String]?

        /// Why the host's key was not put on file.
        mutating func take(_ failure: ContactFailure, as state: State) {
            (self.state, message, remedy) = (state, failure.message.raw, failure.remedy)
            (advice, commands) = (failure.advice, failure.commands)
        }
    }

    func execute() async throws {
        let controller = options.controller
        let hosts = try controller.hosts(selector)
        guard fingerprint == nil || hosts.count == 1 else { throw Failure(.usage, "--fingerprint is for one host") }
        var answers: [Answer] = []
        for host in hosts {
            let answer = try await trust(host, controller)
            answers.append(answer)
            try tell(answer)
        }
        await controller.environment.close()
        if options.json { try options.output.show(answers) { _ in Page() } }
        let isDone = answers.allSatisfy { [.trusted, .added, .local].contains($0.state) }
        if !isDone { throw ExitCode(Failure.Code.hosts.rawValue) }
    }

    private func trust(_ host: FleetHost, _ controller: Controller) async throws -> Answer {
        var answer = Answer(host: host.name)
        do {
            guard let shown = try await controller.shownKey(of: host) else { return answer }
            (answer.name, answer.key) = (shown.name, shown.key)
            switch shown.standing {
            case .trusted(let place): (answer.state, answer.place) = (.trusted, place)
            case .refused(let refusal): answer.take(refusal, as: .refused)
            case .unknown: try add(shown, &answer)
            }
        } catch let failure as ContactFailure {
            answer.take(failure, as: .failed)
        }
        return answer
    }

    private func add(_ shown: HostTrust, _ answer: inout Answer) throws {
        answer.state = .declined
        guard let file = shown.file else {
            answer.message =
                "\(answer.host) shows the key \(shown.key), and no known-hosts file of yours is named for it: a file of the "
                + "whole system is its administrator's to write"
            answer.advice =
                "name a file of yours as known-hosts in the inventory, or have the administrator add this line"
            answer.commands = [shown.line]
            answer.remedy = Remedy.text(answer.advice ?? "", [shown.line])
            return
        }
        try say("\(answer.host) (\(shown.name)) shows the key \(shown.key)")
        guard try agrees(to: shown) else {
            answer.message =
                fingerprint.map {
                    "\(answer.host) is not trusted: its key does not have the fingerprint \($0); nothing was written"
                } ?? "\(answer.host) is not trusted; nothing was written"
            return
        }
        try shown.accept()
        (answer.state, answer.place) = (.added, file)
    }

    private func agrees(to shown: HostTrust) throws -> Bool {
        if let fingerprint { return fingerprint == shown.fingerprint }
        guard Confirmation.isPossible else {
            throw Failure(
                .usage,
                "the fingerprint cannot be confirmed without a terminal; read it on the host itself and pass it as --fingerprint"
            )
        }
        var page = Page()
        page.text(Cell("On the host, print the fingerprint with this command and compare it:"))
        RemedyLines.add(["ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub"], to: &page, indent: 4)
        try options.output.note(page)
        return try Confirmation.ask("Trust this key?", options.output)
    }

    /// All of it goes to standard error; standard output is for the JSON document.
    private func tell(_ answer: Answer) throws {
        switch answer.state {
        case .local: try say("\(answer.host) is this machine; it needs no key")
        case .trusted: try say("\(answer.host): \(answer.key ?? "") is trusted already (\(answer.place ?? ""))")
        case .added: try say("added to \(answer.place ?? "")")
        case .declined, .refused, .failed:
            var page = Page([.text([Cell("error:", .critical), Cell(answer.message ?? "")], indent: 0)])
            RemedyLines.add(answer.advice ?? "", answer.commands ?? [], to: &page, indent: 2)
            try options.output.note(page)
        }
    }

    private func say(_ text: String) throws { try options.output.note(Cell(text)) }
}
