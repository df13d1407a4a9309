// SPDX-License-Identifier: MIT
import Foundation
import MachaViews

extension Terminal {
    static var standardOutput: Terminal { Terminal(descriptor: STDOUT_FILENO) }
    static var standardError: Terminal { Terminal(descriptor: STDERR_FILENO) }

    /// Asks the system about `descriptor`.
    init(descriptor: CInt, environment: [String: String] = ProcessInfo.processInfo.environment) {
        var size = winsize()
        let hasSize = ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0
        self.init(
            isInteractive: isatty(descriptor) == 1, windowColumns: hasSize ? Int(size.ws_col) : nil,
            environment: environment)
    }
}
