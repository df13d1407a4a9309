// SPDX-License-Identifier: MIT
@testable import MachaViews
import Foundation
import Testing

@testable import MachaCLI

struct OutputTests {
    private struct Row: Encodable {
        var zone = "a/b"
        var count = 2
        var since = Date(timeIntervalSince1970: 1_800_000_000.75)
        var load = Double.nan
    }

    private func run(_ format: Output.Format, _ body: (Output) throws -> Void) rethrows -> (out: String, err: String) {
        let (out, err) = (Recorder(), Recorder())
        try body(
            Output(
                format: format, terminal: .wide(80), errorTerminal: .wide(80), standardOutput: out.sink,
                standardError: err.sink))
        return (out.text, err.text)
    }

    @Test func `JSON is one document with sorted keys and whole seconds in UTC`() throws {
        let said = try run(.json) { output in
            try output.show(Page([.text(["for people"], indent: 0)]))
            try output.show([Row()]) { _ in Page() }
        }
        #expect(
            said.out == """
                [
                  {
                    "count" : 2,
                    "load" : "nan",
                    "since" : "2027-01-15T08:00:00Z",
                    "zone" : "a/b"
                  }
                ]

                """)
    }

    @Test func `people get the page of the same value`() throws {
        let said = try run(.text) { try $0.show(Row()) { Page([.text([Cell($0.zone)], indent: 0)]) } }
        #expect(said.out == "a/b\n")
    }

    @Test(arguments: [Output.Format.text, .json])
    func `notes go to standard error`(format: Output.Format) throws {
        let said = try run(format) { try $0.note(Cell("careful:", .warning), "\u{1b}[2Jnas") }
        #expect(said.out.isEmpty)
        #expect(said.err == "careful: ·[2Jnas\n")
    }

    @Test func `a value that cannot be encoded is an error`() {
        struct Unwilling: Encodable {
            struct Refusal: Error {}
            func encode(to encoder: any Encoder) throws { throw Refusal() }
        }
        #expect(throws: OutputError.self) { try run(.json) { try $0.show(Unwilling()) { _ in Page() } } }
    }
}
