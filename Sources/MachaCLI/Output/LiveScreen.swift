// SPDX-License-Identifier: MIT
import MachaViews
import Dispatch
import Foundation
import Synchronization

/// The terminal as a whole, for a picture that is drawn again and again until the person leaves.
///
/// It takes the alternate screen and gives the person's own back, with keys and cursor as they were, however it ends:
/// `q`, Ctrl-C, a signal that ends programs, or the end of the input.
final class LiveScreen: Sendable {
    /// What the person or the system asks for.
    enum Event: Hashable, Sendable {
        case quit
        case resize
        /// Lines towards the end.
        case scroll(Int)
        case top
    }

    private struct State {
        var isActive = false
        var keys = termios()
    }

    /// What happens, until ``leave()``.
    let events: AsyncStream<Event>
    private let continuation: AsyncStream<Event>.Continuation
    private let input: CInt
    private let output: CInt
    private let sink: Output.Sink
    private let environment: [String: String]
    private let state = Mutex(State())
    /// Written at the start and at the end only, both under the lock of ``state``.
    nonisolated(unsafe) private var signals: CaughtSignals?
    nonisolated(unsafe) private var keys: (any DispatchSourceRead)?

    /// `nil` where nothing can be drawn over: no terminal, or one that cannot move its cursor.
    init?(
        input: CInt = STDIN_FILENO, output: CInt = STDOUT_FILENO,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) {
        guard Terminal(descriptor: output, environment: environment).canErase, isatty(input) == 1 else { return nil }
        (events, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(64))
        self.input = input
        self.output = output
        self.environment = environment.filter { $0.key != "COLUMNS" }
        sink = DescriptorSink.sink(to: output)
    }

    /// Rows and what the renderer has to know, as they are now.
    ///
    /// The last column stays free: erasing behind a line that reaches it would take its last character. `COLUMNS` does
    /// not count here, because it does not follow the window.
    var size: (rows: Int, terminal: Terminal) {
        var size = winsize()
        let isKnown = ioctl(output, UInt(TIOCGWINSZ), &size) == 0 && size.ws_row > 0 && size.ws_col > 0
        let (rows, columns) = isKnown ? (Int(size.ws_row), Int(size.ws_col)) : (24, 80)
        return (rows, Terminal(isInteractive: true, windowColumns: columns - 1, environment: environment))
    }

    /// Takes the screen and begins to listen.
    func enter() throws(OutputError) {
        state.withLock { state in
            var keys = termios()
            guard !state.isActive, tcgetattr(input, &keys) == 0 else { return }
            state.keys = keys
            state.isActive = true
            // Keys come one by one and are not shown. What sends signals stays, but for the stop: a stopped program
            // would leave the person in front of our screen without a prompt.
            keys.c_lflag &= ~tcflag_t(ICANON | ECHO)
            withUnsafeMutableBytes(of: &keys.c_cc) { $0[Int(VSUSP)] = 0 }
            tcsetattr(input, TCSANOW, &keys)
            listen()
        }
        try sink("\u{1b}[?1049h\u{1b}[?25l\u{1b}[?7l")
    }

    /// Gives the screen back. Does nothing the second time.
    func leave() {
        let wasActive = state.withLock { state in
            guard state.isActive else { return false }
            state.isActive = false
            keys?.cancel()
            signals?.restore()
            (keys, signals) = (nil, nil)
            tcsetattr(input, TCSANOW, &state.keys)
            return true
        }
        guard wasActive else { return }
        // A terminal that has gone away has nothing to be given back.
        try? sink("\u{1b}[?7h\u{1b}[?25h\u{1b}[?1049l")
        continuation.finish()
    }

    /// Draws `frame` in one write.
    func draw(_ frame: LiveFrame) throws(OutputError) {
        guard state.withLock({ $0.isActive }) else { return }
        let (rows, terminal) = size
        try sink(frame.drawn(rows: rows, terminal: terminal))
    }

    private static let endings = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]

    private func listen() {
        let queue = DispatchQueue(label: "macha.screen")
        signals = CaughtSignals(Self.endings + [SIGWINCH], on: queue) { [continuation] number in
            continuation.yield(number == SIGWINCH ? .resize : .quit)
        }
        let keys = DispatchSource.makeReadSource(fileDescriptor: input, queue: queue)
        keys.setEventHandler { [continuation, input] in
            var bytes = [UInt8](repeating: 0, count: 64)
            let count = read(input, &bytes, bytes.count)
            guard count > 0 else {
                if count == 0 || (errno != EAGAIN && errno != EINTR) { continuation.yield(.quit) }
                return
            }
            for event in Self.events(of: bytes.prefix(count)) { continuation.yield(event) }
        }
        keys.activate()
        self.keys = keys
    }

    /// What keys mean: `q`, Ctrl-C and Ctrl-D leave; arrows, `j` and `k`, the space bar and the page keys scroll.
    static func events(of bytes: some Sequence<UInt8>) -> [Event] {
        let keys: [(sequence: String, event: Event)] = [
            ("\u{1b}[A", .scroll(-1)), ("\u{1b}OA", .scroll(-1)), ("k", .scroll(-1)), ("\u{1b}[B", .scroll(1)),
            ("\u{1b}OB", .scroll(1)), ("j", .scroll(1)), ("\u{1b}[5~", .scroll(-10)), ("b", .scroll(-10)),
            ("\u{1b}[6~", .scroll(10)), (" ", .scroll(10)), ("\u{1b}[H", .top), ("g", .top), ("q", .quit), ("Q", .quit),
            ("\u{3}", .quit), ("\u{4}", .quit),
        ]
        var rest = Array(bytes)[...]
        var events: [Event] = []
        while !rest.isEmpty {
            if let key = keys.first(where: { rest.starts(with: $0.sequence.utf8) }) {
                events.append(key.event)
                rest = rest.dropFirst(key.sequence.utf8.count)
            } else {
                rest = rest.dropFirst()
            }
        }
        return events
    }
}
