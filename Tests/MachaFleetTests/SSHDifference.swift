// SPDX-License-Identifier: MIT
import Foundation
import MachaTestSupport

/// How many cases the comparisons with ssh try, and from which seed on.
enum SSHDifference {
    /// `MACHA_DIFF_SSH` cases in all (`script/test --diff-ssh N`); a few in every run.
    static let cases = ProcessInfo.processInfo.environment["MACHA_DIFF_SSH"].flatMap { Int($0) } ?? 400
    static let seed = ProcessInfo.processInfo.environment["MACHA_DIFF_SEED"].flatMap { UInt64($0) } ?? 16

    /// Half of the cases ask `ssh-keygen -F`, one in twenty compares with the verdict of a real connection, the rest `ssh -G`.
    static var lookups: Int { cases / 2 }
    static var verdicts: Int { max(cases / 20, 1) }
    static var configurations: Int { cases - lookups - verdicts }

    /// Runs a program to its end on a thread of its own: so many in a row would keep the concurrency pool from all else.
    static func output(
        of program: String, _ arguments: [String], environment: [String: String]? = nil
    ) async throws -> (status: Int32, output: String) {
        try await onThread { Result { try run(program, arguments, environment: environment) } }.get()
    }
}

extension SeededRandom {
    /// One of them.
    mutating func pick<Element>(_ from: [Element]) -> Element { from[Int.random(in: 0..<from.count, using: &self)] }

    mutating func chance(_ one: Int) -> Bool { Int.random(in: 0..<one, using: &self) == 0 }
}
