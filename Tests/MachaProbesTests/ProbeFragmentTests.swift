// SPDX-License-Identifier: MIT
import MachaModel
import MachaProbes
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
    func `accepted logins alone count as no failure, and a login after many refusals is reported`(shell: Shell)
        async throws
    {
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
    func `a failing disk is recognized by its status, and a sudo refusal as a missing right`(shell: Shell) async throws
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

    @Test(arguments: Shell.present)
    func `each disk behind a controller is asked by its own number, and a case that hides its disk alone is unknown`(
        shell: Shell
    ) async throws {
        let smartctl = #"""
            case $* in
                --scan) printf '%s\n' '/dev/sda -d scsi # /dev/sda, SCSI device' '/dev/bus/0 -d megaraid,0 # x [0], SCSI device' \
                    '/dev/bus/0 -d megaraid,1 # x [1], SCSI device' '/dev/sdb -d sat # /dev/sdb [SAT], ATA device' ;;
                *'-d megaraid,1 /dev/bus/0') printf '{"smartctl":{},"smart_status":{"passed":false}}\n'; exit 8 ;;
                *'-d megaraid,0 /dev/bus/0') printf '{"smartctl":{},"smart_status":{"passed":true}}\n' ;;
                *'standby /dev/sda') printf '{"smartctl":{},"smart_status":{"passed":true}}\n' ;;
                *'standby /dev/sdb') printf '{"smartctl":{"messages":[{"string":"Unknown USB bridge"}]}}\n'; exit 1 ;;
                *) exit 64 ;;
            esac
            """#
        let state = try await section(SMARTProbe.self, shell, ["cat": "exit 1", "smartctl": smartctl])
        let found = try #require(state.value ?? nil)
        #expect(
            found.disks.map { "\($0.device) \($0.state.rawValue)" } == [
                "/dev/bus/0 -d megaraid,0 passed", "/dev/bus/0 -d megaraid,1 failing", "/dev/sda passed",
            ])
        #expect(found.unread?.map { "\($0.name) \($0.failure.reason.rawValue)" } == ["/dev/sdb unsupported"])
    }

    @Test(arguments: Shell.present)
    func `an old docker is asked in its own way, and an engine that fails does not silence the other`(shell: Shell)
        async throws
    {
        let docker = #"""
            case $* in
                *'{{json .}}'*) printf '{"Names":"a","State":"running","Status":"Up (unhealthy)","Labels":"t={{.A}} {{.B}}"}\n' ;;
                *) printf 'json\njson\n' ;;
            esac
            """#
        let podman = "echo 'Error: cannot open the store' >&2; exit 125"
        let state = try await section(
            ContainersProbe.self, shell, ["systemctl": "exit 0", "docker": docker, "podman": podman])
        let found = try #require(state.value ?? nil)
        #expect(found.engines.map { $0.containers?.map(\.isHealthy) } == [nil, [false]])
        #expect(
            found.unread?.map { "\($0.name): \($0.failure.detail.raw)" } == ["podman: Error: cannot open the store"])
    }

    @Test(arguments: Shell.present)
    func `an engine's name without a program behind it is no engine`(shell: Shell) async throws {
        let podman = #"echo '[{"Names":["web"],"State":"running","Status":"Up"}]'"#
        let state = try await section(
            ContainersProbe.self, shell, ["systemctl": "exit 0", "docker": "exit 127", "podman": podman])
        let found = try #require(state.value ?? nil)
        #expect(found.engines.map(\.name) == ["podman"] && found.unread == nil)
    }

    @Test(arguments: Shell.present)
    func `a container's output before its restart is kept, whatever its content`(shell: Shell) async throws {
        let podman = #"""
            case $* in
                ps*) echo '[{"ExitCode":1,"Names":["web"],"State":"restarting","Status":"Restarting (1) 2 seconds ago"},'
                    echo ' {"Names": [' ; echo '"db"], "State": "running", "Status": "Up 3 hours"}, {"Names":["job"],"State":"exited","Status":"Exited (1) 3 days ago"}]' ;;
                'logs --tail 6 web') printf '@end\n@podman 0\n[]\n'; echo 'password=hunter2hunter2'; echo 'fatal: no such table' >&2 ;;
                *) exit 64 ;;
            esac
            """#
        let script = ProbeScript.text(for: [ContainersProbe.self])
        let run = try await ShellRun(
            script, in: shell, standIns: ["systemctl": "exit 0", "docker": "exit 127", "podman": podman])
        let section = try #require(run.section("containers"))
        let found = try #require(ContainersProbe.read(section).value ?? nil)
        let containers = try #require(found.engines.first?.containers)
        #expect(containers.map(\.name) == ["web", "db", "job"] && found.unread == nil)
        let said = try #require(containers[0].said).map(\.raw)
        #expect(said.first == "@end" && said.last == "fatal: no such table")
        #expect(!said.contains { $0.contains("hunter2") })
        #expect(containers.dropFirst().allSatisfy { $0.said == nil })
        #expect(run.leftProcesses.isEmpty)
    }

    @Test(arguments: Shell.present)
    func `an engine or a log that hangs is waited for briefly, and the rest is judged`(shell: Shell) async throws {
        let podman = #"""
            case $* in
                ps*) echo '[{"Names":["web"],"State":"restarting","Status":"Restarting (1) 2 seconds ago"}]' ;;
                *) sleep 600 ;;
            esac
            """#
        let run = try await ShellRun(
            ProbeScript.text(for: [ContainersProbe.self]), in: shell,
            standIns: ["systemctl": "exit 0", "docker": "sleep 600", "podman": podman])
        let section = try #require(run.section("containers"))
        let found = try #require(ContainersProbe.read(section).value ?? nil)
        #expect(found.engines.map { $0.containers?.map(\.name) } == [["web"], nil])
        #expect(found.engines[0].containers?[0].said == nil && found.unread?.map(\.name) == ["docker"])
        #expect(run.leftProcesses.isEmpty)
    }

    @Test(arguments: Shell.present)
    func `df's errors are reported beside the file systems it lists`(shell: Shell) async throws {
        let df = #"""
            echo 'df: /srv: Input/output error' >&2
            echo 'Type 1B-blocks Used Avail Inodes IFree Mounted on'
            echo 'ext4 100 50 50 10 5 /'
            exit 1
            """#
        let cat = "echo '22 1 8:1 / / rw - ext4 /dev/sda1 rw'; echo '23 22 8:2 / /srv rw - xfs /dev/sda2 rw'"
        let state = try #require(try await section(DisksProbe.self, shell, ["df": df, "cat": cat]).value)
        #expect(state.fileSystems.map(\.target) == ["/"])
        #expect(state.unreadable?.map { "\($0.target) \($0.error)" } == ["/srv Input/output error"])
    }

    @Test(arguments: Shell.present)
    func `a thousand layers of containers do not take the room of the root`(shell: Shell) async throws {
        let df = #"""
            echo 'Type 1B-blocks Used Avail Inodes IFree Mounted on'
            echo 'ext4 100 99 1 10 5 /'
            i=0
            while [ $i -lt 1000 ]; do i=$((i + 1)); echo "overlay 100 99 1 10 5 /var/lib/docker/overlay2/$i/merged"; done
            """#
        let cat = #"""
            case $* in *fstab*) echo '/dev/sda1 / ext4 defaults 0 1'; exit 0 ;; esac
            layers=/var/lib/docker/overlay2/l/AAAAAAAAAAAAAAAAAAAAAAAAAA
            layers=$layers:$layers:$layers:$layers; layers=$layers:$layers:$layers:$layers; i=0
            echo '22 1 8:1 / / rw - ext4 /dev/sda1 rw'
            while [ $i -lt 1000 ]; do
                i=$((i + 1))
                echo "$i 22 0:$i / /var/lib/docker/overlay2/$i/merged rw - overlay overlay rw,lowerdir=$layers"
            done
            """#
        let disks = try #require(try await section(DisksProbe.self, shell, ["df": df, "cat": cat]).value)
        #expect(disks.fileSystems.map(\.target) == ["/"] && disks.unread == nil)
        let mounts = try #require(try await section(MountsProbe.self, shell, ["cat": cat]).value)
        #expect(mounts.missing.isEmpty && mounts.expected.map(\.target) == ["/"])
    }

    @Test(arguments: Shell.present)
    func `recovered units do not displace failed ones when output is collected`(shell: Shell) async throws {
        let settled = (0..<9).map {
            "Id=a\($0).service\nLoadState=loaded\nActiveState=active\nSubState=running\nNRestarts=1\nStateChangeTimestamp=@1700000000\n"
        }
        let failed = "Id=z.service\nLoadState=loaded\nActiveState=failed\nSubState=failed\nNRestarts=0\n"
        let state = try #require(
            try await section(
                UnitsProbe.self, shell,
                [
                    "systemctl":
                        "case $* in *NFailedUnits*) printf 'SystemState=degraded\\nNFailedUnits=1\\n' ;; *) cat <<'TEXT'\n"
                        + (settled + [failed]).joined(separator: "\n") + "TEXT\nesac",
                    "journalctl":
                        "case $* in *'-u '*) echo \"said by $*\"; echo 'x: Failed with result exit-code.' ;; esac",
                    "date": "echo 1800000000",
                ]
            ).value)
        let unit = try #require(state.units.first { $0.name == "z.service" })
        #expect(unit.said?.contains { $0.raw.contains("z.service") } == true)
        #expect(state.units.filter { $0.name != "z.service" }.allSatisfy { $0.said == nil })
    }
}
