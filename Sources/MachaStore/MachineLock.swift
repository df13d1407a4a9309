// SPDX-License-Identifier: MIT
import Foundation
package import MachaModel

/// The right to change one machine, held by one process of all on this controller: whatever their state folders, their
/// users, and the names by which they know the machine.
///
/// ``HostLock`` parts processes that share a state folder; this one also parts those that do not. It is a listening abstract
/// Unix socket for the host key and one for the machine id (unix(7)): it leaves no file, needs no rights on one, and the
/// kernel drops it when the process ends. A controller on another machine, or in another network namespace, is not seen.
package final class MachineLock: Sendable {
    private let descriptors: [CInt]

    private init(_ descriptors: [CInt]) { self.descriptors = descriptors }

    deinit { for descriptor in descriptors { close(descriptor) } }

    /// What came of asking for it.
    package enum Outcome: Sendable {
        case taken(MachineLock)
        /// Somebody has it; who, in words that are safe to print.
        case held(by: String)
    }

    /// Takes the lock of `machine`. An unknown machine has nothing to lock by, and nothing is kept from it.
    package static func take(_ machine: MachineIdentity) throws(StoreError) -> Outcome {
        let marks = [machine.hostKey.map { "key \($0)" }, machine.machineID.map { "id \($0)" }].compactMap { $0 }
        var taken: [CInt] = []
        for mark in marks {
            // A hash, because everybody on this machine can list the names, and a machine id is not for everybody.
            let name = "macha/machine/" + ContentHash(of: "macha machine \(mark)".utf8).description.prefix(40)
            do throws(StoreError) {
                if let descriptor = try listen(name) {
                    taken.append(descriptor)
                    continue
                }
            } catch {
                for descriptor in taken { close(descriptor) }
                throw error
            }
            for descriptor in taken { close(descriptor) }
            return .held(by: holder(of: name))
        }
        return .taken(MachineLock(taken))
    }

    /// A socket that listens under `name`; `nil` when another one does.
    private static func listen(_ name: String) throws(StoreError) -> CInt? {
        let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw StoreFile.failure("cannot lock the machine", path: "@\(name)") }
        let isBound = withAddress(name) { bind(descriptor, $0, $1) } == 0 && Glibc.listen(descriptor, 8) == 0
        if isBound { return descriptor }
        let number = errno
        close(descriptor)
        if number == EADDRINUSE { return nil }
        throw StoreFile.failure("cannot lock the machine", path: "@\(name)", number: number)
    }

    private static func holder(of name: String) -> String {
        let someone = "another macha on this controller"
        let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return someone }
        defer { close(descriptor) }
        // struct ucred of unix(7): process, user, group.
        var peer: (process: pid_t, user: uid_t, group: gid_t) = (0, 0, 0)
        var size = socklen_t(MemoryLayout.size(ofValue: peer))
        // Never waits: a queue that is full refuses at once.
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        guard withAddress(name, { connect(descriptor, $0, $1) }) == 0,
            getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0
        else { return someone }
        if peer.process == getpid() { return "this macha, under another name or for another task" }
        return "\(someone) (process \(peer.process) of user \(peer.user))"
    }

    /// `name` in the abstract namespace: a zero byte, then the name, and nothing behind it.
    private static func withAddress<Value>(
        _ name: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Value
    ) -> Value {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = [0] + Array(name.utf8)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes.prefix($0.count)) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
        return withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
        }
    }
}
