// SPDX-License-Identifier: MIT
import MachaTestSupport
import SSH
import Testing

/// Hosts that do not answer as they should. Every wait ends by its deadline, with the stage named.
@Suite(.timeLimit(.minutes(10))) struct UnreachableTests {
    private func failure(port: UInt16, address: String = "127.0.0.1", _ timeouts: SSHTimeouts = SSHTimeouts()) async
        -> SSHError?
    {
        let target = SSHTarget(
            name: "nas", address: address, port: port, user: "macha", knownHosts: KnownHosts(),
            credentials: SSHCredentials())
        do throws(SSHError) {
            await (try await SSHSession.connect(to: target, timeouts: timeouts)).close()
            return nil
        } catch {
            return error
        }
    }

    @Test func `a port nobody listens on is refused while connecting`() async throws {
        let error = await failure(port: try Loopback.freePort())
        #expect(error?.code == .unreachable)
        #expect(error?.stage == .connect)
        #expect(error?.message.contains("127.0.0.1") == true)
        #expect(error?.message.contains("refused") == true)
    }

    @Test func `a host that accepts and never speaks ends by the handshake's deadline`() async throws {
        let listener = try Loopback.Listener()
        defer { listener.close() }
        var timeouts = SSHTimeouts()
        timeouts.handshake = .milliseconds(200)
        let error = await failure(port: listener.port, timeouts)
        #expect(error?.code == .timedOut)
        #expect(error?.stage == .handshake)
    }

    @Test(arguments: ["", "HTTP/1.1 400 Bad Request\r\n\r\n", "SSH-2.0-Half\r\n", "\u{1b}]0;owned\u{7}\r\n"])
    func `a server with a wrong banner is distinguished from a dead one`(banner: String) async throws {
        let listener = try Loopback.Listener()
        defer { listener.close() }
        listener.serve(Array(banner.utf8))
        let error = await failure(port: listener.port)
        #expect(error?.stage == .handshake)
        #expect(error?.code == (banner.hasPrefix("SSH-") ? .connectionLost : .notSSH))
    }

    @Test func `a name that does not exist fails while resolving`() async throws {
        let error = await failure(port: 22, address: "no-such-host.invalid")
        #expect(error?.stage == .resolve)
    }

    @Test func `cancelling ends a connection attempt`() async throws {
        let listener = try Loopback.Listener()
        defer { listener.close() }
        let port = listener.port
        let task = Task { await failure(port: port) }
        task.cancel()
        #expect(await task.value?.code == .cancelled)
    }
}

/// The server of a default NixOS: encrypt-then-MAC only.
@Suite(.enabled(if: LocalSSHD.isAvailable, "needs OpenSSH's server"), .timeLimit(.minutes(10)))
struct NixOSDefaultTests {
    @Test func `a default NixOS sshd works with libssh2 1.11, and 1.10 says exactly why not`() async throws {
        var options = LocalSSHD.Options()
        options.isNixOSDefault = true
        let server = try await LocalSSHD(options)
        let target = try server.target()
        do throws(SSHError) {
            let session = try await SSHSession.connect(to: target)
            #expect(LibSSH2.speaksEncryptThenMAC)
            await session.close()
        } catch {
            #expect(!LibSSH2.speaksEncryptThenMAC)
            #expect(error.code == .noCommonAlgorithm)
            #expect(error.message.contains("share no MAC algorithm: we offer hmac-sha2-256,hmac-sha2-512, it offers "))
            #expect(error.message.contains("hmac-sha2-512-etm@openssh.com"))
            #expect(error.remedy.contains("libssh2 1.11") && error.remedy.contains("services.openssh.settings.Macs"))
        }
    }
}
