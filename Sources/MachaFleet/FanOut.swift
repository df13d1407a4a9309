// SPDX-License-Identifier: MIT

/// The same work on many hosts, a bounded number at a time; results come in the order they are ready.
package enum FanOut {
    /// Hosts asked at once unless a person says otherwise. Each costs one socket here; the limit protects the
    /// network and `MaxStartups` of a shared address, not this process.
    package static let defaultWidth = 64

    /// Runs `work` for each of `items`, at most `width` at a time, and hands every result to `receive` as it comes.
    ///
    /// One that takes long occupies one place and delays nobody else. Cancelling the task cancels what is under way and
    /// starts nothing more; so does an error that `receive` throws, which is passed on.
    package static func run<Item: Sendable, Outcome: Sendable, Failure: Error>(
        _ items: [Item], width: Int = defaultWidth, _ work: @escaping @Sendable (Item) async -> Outcome,
        receive: (Outcome) async throws(Failure) -> Void
    ) async throws(Failure) {
        let failure: Failure? = await withTaskGroup(of: Outcome.self) { group in
            var rest = items.makeIterator()
            for _ in 0..<max(1, width) {
                guard let item = rest.next() else { break }
                guard group.addTaskUnlessCancelled(operation: { await work(item) }) else { break }
            }
            while let outcome = await group.next() {
                do throws(Failure) {
                    try await receive(outcome)
                } catch {
                    group.cancelAll()
                    return error
                }
                if let item = rest.next() { _ = group.addTaskUnlessCancelled { await work(item) } }
            }
            return nil
        }
        if let failure { throw failure }
    }
}
