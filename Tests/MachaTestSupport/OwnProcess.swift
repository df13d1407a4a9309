// SPDX-License-Identifier: MIT
import Foundation
import Glibc

/// What this process holds.
package enum OwnProcess {
    /// How many files, pipes and sockets are open, by path or kind. What is none of them (epoll, eventfd, timerfd) belongs to the one
    /// reactor and to Dispatch, which makes its own when they are first needed; a sanitizer talks with its symbolizer through pipes.
    package static func descriptors() throws -> [String: Int] {
        let files = FileManager.default
        let links = try files.contentsOfDirectory(atPath: "/proc/self/fd").compactMap {
            try? files.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")
        }
        let kinds = links.map { $0.replacing(" (deleted)", with: "").prefix { $0 != ":" } }.filter {
            $0 != "anon_inode" && !($0 == "pipe" && isSanitized)
        }
        return Dictionary(kinds.map { (String($0), 1) }, uniquingKeysWith: +)
    }

    /// The most memory it ever had resident, in bytes.
    package static func peakMemory() throws -> Int {
        let status = String(decoding: try Data(contentsOf: URL(filePath: "/proc/self/status")), as: UTF8.self)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
        return (Int(line.filter(\.isNumber)) ?? 0) * 1024
    }

    /// The memory that is this process's alone, in bytes: what its end would give back.
    package static func privateMemory() throws -> Int {
        let text = String(decoding: try Data(contentsOf: URL(filePath: "/proc/self/smaps_rollup")), as: UTF8.self)
        return text.split(separator: "\n").filter { $0.hasPrefix("Private_") }
            .reduce(0) { $0 + (Int($1.filter(\.isNumber)) ?? 0) * 1024 }
    }

    /// Whether a sanitizer is built in, which has memory of its own.
    package static let isSanitized =
        dlsym(nil, "__asan_init") != nil || dlsym(nil, "__tsan_init") != nil

    /// Whether this is the process of one test, started by ``runAlone(_:)``.
    package static let isAlone = ProcessInfo.processInfo.environment["MACHA_TEST_ALONE"] != nil

    /// Runs the test whose name matches `pattern` in a process of its own, where nothing else opens files and a crash is an
    /// exit status. Answers that and what it printed. `environment` comes on top of this process's own; `wrapper` are words to
    /// put before its command line, the first a path.
    ///
    /// Swift Testing's exit tests would do, but each blocks two threads of the concurrency pool, of which a small machine
    /// has no more.
    package static func runAlone(
        _ pattern: String, environment: [String: String] = [:], through wrapper: [String] = []
    ) async throws -> (status: Int32, output: String) {
        var arguments: [String] = []
        var rest = CommandLine.arguments.dropFirst()
        // All that says which tests to run and where to report is left out.
        while let argument = rest.popFirst() {
            let takesValue =
                ["--filter", "--skip"].contains(argument) || argument.hasSuffix("-output")
                || argument.hasSuffix("-output-path")
            if takesValue { rest = rest.dropFirst() } else { arguments.append(argument) }
        }
        let scratch = try Scratch("macha-alone")
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let words = wrapper + [own] + arguments + ["--filter", pattern]
        let child = try ChildProcess(
            words[0], Array(words.dropFirst()),
            environment: ProcessInfo.processInfo.environment.merging(environment) { $1 }
                .merging(["MACHA_TEST_ALONE": "1"]) { $1 },
            output: scratch.path("output"), errors: scratch.path("errors"))
        let status = await child.finished()
        return (status, try scratch.read("output") + scratch.read("errors"))
    }

    /// A number from the environment, for suites that run longer when asked to.
    package static func number(_ variable: String, or usual: Int) -> Int {
        ProcessInfo.processInfo.environment[variable].flatMap(Int.init) ?? usual
    }
}
