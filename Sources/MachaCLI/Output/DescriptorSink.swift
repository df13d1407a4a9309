// SPDX-License-Identifier: MIT
import Foundation

/// Sinks that write to file descriptors without a buffer of their own, so that nothing is lost at exit.
enum DescriptorSink {
    static let standardOutput = sink(to: STDOUT_FILENO)
    static let standardError = sink(to: STDERR_FILENO)

    /// Writes all of a text or throws, also to a pipe that somebody has made non-blocking.
    static func sink(to descriptor: CInt) -> Output.Sink {
        { text throws(OutputError) in
            var rest = Array(text.utf8)[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
                if count >= 0 {
                    rest = rest.dropFirst(count)
                } else if errno == EAGAIN {
                    var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    poll(&wait, 1, 1_000)
                } else if errno != EINTR {
                    let number = errno
                    let reason = String(cString: strerror(number)).lowercased()
                    throw OutputError("cannot write the output: \(reason)", isReaderGone: number == EPIPE)
                }
            }
        }
    }
}
