// SPDX-License-Identifier: MIT
import CCurl
import Glibc
import Synchronization

/// The one thread that works libcurl: it waits in `curl_multi_poll`, and `curl_multi_wakeup` brings it new work.
final class Driver: @unchecked Sendable {
    // @unchecked: `inbox` is guarded by its mutex; `transfers` is touched on the thread only. libcurl's multi handle is used
    // on the thread only, but for curl_multi_wakeup, which any thread may call.

    private struct Inbox {
        var work: [@Sendable (Driver) -> Void] = []
        var isClosed = false
    }

    private let multi = MultiHandle()
    private let inbox = Mutex(Inbox())
    private var transfers: [UnsafeMutableRawPointer: Transfer] = [:]

    init() {
        let me = Unmanaged.passRetained(self)
        var thread = pthread_t()
        let status = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Driver>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, me.toOpaque())
        precondition(status == 0, "no thread for HTTP: errno \(status)")
        pthread_detach(thread)
    }

    // MARK: From any thread

    func start(_ transfer: Transfer) {
        if !post({ $0.add(transfer) }) { transfer.abandon(.closed) }
    }

    /// Suspends until the mailbox may have news. A task that is cancelled meanwhile gives the exchange up.
    func wait(for transfer: Transfer) async {
        await withTaskCancellationHandler {
            await transfer.mailbox.wait()
        } onCancel: {
            abandon(transfer)
        }
    }

    func resume(_ transfer: Transfer) {
        post { driver in
            if driver.transfers[transfer.easy.raw] != nil { transfer.resume() }
        }
    }

    /// Ends an exchange that nobody reads any more, and closes its connection unless it was complete.
    func abandon(_ transfer: Transfer) {
        transfer.abandon(.cancelled)
        post { $0.remove(transfer) }
    }

    /// Ends the thread, and whatever is under way.
    func close() {
        inbox.withLock { inbox in
            inbox.isClosed = true
            macha_curl_multi_wakeup(multi.raw)
        }
    }

    /// Answers false when the client is closed.
    @discardableResult
    private func post(_ work: @escaping @Sendable (Driver) -> Void) -> Bool {
        inbox.withLock { inbox in
            guard !inbox.isClosed else { return false }
            inbox.work.append(work)
            macha_curl_multi_wakeup(multi.raw)
            return true
        }
    }

    // MARK: On the thread

    private func run() {
        // libcurl may write into a connection the server has closed; that is an error, not a death.
        var pipe = sigset_t()
        sigemptyset(&pipe)
        sigaddset(&pipe, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &pipe, nil)
        while runInbox() {
            var running: CInt = 0
            macha_curl_multi_perform(multi.raw, &running)
            finishTransfers()
            expireTransfers()
            macha_curl_multi_wait(multi.raw, millisecondsToWait())
        }
        for transfer in transfers.values {
            macha_curl_multi_remove_handle(multi.raw, transfer.easy.raw)
            transfer.abandon(.closed)
        }
        transfers = [:]
    }

    /// Does what was posted. Answers false when the client is closed.
    private func runInbox() -> Bool {
        let (work, isClosed) = inbox.withLock { inbox in
            defer { inbox.work = [] }
            return (inbox.work, inbox.isClosed)
        }
        for work in work { work(self) }
        return !isClosed
    }

    private func add(_ transfer: Transfer) {
        transfers[transfer.easy.raw] = transfer
        let code = macha_curl_multi_add_handle(multi.raw, transfer.easy.raw)
        precondition(code == CURLM_OK, "libcurl does not take a fresh handle: \(code.rawValue)")
    }

    private func remove(_ transfer: Transfer) {
        guard transfers.removeValue(forKey: transfer.easy.raw) != nil else { return }
        macha_curl_multi_remove_handle(multi.raw, transfer.easy.raw)
    }

    private func finishTransfers() {
        var code = CURLE_OK
        while let easy = macha_curl_next_finished(multi.raw, &code) {
            guard let transfer = transfers[easy] else { continue }
            // The end is told while the handle is still with the multi handle, which knows how far it came.
            transfer.finish(code)
            remove(transfer)
        }
    }

    private func expireTransfers() {
        let now = ContinuousClock.now
        for transfer in transfers.values.filter({ $0.deadline <= now }) {
            transfer.expire()
            remove(transfer)
        }
    }

    private func millisecondsToWait() -> CInt {
        guard let next = transfers.values.map(\.deadline).min() else { return 60_000 }
        let left = ContinuousClock.now.duration(to: next)
        // Rounded up: a wait that ends a moment early would only come back here.
        return left > .zero ? CInt(min(left / .milliseconds(1) + 1, 60_000)) : 0
    }
}
