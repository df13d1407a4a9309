// SPDX-License-Identifier: MIT
import MachaViews
import ArgumentParser
import Foundation
import Macha
import MachaStore

/// A command that cannot go on: what to say, and the exit status (sysexits.h).
struct Failure: Error {
    enum Code: Int32 {
        /// The operation failed on some host; the report says which.
        case hosts = 1
        /// A command of the first Macha that this one does not have; the message says what to type instead.
        case replaced = 2
        case usage = 64
        /// Bad inventory, playbook or input data.
        case input = 65
        /// A needed service cannot be reached.
        case unavailable = 69
        case configuration = 78
    }

    var code: Code
    var lines: [String]
    /// What helps, to be copied as it is; it goes to standard output, and only where people read.
    var example: String?

    init(_ code: Code, _ lines: [String], example: String? = nil) {
        self.code = code
        self.lines = lines
        self.example = example
    }

    init(_ code: Code, _ line: String) { self.init(code, [line]) }

    init(_ error: ControllerError) {
        let code: Code =
            switch error.kind {
            case .hosts: .hosts
            case .usage: .usage
            case .input: .input
            case .unavailable: .unavailable
            case .configuration: .configuration
            }
        self.init(code, error.messages, example: error.example)
    }

    init(_ error: StoreError) { self.init(.unavailable, "\(error)") }
}

/// A command whose failures end in words on standard error and the right exit status.
protocol ReportingCommand: AsyncParsableCommand {
    var output: Output { get }

    /// The command itself.
    func execute() async throws
}

/// A command about the fleet, with the options all of these share.
protocol FleetCommand: ReportingCommand {
    var options: GlobalOptions { get }
}

extension FleetCommand {
    var output: Output { options.output }
}

extension ReportingCommand {
    /// A mistake in words. A sentence that ends in a command has it on a line of its own, to be copied as it is.
    static func page(_ line: String) -> Page {
        let end = line.range(of: ": macha ", options: .backwards)
        let (words, command) =
            end.map { (String(line[..<$0.lowerBound]) + ":", line[$0.lowerBound...].dropFirst(2)) }
            ?? (line, "")
        var page = Page([.text([Cell("error:", .critical), Cell(words, limit: 4_000)], indent: 0)])
        if !command.isEmpty { RemedyLines.add([String(command)], to: &page, indent: 2) }
        return page
    }

    func run() async throws {
        do {
            try await execute()
        } catch let failure as Failure {
            try end(failure)
        } catch let error as ControllerError {
            try end(Failure(error))
        } catch let error as StoreError {
            try end(Failure(error))
        } catch let error as OutputError {
            // A reader that has gone got what it wanted.
            if error.isReaderGone { return }
            throw error
        }
    }

    private func end(_ failure: Failure) throws {
        for line in failure.lines { try? output.note(Self.page(line)) }
        if let example = failure.example, output.format == .text { try? output.show(document: example) }
        throw ExitCode(failure.code.rawValue)
    }
}
