// SPDX-License-Identifier: MIT
import CEpoll
import Glibc

/// Sole owner of one non-blocking stream socket.
struct Socket: ~Copyable {
    let descriptor: CInt

    /// A TCP or Unix socket that does not block and is not inherited by child processes; `nil` when the limit of open
    /// files is reached.
    init?(family: CInt) {
        let type = CInt(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        descriptor = socket(family, type, 0)
        guard descriptor >= 0 else { return nil }
        if family != AF_UNIX {
            // Each request is one small packet that waits for its answer, so Nagle's algorithm only adds delay.
            set(CInt(IPPROTO_TCP), TCP_NODELAY, 1)
            // The kernel asks a silent peer after 30 s and gives the connection up 30 s later: a host that vanished during a
            // long command, or behind a firewall that forgot the connection, is noticed without a byte of ours.
            set(SOL_SOCKET, SO_KEEPALIVE, 1)
            set(CInt(IPPROTO_TCP), TCP_KEEPIDLE, 30)
            set(CInt(IPPROTO_TCP), TCP_KEEPINTVL, 10)
            set(CInt(IPPROTO_TCP), TCP_KEEPCNT, 3)
        }
    }

    /// Takes over a connected descriptor that does not block.
    init(adopting descriptor: CInt) { self.descriptor = descriptor }

    /// Two sockets joined to each other, neither of which blocks nor is inherited; `nil` when no descriptors are left.
    static func pair() -> (CInt, CInt)? {
        var ends: [CInt] = [-1, -1]
        let type = CInt(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        return socketpair(AF_UNIX, type, 0, &ends) == 0 ? (ends[0], ends[1]) : nil
    }

    private func set(_ level: CInt, _ option: CInt, _ value: CInt) {
        var value = value
        setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<CInt>.size))
    }

    deinit {
        guard descriptor >= 0 else { return }
        macha_shutdown(descriptor)
        close(descriptor)
    }

    /// Ends both directions; the descriptor stays ours.
    func shutDown() { macha_shutdown(descriptor) }

    /// Gives connections their source address, the port as the kernel likes. Answers 0 or the errno of a failure.
    func bind(to address: SocketAddress) -> CInt {
        address.withPointer { pointer, length in Glibc.bind(descriptor, pointer, length) == 0 ? 0 : errno }
    }

    /// Begins to connect. Answers 0, `EINPROGRESS`, or the errno of a failure.
    func connect(to address: SocketAddress) -> CInt {
        address.withPointer { pointer, length in Glibc.connect(descriptor, pointer, length) == 0 ? 0 : errno }
    }

    /// The outcome of a connection attempt, once the socket has become writable: 0 or an errno.
    func connectionError() -> CInt {
        var code: CInt = 0
        var length = socklen_t(MemoryLayout<CInt>.size)
        return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &length) == 0 ? code : errno
    }
}

/// One address a connection can be tried at.
struct SocketAddress: Sendable {
    let family: CInt
    private let storage: [UInt8]

    init(family: CInt, bytes: UnsafeRawBufferPointer) {
        self.family = family
        storage = Array(bytes)
    }

    /// The address of a Unix socket; `nil` when the path is longer than the kernel takes (107 bytes).
    init?(unixPath: String) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let path = Array(unixPath.utf8)
        guard !path.isEmpty, path.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
        family = AF_UNIX
        storage = withUnsafeBytes(of: &address) { Array($0) }
    }

    func withPointer<R>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> R) -> R {
        var copy = sockaddr_storage()
        return withUnsafeMutableBytes(of: &copy) { buffer in
            buffer.copyBytes(from: storage)
            return body(
                buffer.assumingMemoryBound(to: sockaddr.self).baseAddress.unsafelyUnwrapped, socklen_t(storage.count))
        }
    }

    /// The numeric form, for messages: `192.0.2.1` or `2001:db8::1`.
    var numeric: String {
        withPointer { pointer, length in
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            guard getnameinfo(pointer, length, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST) == 0 else {
                return "?"
            }
            return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        }
    }
}
