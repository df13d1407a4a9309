// SPDX-License-Identifier: MIT
import MachaCore
import Testing

/// Fragments that count or wait on the host, run by real shells with stand-ins for what they ask.
struct ProbeFragmentTests {
    private func section<P: Probe>(
        _ probe: P.Type, _ shell: Shell, _ standIns: [String: String], names: [String] = []
    ) async throws -> Reading<P.Value> {
        let script = ProbeScript.text(for: ProbeRequest(probes: [probe], names: names))
        let run = try await ShellRun(script, in: shell, standIns: standIns)
        return P.read(try #require(run.section(P.name)))
    }

    @Test(arguments: Shell.present)
    func `refused logins are counted by the address that sshd wrote, not by one in a user name`(shell: Shell)
        async throws
    {
        let lines = """
            Accepted publickey for macha from 192.0.2.1 port 4 ssh2: ED25519 SHA256:x
            Invalid user x from 192.0.2.99 port 22 from 198.51.100.9 port 40
            Failed password for invalid user x from 198.51.100.9 port 40 ssh2
            Failed password for root from 198.51.100.9 port 41 ssh2
            Connection closed by authenticating user root 198.51.100.8 port 42 [preauth]
            error: PAM: Authentication failure for root from 198.51.100.7
            Server listening on 0.0.0.0 port 22.
            """
        let journalctl = "case $* in *sshd*) cat <<'TEXT'\n\(lines)\nTEXT\nesac"
        let state = try #require(try await section(LoginsProbe.self, shell, ["journalctl": journalctl]).value)
        #expect(state.failed == 4 && state.addresses == 3)
        #expect(
            state.sources.map { "\($0.address) \($0.refused)" }.sorted() == [
                "198.51.100.7 1", "198.51.100.8 1", "198.51.100.9 2",
            ])
    }

    @Test(arguments: Shell.present)
    func `nobody refused is nobody, and a login after many refusals is told`(shell: Shell) async throws {
        let quiet = "case $* in *sshd*) echo 'Accepted publickey for a from 192.0.2.1 port 4 ssh2' ;; esac"
        let none = try #require(try await section(LoginsProbe.self, shell, ["journalctl": quiet]).value)
        #expect(none.failed == 0 && none.sources.isEmpty)
        let guessed = """
            case $* in *sshd*)
                yes 'Failed password for root from 192.0.2.1 port 4 ssh2' | head -n 20
                echo 'Accepted password for root from 192.0.2.1 port 4 ssh2' ;;
            esac
            """
        let found = try #require(try await section(LoginsProbe.self, shell, ["journalctl": guessed]).value)
        #expect(found.sources.map(\.acceptedAfterwards) == [1] && found.failed == 20)
    }

    @Test(arguments: Shell.present)
    func `names are asked at the same time, and each tells how it ended`(shell: Shell) async throws {
        let getent = "case $2 in good.lan) exit 0 ;; *) exit 2 ;; esac"
        let state = try await section(NamesProbe.self, shell, ["getent": getent], names: ["good.lan", "bad.lan"])
        let answers = try #require(state.value ?? nil).answers
        #expect(answers.map { "\($0.name) \($0.outcome.rawValue)" } == ["good.lan resolves", "bad.lan not-found"])
    }

    @Test(arguments: Shell.present)
    func `a disk that fails is told by its status, and a refusal of sudo is a missing right`(shell: Shell) async throws
    {
        let failing = """
            case $* in
                --scan) echo '/dev/sda -d sat # /dev/sda' ;;
                *) printf '{"smartctl":{"exit_status":8},\\n"smart_status":{"passed":false}}\\n'; exit 8 ;;
            esac
            """
        let container = ["cat": "exit 1"]
        let state = try await section(SMARTProbe.self, shell, container.merging(["smartctl": failing]) { $1 })
        #expect(try #require(state.value ?? nil).disks.map(\.state) == [.failing])
        let refusing =
            "case $* in --scan) echo '/dev/sda -d sat #' ;; *) echo 'sudo: a password is required' >&2; exit 1 ;; esac"
        let refused = try await section(SMARTProbe.self, shell, container.merging(["smartctl": refusing]) { $1 })
        #expect(refused.failure?.reason == .permission)
    }
}
