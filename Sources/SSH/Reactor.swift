// SPDX-License-Identifier: MIT
import CEpoll
import CSSHWatchdog
import Glibc
import Synchronization

/// One thread that waits for sockets (epoll) and runs every session actor.
///
/// libssh2 is not thread-safe within a session. Because this thread *is* the serial executor of the session actors,
/// the compiler proves that a libssh2 handle is touched on it only, and nothing hops between a socket becoming ready and
/// the next libssh2 call. Nothing that blocks may run here: no name resolution, no file, no computation of note.
package final class Reactor: SerialExecutor, TaskExecutor, @unchecked Sendable {
    // @unchecked: `inbox` is guarded by its mutex; `hops`, `isRunningJob`, `waits`, `lastID`, `nextExpiry` and what is in
    // `scratch` are touched on `thread` only.

    /// The process's reactor. Like the default executor it lives as long as the process.
    package static let shared = Reactor()

    /// Why a wait ended.
    enum Wake: Sendable {
        case ready
        case timedOut
        case cancelled
    }

    private struct Wait {
        let continuation: CheckedContinuation<Wake, Never>
        let deadline: ContinuousClock.Instant
    }

    private struct Inbox: ~Copyable {
        var jobs: [UnownedJob] = []
        var messages: [@Sendable (Reactor) -> Void] = []
        /// The thread is not in (or about to enter) epoll_wait, so it will look here again by itself.
        var isAwake = false
    }

    /// Processor time in milliseconds that one call of libssh2 may use, without what it calls. Honest ones need one or two.
    private static let longestCall: CInt = 500

    /// Room for one packet of a host's output: SSH's largest is 32 KiB (RFC 4253, 6.1), so one read takes one whole.
    let scratch = UnsafeMutableBufferPointer<CChar>.allocate(capacity: 32 * 1024)

    private let epoll: CInt
    private let signal: CInt
    private let inbox = Mutex(Inbox())
    private let thread = Atomic<pthread_t>(0)
    /// Jobs that the running job has delivered. They come before everything else, the last first: a task that hops from this
    /// executor to this executor goes on at once, so that nothing happens between asking for a wake and waiting for it.
    private var hops: [UnownedJob] = []
    private var isRunningJob = false
    private var waits: [UInt64: Wait] = [:]
    private var lastID: UInt64 = 0
    /// No wait ends before this. Only a bound: a wait that was woken does not move it, so it may be early, never late.
    private var nextExpiry: ContinuousClock.Instant?

    private init() {
        precondition(LibSSH2.isInitialized, "libssh2 could not be initialised")
        epoll = epoll_create1(CInt(EPOLL_CLOEXEC))
        signal = eventfd(0, CInt(EFD_CLOEXEC | EFD_NONBLOCK))
        precondition(epoll >= 0 && signal >= 0, "no descriptors left for epoll: errno \(errno)")
        precondition(macha_epoll_watch(epoll, signal) == 0, "epoll refuses an eventfd: errno \(errno)")
        start()
    }

    // MARK: Executor

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if isCurrentThread, isRunningJob { hops.append(job) } else { deliver { $0.jobs.append(job) } }
    }

    package func checkIsolated() { precondition(isCurrentThread, "not on the SSH reactor's thread") }

    private var isCurrentThread: Bool { pthread_equal(thread.load(ordering: .relaxed), pthread_self()) != 0 }

    // MARK: Waiting. Only on the reactor's thread, that is from a session actor.

    /// A fresh id for `park(_:until:)`.
    func makeID() -> UInt64 {
        lastID += 1
        return lastID
    }

    /// Suspends until `descriptor` is ready for one of the wanted directions, the deadline passes or the task is cancelled.
    func ready(
        _ descriptor: CInt, reads: Bool, writes: Bool, until deadline: ContinuousClock.Instant
    ) async -> Wake {
        let id = makeID()
        // A socket that is always ready must not keep its deadline from passing.
        guard deadline > .now else { return .timedOut }
        let failure = macha_epoll_arm(epoll, descriptor, reads ? 1 : 0, writes ? 1 : 0, id)
        // A descriptor that epoll refuses is closed or broken: let the caller's next read say how.
        return failure == 0 ? await park(id, until: deadline) : .ready
    }

    /// Suspends until one of several descriptors is ready, ``wake(_:)`` is called with `id`, or the deadline passes.
    func ready(
        _ interests: [Interest], _ id: UInt64, until deadline: ContinuousClock.Instant
    ) async -> Wake {
        guard deadline > .now else { return .timedOut }
        for interest in interests {
            let (reads, writes): (CInt, CInt) = (interest.reads ? 1 : 0, interest.writes ? 1 : 0)
            // As above: the caller's next call on the descriptor says what is wrong with it.
            guard macha_epoll_arm(epoll, interest.descriptor, reads, writes, id) == 0 else { return .ready }
        }
        return await park(id, until: deadline)
    }

    /// What is waited for on one descriptor.
    struct Interest {
        var descriptor: CInt
        var reads: Bool
        var writes: Bool
    }

    /// Lets every other session that is ready have its turn. A conversation that never has to wait calls this between two
    /// pieces of work; otherwise nothing but it would run.
    func turn(until deadline: ContinuousClock.Instant) async -> Wake {
        guard !Task.isCancelled else { return .cancelled }
        guard deadline > .now else { return .timedOut }
        let id = makeID()
        post { $0.wake(id) }
        return await park(id, until: deadline)
    }

    /// Suspends until ``wake(_:)`` is called with `id`, the deadline passes or the task is cancelled.
    ///
    /// A continuation resumes its task on the task's executor, not on its actor's (swiftlang/swift#38600). Without the preference
    /// for this one each wait would go through a thread of the global pool and back, ten times the cost of the wait itself.
    ///
    /// `isolation` is the calling session. It must be named: the closures below would otherwise leave the actor.
    func park(
        _ id: UInt64, until deadline: ContinuousClock.Instant, isolation: isolated (any Actor)? = #isolation
    ) async -> Wake {
        await withTaskExecutorPreference(self) {
            _ = isolation
            return await withTaskCancellationHandler {
                _ = isolation
                return await withCheckedContinuation { continuation in
                    checkIsolated()
                    waits[id] = Wait(continuation: continuation, deadline: deadline)
                    nextExpiry = min(nextExpiry ?? deadline, deadline)
                }
            } onCancel: {
                // Delivered after the wait is registered, even when the task was cancelled before: the registration runs on
                // this thread, and messages are read when it has returned to its loop.
                post { $0.end(id, .cancelled) }
            }
        }
    }

    /// Ends the wait with this id, if it has begun and not ended.
    func wake(_ id: UInt64) { end(id, .ready) }

    /// Runs `message` on the reactor's thread. May be called from any thread.
    package func post(_ message: @escaping @Sendable (Reactor) -> Void) {
        deliver { $0.messages.append(message) }
    }

    private func end(_ id: UInt64, _ wake: Wake) {
        waits.removeValue(forKey: id)?.continuation.resume(returning: wake)
    }

    // MARK: The loop

    private func start() {
        let me = Unmanaged.passRetained(self)
        var thread = pthread_t()
        let status = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Reactor>.fromOpaque(argument).takeRetainedValue().run()
            }, me.toOpaque())
        precondition(status == 0, "no thread for the SSH reactor: errno \(status)")
        pthread_detach(thread)
    }

    private func run() -> Never {
        thread.store(pthread_self(), ordering: .relaxed)
        // Where it is not supported we are as well off as every other program with libssh2.
        _ = macha_ssh2_watch_this_thread(Self.longestCall)
        var ids = [UInt64](repeating: 0, count: 256)
        while true {
            let isIdle = runInbox()
            let count = macha_epoll_wait(epoll, &ids, CInt(ids.count), isIdle ? millisecondsToWait() : 0)
            inbox.withLock { $0.isAwake = true }
            for id in ids.prefix(Int(count)) {
                if id == 0 { drainSignal() } else { end(id, .ready) }
            }
            expire()
        }
    }

    /// Runs what was delivered; what that work delivers in turn comes after a look at the sockets. Answers whether there
    /// is nothing of that, so that the thread may sleep: then the next delivery wakes it.
    private func runInbox() -> Bool {
        var jobs: [UnownedJob] = []
        var messages: [@Sendable (Reactor) -> Void] = []
        inbox.withLock { inbox in
            swap(&jobs, &inbox.jobs)
            swap(&messages, &inbox.messages)
        }
        for message in messages { message(self) }
        for job in jobs { run(job) }
        return inbox.withLock { inbox in
            inbox.isAwake = !(inbox.jobs.isEmpty && inbox.messages.isEmpty)
            return !inbox.isAwake
        }
    }

    private func run(_ job: UnownedJob) {
        isRunningJob = true
        hops.append(job)
        while let next = hops.popLast() { next.runSynchronously(on: asUnownedSerialExecutor()) }
        isRunningJob = false
    }

    private func deliver(_ add: (inout Inbox) -> Void) {
        inbox.withLock { inbox in
            add(&inbox)
            guard !inbox.isAwake else { return }
            inbox.isAwake = true
            eventfd_write(signal, 1)
        }
    }

    private func drainSignal() {
        var counter: eventfd_t = 0
        eventfd_read(signal, &counter)
    }

    private func millisecondsToWait() -> CInt {
        guard let nextExpiry else { return -1 }
        let left = ContinuousClock.now.duration(to: nextExpiry)
        guard left > .zero else { return 0 }
        // Rounded up: a wait that ends a moment early would only come back here.
        return CInt(min(left / .milliseconds(1) + 1, 60_000))
    }

    private func expire() {
        guard let expiry = nextExpiry else { return }
        let now = ContinuousClock.now
        guard expiry <= now else { return }
        let expired = waits.filter { $0.value.deadline <= now }.map(\.key)
        for id in expired { end(id, .timedOut) }
        nextExpiry = waits.values.map(\.deadline).min()
    }
}
