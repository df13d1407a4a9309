// SPDX-License-Identifier: MIT
import Foundation
import MachaProbes
import MachaTestSupport
import Testing

/// A POSIX shell of this machine.
enum Shell: String, CaseIterable, CustomTestStringConvertible {
    case dash
    case bash
    case busybox

    var testDescription: String { rawValue }
    var path: String? { Self.find(rawValue) }
    var arguments: [String] { self == .busybox ? ["sh", "-s"] : ["-s"] }

    static let present = allCases.filter { $0.path != nil }
    static let missing = allCases.filter { $0.path == nil }.map(\.rawValue)

    static func find(_ program: String) -> String? {
        ["/usr/bin", "/bin", "/run/current-system/sw/bin", "/usr/local/bin"].map { "\($0)/\(program)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}

/// One run of a script through a real shell, in an empty folder of its own, with stand-ins first in the search path.
struct ShellRun {
    var answer: ProbeAnswer
    /// The script printed nothing at all.
    var isSilent: Bool
    var status: Int32 = -1
    /// Command lines of processes that were started by the run and are still there after it.
    var leftProcesses: [String] = []
    var leftFiles: [String] = []

    func section(_ name: String) -> ProbeSection? { answer.sections.first { $0.name == name } }

    /// Runs `script` as `shell -s` with `standIns`: programs by name, each text a shell script without its first line.
    /// A bare run has the stand-ins in its search path and nothing else, also where the script adds folders to it.
    init(_ script: String, in shell: Shell, standIns: [String: String] = [:], isBare: Bool = false) async throws {
        let files = FileManager.default
        let folder = files.temporaryDirectory.appendingPathComponent("macha-\(UUID().uuidString)")
        let (tools, home) = (folder.appendingPathComponent("tools"), folder.appendingPathComponent("home"))
        for place in [tools, home] { try files.createDirectory(at: place, withIntermediateDirectories: true) }
        defer { try? files.removeItem(at: folder) }
        // Written by another process: a file that is open for writing here is open, for a moment, in every child that a
        // parallel test starts, and a program that is open for writing cannot be run (ETXTBSY).
        let writing = #"while [ $# -gt 1 ]; do printf '#!/bin/sh\n%s\n' "$2" >"$1" && chmod 755 "$1"; shift 2; done"#
        let words = standIns.flatMap { [tools.appendingPathComponent($0.key).path, $0.value] }
        _ = try await ChildProcess("/bin/sh", ["-c", writing, "sh"] + words).finished()
        let input = folder.appendingPathComponent("script")
        let script = isBare ? script.replacing(/(PATH=\$\{PATH):\+[^\n]*/, with: { "\($0.1)}" }) : script
        try script.write(to: input, atomically: false, encoding: .utf8)

        let mark = UUID().uuidString
        let written = folder.appendingPathComponent("written")
        let child = try ChildProcess(
            "/bin/sh", ["-c", #"cd "$0" && exec "$@""#, home.path, shell.path ?? shell.rawValue] + shell.arguments,
            environment: [
                "PATH": isBare ? tools.path : "\(tools.path):/usr/bin:/bin", "HOME": home.path, "TMPDIR": home.path,
                "MACHA_TEST_RUN": mark,
            ], input: input.path, output: written.path)
        status = await child.finished()
        let output = [UInt8](try Data(contentsOf: written))
        answer = ProbeAnswer(output)
        isSilent = output.isEmpty
        leftProcesses = Self.processes(with: "MACHA_TEST_RUN=\(mark)")
        leftFiles = try files.subpathsOfDirectory(atPath: home.path)
    }

    private static func processes(with mark: String) -> [String] {
        let ids = (try? FileManager.default.contentsOfDirectory(atPath: "/proc"))?.filter { Int($0) != nil } ?? []
        return ids.compactMap { id in
            guard let data = FileManager.default.contents(atPath: "/proc/\(id)/environ"),
                data.range(of: Data(mark.utf8)) != nil
            else { return nil }
            let line = FileManager.default.contents(atPath: "/proc/\(id)/cmdline") ?? Data()
            return String(decoding: line.map { $0 == 0 ? 0x20 : $0 }, as: UTF8.self)
        }
    }
}
