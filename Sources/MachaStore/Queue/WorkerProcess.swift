// SPDX-License-Identifier: MIT
import Foundation
import MachaModel

/// The process that works on a job, as the column `worker` names it: `macha 4711 PLACE BOOT START`.
///
/// A number of a process is used again, and a state directory may be shared. So the name holds when the process began, since
/// which start of the system, and on which machine, in which namespace of process numbers. Only of our own machine and
/// namespace it can be determined that a process is gone; any other keeps its lease until that runs out.
package struct WorkerProcess: Hashable, Sendable {
    private var program: String
    private var process: Int32
    private var place: String
    private var boot: String
    private var start: String

    /// This process, as `program`.
    package static func current(_ program: String) -> WorkerProcess {
        let process = getpid()
        return WorkerProcess(
            program: program, process: process, place: ownPlace, boot: ownBoot, start: start(of: process) ?? "-")
    }

    /// What a claim is made with.
    package var name: String { "\(program) \(process) \(place) \(boot) \(start)" }

    /// For people: program and process.
    package static func shortName(_ worker: String) -> String {
        worker.split(separator: " ").prefix(2).joined(separator: " ")
    }

    private init(program: String, process: Int32, place: String, boot: String, start: String) {
        self.program = program
        self.process = process
        self.place = place
        self.boot = boot
        self.start = start
    }

    /// `nil` for a name of another kind.
    private init?(_ worker: String) {
        let words = worker.split(separator: " ").map(String.init)
        guard words.count == 5, let process = Int32(words[1]), process > 0 else { return nil }
        self.init(program: words[0], process: process, place: words[2], boot: words[3], start: words[4])
    }

    /// Whether the process that claimed as `worker` has surely ended.
    package static func isGone(_ worker: String) -> Bool {
        guard let known = WorkerProcess(worker), known.place == ownPlace else { return false }
        guard known.boot == ownBoot else { return true }
        // Where others' processes are hidden, only the kernel's word counts.
        guard let start = start(of: known.process) else { return kill(known.process, 0) != 0 && errno == ESRCH }
        return start != known.start
    }

    private static let ownPlace: String = {
        let machine = text("/etc/machine-id") ?? ProcessInfo.processInfo.hostName
        var target = [CChar](repeating: 0, count: 64)
        let length = readlink("/proc/self/ns/pid", &target, 63)
        let space = String(decoding: target.prefix(max(0, length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return ContentHash(of: "\(machine)\n\(space)".utf8).short
    }()

    private static let ownBoot = ContentHash(of: (text("/proc/sys/kernel/random/boot_id") ?? "").utf8).short

    private static func text(_ path: String) -> String? {
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        let text = String(decoding: data, as: UTF8.self).filter { !$0.isWhitespace }
        return text.isEmpty ? nil : text
    }

    /// When a process began, in ticks since the system started; empty for what is left of one that has ended, `nil` when
    /// there is none to be seen.
    private static func start(of process: Int32) -> String? {
        guard let data = FileManager.default.contents(atPath: "/proc/\(process)/stat") else { return nil }
        // The name in brackets may hold anything, so count from its end: state is field 3, the start field 22 (proc(5)).
        let fields = String(decoding: data, as: UTF8.self).split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 19 else { return nil }
        return fields[0] == "Z" || fields[0] == "X" ? "" : String(fields[19])
    }
}
