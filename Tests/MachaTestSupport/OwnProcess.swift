// SPDX-License-Identifier: MIT
import Foundation
import Glibc

/// What this process holds.
package enum OwnProcess {
    /// Open descriptors; the one that looks is not counted.
    package static func descriptors() throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
    }

    /// The most memory it ever had resident, in bytes.
    package static func peakMemory() throws -> Int {
        let status = String(decoding: try Data(contentsOf: URL(filePath: "/proc/self/status")), as: UTF8.self)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
        return (Int(line.filter(\.isNumber)) ?? 0) * 1024
    }

    /// Whether a sanitizer is built in, which has memory of its own.
    package static let isSanitized =
        dlsym(nil, "__asan_init") != nil || dlsym(nil, "__tsan_init") != nil

    /// A number from the environment, for suites that run longer when asked to.
    package static func number(_ variable: String, or usual: Int) -> Int {
        ProcessInfo.processInfo.environment[variable].flatMap(Int.init) ?? usual
    }
}
