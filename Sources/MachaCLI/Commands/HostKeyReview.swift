// SPDX-License-Identifier: MIT
import Macha
import MachaFleet
import MachaInventory
import MachaModel
import MachaViews

/// Shows a person the key of a host, and puts it on file if they agree. Nothing is trusted silently.
struct HostKeyReview {
    let output: Output
    /// Agrees without asking to a key with this fingerprint, and to no other.
    var fingerprint: String?

    /// What became of one host's key.
    struct Answer: Encodable {
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

        /// Whether the host can be talked to.
        var isDone: Bool { [.trusted, .added, .local].contains(state) }

        /// Why the host's key was not put on file.
        mutating func take(_ failure: ContactFailure, as state: State) {
            (self.state, message, remedy) = (state, failure.message.raw, failure.remedy)
            (advice, commands) = (failure.advice, failure.commands)
        }
    }

    /// Looks at the keys of `hosts`, asks about each that is new, and says what became of it.
    func run(_ hosts: [FleetHost], _ controller: Controller) async throws -> [Answer] {
        // A host behind a jump host shows its key once the jump host is trusted; the others are asked side by side.
        let shown = await controller.shownKeys(of: hosts.filter(Self.isDirect))
        var answers: [Answer] = []
        for host in hosts {
            let answer = try await judge(host, controller, shown[host.name])
            try tell(answer)
            answers.append(answer)
        }
        return answers
    }

    private static func isDirect(_ host: FleetHost) -> Bool {
        if case .ssh(let endpoint) = host.connection { endpoint.jump == nil } else { true }
    }

    private func judge(
        _ host: FleetHost, _ controller: Controller, _ known: Result<HostTrust?, ContactFailure>?
    ) async throws -> Answer {
        var answer = Answer(host: host.name)
        do {
            let key = if let known { try known.get() } else { try await controller.shownKey(of: host) }
            guard let shown = key else { return answer }
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
        try output.note(page)
        return try Confirmation.ask("Trust this key?", output)
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
            try output.note(page)
        }
    }

    private func say(_ text: String) throws { try output.note(Cell(text)) }
}
