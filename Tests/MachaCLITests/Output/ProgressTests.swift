// SPDX-License-Identifier: MIT
@testable import MachaViews
import Testing

@testable import MachaCLI

struct ProgressTests {
    private let start = ContinuousClock.now

    private func line(_ waiting: [String], width: Int) -> String? {
        ProgressLine(verb: "collecting", startedAt: start, done: 37, total: 50, waiting: waiting)
            .text(at: start + .seconds(2), width: width)
    }

    @Test func `short work shows nothing`() {
        let line = ProgressLine(verb: "collecting", startedAt: start, done: 1, total: 2)
        #expect(line.text(at: start + .milliseconds(999), width: 80) == nil)
        #expect(line.text(at: start + .seconds(1), width: 80) == "collecting 1/2")
    }

    @Test(arguments: [
        (80, "collecting 37/50 · 3 waiting: nas, web1, backup"),
        (44, "collecting 37/50 · 3 waiting: nas, web1, …"),
        (36, "collecting 37/50 · 3 waiting: nas, …"),
        (35, "collecting 37/50 · 3 waiting"),
        (10, "collecting"),
    ])
    func `names are shown as far as the line reaches`(width: Int, expected: String) {
        #expect(line(["nas", "web1", "backup"], width: width) == expected)
    }

    @Test func `a name cannot steer the terminal`() {
        #expect(line(["\u{1b}[2J"], width: 80) == "collecting 37/50 · 1 waiting: ·[2J")
    }

    @Test func `the line is drawn over itself and erased at the end`() {
        let recorder = Recorder()
        let progress = Progress("collecting", terminal: .wide(80), startedAt: start, sink: recorder.sink)
        progress.update(done: 1, of: 3, waiting: ["nas"], now: start)
        #expect(recorder.text.isEmpty)
        progress.tick(now: start + .seconds(1))
        progress.tick(now: start + .seconds(2))
        progress.update(done: 2, of: 3, waiting: [], now: start + .seconds(3))
        progress.erase()
        progress.erase()
        #expect(
            recorder.text == "\rcollecting 1/3 · 1 waiting: nas\u{1b}[K\rcollecting 2/3\u{1b}[K\r\u{1b}[K")
    }

    @Test(arguments: [
        Terminal.pipe, Terminal(isInteractive: true, windowColumns: 80, environment: ["TERM": "dumb"]),
    ])
    func `nothing is written where nothing can be erased`(terminal: Terminal) {
        let recorder = Recorder()
        let progress = Progress("collecting", terminal: terminal, startedAt: start, sink: recorder.sink)
        progress.update(done: 1, of: 3, waiting: ["nas"], now: start + .seconds(9))
        progress.erase()
        #expect(recorder.text.isEmpty)
    }

    @Test func `the line goes away when the work fails`() async {
        struct Failure: Error {}
        let recorder = Recorder()
        let begun = start - .seconds(5)
        let progress = Progress("collecting", terminal: .wide(80), startedAt: begun, sink: recorder.sink)
        await #expect(throws: Failure.self) {
            try await progress.during { progress in
                progress.update(done: 1, of: 2, waiting: [])
                throw Failure()
            }
        }
        #expect(recorder.text.hasSuffix("\r\u{1b}[K"))
    }

    @Test func `the work's result comes through`() async throws {
        let progress = Progress("collecting", terminal: .pipe, sink: Recorder().sink)
        #expect(try await progress.during { _ in 42 } == 42)
    }
}
