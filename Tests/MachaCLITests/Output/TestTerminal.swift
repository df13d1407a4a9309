// SPDX-License-Identifier: MIT
@testable import MachaViews
import Synchronization

@testable import MachaCLI

extension Terminal {
    /// A person's terminal of this width.
    static func wide(_ columns: Int) -> Terminal {
        Terminal(isInteractive: true, windowColumns: columns, environment: ["NO_COLOR": "1"])
    }

    static let pipe = Terminal(isInteractive: false, windowColumns: nil, environment: [:])
}

/// Collects what would go to a stream.
final class Recorder: Sendable {
    private let storage = Mutex("")

    var text: String { storage.withLock { $0 } }

    var sink: Output.Sink { { text throws(OutputError) in self.storage.withLock { $0 += text } } }
}
