// SPDX-License-Identifier: MIT
import MachaFleet
import MachaModel

/// What the test of a host says of it.
enum HostDoctor {
    static func lines(of test: HostTest) -> [DoctorReport.Line] {
        if let failure = test.failure {
            return [
                .init(
                    test.host, .problem, failure.message.raw, advice: failure.advice, commands: failure.commands)
            ]
        }
        let way = test.server.isEmpty ? "this machine" : "logged in with \(test.identity)"
        return [.init(test.host, .ok, way)] + rights(of: test)
            + test.notes.map { .init(test.host, .note, $0) }
    }

    private static func rights(of test: HostTest) -> [DoctorReport.Line] {
        guard let rights = test.rights else {
            return [.init(test.host, .unknown, "what its account may do cannot be found out")]
        }
        return [journal(rights, test.host), sudo(rights, test.host)].compactMap { $0 }
    }

    private static func journal(_ rights: HostRights, _ host: String) -> DoctorReport.Line? {
        switch rights.journal {
        case true?: nil
        case false?:
            .init(
                host, .problem, "its account may not read the journal",
                advice: "add the account to the group systemd-journal there")
        case nil: .init(host, .unknown, "whether its account may read the journal cannot be found out")
        }
    }

    private static func sudo(_ rights: HostRights, _ host: String) -> DoctorReport.Line? {
        guard rights.sudoWanted > 0 else { return nil }
        guard rights.isSudoKnown else {
            return .init(host, .unknown, "what its account may do with sudo cannot be found out")
        }
        guard let first = rights.sudoRefused.first else { return nil }
        return .init(
            host, .problem,
            "sudo refuses \(rights.sudoRefused.count) of \(rights.sudoWanted) commands that repairs need, such as \(first)",
            advice: "these are the rules that it needs:", commands: ["macha hosts sudoers \(host)"])
    }
}
