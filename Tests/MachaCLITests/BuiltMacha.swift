// SPDX-License-Identifier: MIT
import Foundation

/// The program that was built with these tests.
enum BuiltMacha {
    static var path: String {
        let beside = Bundle.main.bundleURL.deletingLastPathComponent().appending(path: "macha").path
        return FileManager.default.isExecutableFile(atPath: beside)
            ? beside
            : URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "macha").path
    }

    /// `own`, and what script/test sets to choose the libssh2 and to tell the sanitizers.
    static func environment(_ own: [String: String]) -> [String: String] {
        let passed = ProcessInfo.processInfo.environment.filter {
            ["LD_LIBRARY_PATH", "TSAN_OPTIONS", "LSAN_OPTIONS", "ASAN_OPTIONS"].contains($0.key)
        }
        return own.merging(passed) { $1 }
    }
}
