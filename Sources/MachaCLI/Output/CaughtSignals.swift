// SPDX-License-Identifier: MIT
import Dispatch
import Glibc

/// Signals that are heard instead of doing what they do by themselves, until ``restore()``.
final class CaughtSignals {
    private let numbers: [Int32]
    private let sources: [any DispatchSourceSignal]

    /// Calls `heard` on `queue` for each that comes, from now on.
    init(_ numbers: [Int32], on queue: DispatchQueue, heard: @escaping @Sendable (Int32) -> Void) {
        self.numbers = numbers
        sources = numbers.map { number in
            signal(number, SIG_IGN)  // the source is notified anyway
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { heard(number) }
            return source
        }
        for source in sources { source.activate() }
    }

    /// From now on they act as usual, and are not reported.
    func restore() {
        for source in sources { source.cancel() }
        Self.letAct(numbers)
    }

    /// The next of these acts as usual.
    static func letAct(_ numbers: [Int32]) {
        for number in numbers { signal(number, SIG_DFL) }
    }
}
