// SPDX-License-Identifier: MIT
import MachaViews
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

    /// Puts `text` in the place of the file at `path`, which keeps its mode; a new one is for its owner alone (0600), as
    /// the state is that it tells of. A device or a pipe, as `/dev/stdout`, is written to instead.
    static func replace(_ path: String, with text: String) throws(OutputError) {
        var status = stat()
        let exists = stat(path, &status) == 0
        let isPlain = !exists || status.st_mode & S_IFMT == S_IFREG
        let target = isPlain ? "\(path).\(getpid()).part" : path
        let flags = O_WRONLY | O_CLOEXEC | (isPlain ? O_CREAT | O_EXCL : 0)
        let descriptor = open(target, flags, exists ? status.st_mode & 0o777 : 0o600)
        guard descriptor >= 0 else { throw failure("cannot write \(path)") }
        do throws(OutputError) {
            try sink(to: descriptor)(text)
        } catch {
            close(descriptor)
            if isPlain { unlink(target) }
            throw OutputError("cannot write \(path): \(error.description)")
        }
        close(descriptor)
        guard isPlain, rename(target, path) != 0 else { return }
        let failure = failure("cannot write \(path)")
        unlink(target)
        throw failure
    }

    private static func failure(_ operation: String) -> OutputError {
        OutputError("\(operation): \(String(cString: strerror(errno)).lowercased())")
    }
}
