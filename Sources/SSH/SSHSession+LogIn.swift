// SPDX-License-Identifier: MIT
import CLibSSH2
import Glibc

extension SSHSession {
    /// Everything from the name to an authenticated session, in the order of ``SSHStage``.
    func logIn() async throws(SSHError) -> Details {
        var watch = Stopwatch()
        let address = try await reachHost(&watch)
        try await shakeHands()
        watch.lap(.handshake)
        let hostKey = try checkHostKey(address)
        let identity = try await authenticate(until: .now + timeouts.authentication)
        watch.lap(.authentication)
        let (algorithms, banner) = try use { handle in
            handle.intake.record.stop()
            return (handle.algorithms, handle.serverBanner)
        }
        return Details(
            address: address, serverVersion: banner ?? "unknown", algorithms: algorithms, hostKey: hostKey,
            identity: identity, latency: watch.laps)
    }

    /// Connects as far as the host's key, whatever it is.
    func meet() async throws(SSHError) -> HostKey {
        var watch = Stopwatch()
        let address = try await reachHost(&watch)
        try await shakeHands()
        let key = try hostKey()
        try checkAddress(address, key)
        return key
    }

    /// A connection to the host's port, by ourselves or through a jump host, which resolves the name then.
    private func reachHost(_ watch: inout Stopwatch) async throws(SSHError) -> String {
        guard let jump else {
            let addresses = try await resolve()
            watch.lap(.resolve)
            let address = try await connect(to: addresses)
            watch.lap(.connect)
            return address
        }
        let end = try await jump.open(
            target.address, target.port, for: target.name, within: timeouts.connect)
        guard let handle = SessionHandle(Socket(adopting: end)) else { throw outOfDescriptors() }
        adopt(handle)
        watch.lap(.connect)
        return "\(target.address) through \(jump.name)"
    }

    // MARK: Stages

    private func resolve() async throws(SSHError) -> [SocketAddress] {
        let deadline = ContinuousClock.now + timeouts.resolve
        let (wake, outcome) = await Resolver.addresses(
            of: target.address, port: target.port, family: target.restrictions.family, on: reactor, until: deadline)
        try check(wake, .resolve)
        switch outcome {
        case .addresses(let found): return found
        case .failed(let reason): throw nameNotFound(reason)
        case nil: throw nameNotFound("no answer")
        }
    }

    private func nameNotFound(_ reason: String) -> SSHError {
        SSHError(
            .nameNotFound, .resolve, host: target.name, "\(target.name): cannot resolve '\(target.address)': \(reason)",
            remedy: "check the address in the inventory and this machine's name servers")
    }

    /// Tries the addresses in order; the time left is shared among those not yet tried, so that one silent address
    /// cannot use it up.
    private func connect(to addresses: [SocketAddress]) async throws(SSHError) -> String {
        let deadline = ContinuousClock.now + timeouts.connect
        var failures: [(reason: String, isTimeout: Bool)] = []
        for (index, address) in addresses.enumerated() {
            let now = ContinuousClock.now
            let share = now + now.duration(to: deadline) / (addresses.count - index)
            guard let socket = Socket(family: address.family) else { throw outOfDescriptors() }
            let failure = try await connect(socket, to: address, until: share)
            guard let failure else {
                guard let handle = SessionHandle(socket) else { throw outOfDescriptors() }
                adopt(handle)
                return address.numeric
            }
            failures.append(("\(address.numeric) port \(target.port): \(failure.reason)", failure.isTimeout))
        }
        throw SSHError(
            failures.allSatisfy(\.isTimeout) ? .timedOut : .unreachable, .connect, host: target.name,
            "\(target.name): cannot connect to \(failures.map(\.reason).joined(separator: ", "))",
            remedy: "check that the host is on, that the address and port are right, and that sshd runs there")
    }

    private func connect(
        _ socket: borrowing Socket, to address: SocketAddress, until deadline: ContinuousClock.Instant
    ) async throws(SSHError) -> (reason: String, isTimeout: Bool)? {
        if let refusal = bind(socket, address.family) { return (refusal, false) }
        var status = socket.connect(to: address)
        if status == EINPROGRESS {
            switch await reactor.ready(socket.descriptor, reads: false, writes: true, until: deadline) {
            case .ready: status = socket.connectionError()
            case .timedOut: return ("no answer", true)
            case .cancelled: try check(.cancelled, .connect)
            }
        }
        return status == 0 ? nil : (String(cString: strerror(status)).lowercased(), false)
    }

    /// Gives the connection the source that BindAddress names; returns why that cannot be.
    private func bind(_ socket: borrowing Socket, _ family: CInt) -> String? {
        guard let source = target.restrictions.bindAddress else { return nil }
        guard let address = NumericAddress.numeric(source, family: family) else {
            return "BindAddress \(source) is of another address family"
        }
        let status = socket.bind(to: address)
        return status == 0 ? nil : "BindAddress \(source): \(String(cString: strerror(status)).lowercased())"
    }

    private func outOfDescriptors() -> SSHError {
        SSHError(
            .localFile, .connect, host: target.name,
            "\(target.name): cannot open a socket: \(String(cString: strerror(errno)).lowercased())",
            remedy: "raise this machine's limit of open files (ulimit -n) or lower the width")
    }

    private func shakeHands() async throws(SSHError) {
        let (address, port) = target.trustedAs
        let types = target.knownHosts.keyTypes(for: address, port: port)
        let preferred = Algorithms.hostKeys(preferring: types)
        let status = try await retryHandshake(preferred)
        guard status == 0 else { throw try handshakeFailure(status) }
    }

    private func retryHandshake(_ hostKeys: [String]) async throws(SSHError) -> CInt {
        try use { $0.prefer(target.restrictions.offered, hostKeys: hostKeys) }
        return try await complete(.handshake, until: .now + timeouts.handshake) { $0.handshake() }
    }

    private func checkHostKey(_ address: String) throws(SSHError) -> HostKey {
        let key = try hostKey()
        if let refusal = target.knownHosts.refusal(of: key, from: target) { throw refusal }
        try checkAddress(address, key)
        return key
    }

    /// What ssh's configuration asks of a host's key beside its being known. `address` is in digits, unless the host is behind
    /// a jump host: ssh does not know an address then either.
    private func checkAddress(_ address: String, _ key: HostKey) throws(SSHError) {
        if jump == nil, let refusal = target.knownHosts.refusal(of: key, at: address, from: target) { throw refusal }
        guard let bits = key.rsaBits, bits < target.restrictions.shortestRSA else { return }
        throw SSHError(
            .hostKeyUnknown, .hostKey, host: target.name,
            "\(target.name) shows an RSA host key of \(bits) bits; ssh's configuration asks for at least "
                + "\(target.restrictions.shortestRSA) (RequiredRSASize)",
            remedy: "give the host a longer key, or an Ed25519 one")
    }

    private func hostKey() throws(SSHError) -> HostKey {
        guard let bytes = try use({ $0.hostKey }), let key = HostKey(bytes) else {
            throw SSHError(.notSSH, .hostKey, host: target.name, "\(target.name) sent no host key")
        }
        return key
    }
}

/// Splits the time since its creation into laps.
private struct Stopwatch {
    private(set) var laps: [SSHStage: Duration] = [:]
    private var last = ContinuousClock.now

    mutating func lap(_ stage: SSHStage) {
        let now = ContinuousClock.now
        laps[stage] = last.duration(to: now)
        last = now
    }
}
