// SPDX-License-Identifier: MIT
import Foundation
import MachaFleet
import MachaInventory
import MachaModel
import MachaProbes

/// One command, or a whole look, on many hosts again and again over kept connections. Prints one line of JSON a round: the first
/// is cold, the others are warm.
enum SSHBench {
    private struct Round: Encodable {
        /// Seconds.
        var wall: Double
        var cpu: Double
        /// Peak and present resident memory of this process, in KiB.
        var peak: Int
        var resident: Int
        var answers: Int
        var hosts: Int
    }

    static func run(_ options: Options) async throws {
        guard let path = options["inventory"] else { exit(64) }
        let inventory = try Inventory.load(path: path, home: NSHomeDirectory(), user: NSUserName())
        let hosts = copies(of: inventory.hosts, options.count("copies", 1))
        let words = (options["command"] ?? "uptime").split(separator: " ").map(String.init)
        let (width, isLook) = (options.count("width", FanOut.defaultWidth), options["look"] != nil)
        let reach = HostConnector(agentSocket: nil, keeping: .open())
        for _ in 0..<options.count("rounds", 2) {
            let (began, before) = (ContinuousClock.now, try usage())
            var answers = 0
            await FanOut.run(hosts, width: width) { host in
                isLook ? await look(host, reach) : await ask(host, words, reach)
            } receive: {
                answers += $0 ? 1 : 0
            }
            let (wall, after) = (began.duration(to: .now) / .seconds(1), try usage())
            let round = Round(
                wall: wall, cpu: after.cpu - before.cpu, peak: after.peak, resident: after.resident, answers: answers,
                hosts: hosts.count)
            print(String(decoding: try JSONEncoder().encode(round), as: UTF8.self))
            fflush(nil)
            // Whoever measures what comes between two rounds says when to go on.
            if options["step"] != nil, readLine() == nil { break }
        }
        await reach.close()
    }

    /// More hosts than there are servers: each host `count` times, under a name of its own and so with its own connection.
    private static func copies(of hosts: [FleetHost], _ count: Int) -> [FleetHost] {
        hosts.flatMap { host in
            (0..<max(1, count)).map { number in
                FleetHost(name: "\(host.name)-\(number)", connection: host.connection)
            }
        }
    }

    private static func ask(_ host: FleetHost, _ words: [String], _ reach: HostConnector) async -> Bool {
        let command = Command(words[0], Array(words.dropFirst()))
        do {
            let transport = try reach.transport(to: host)
            let result = try await transport.run(command, until: .now + .seconds(60))
            await transport.close()
            return result.outcome == .status(0)
        } catch {
            FileHandle.standardError.write(Data("\(error)\n".utf8))
            return false
        }
    }

    private static func look(_ host: FleetHost, _ reach: HostConnector) async -> Bool {
        guard let transport = try? reach.transport(to: host) else { return false }
        let snapshot = await Collector().collect(host, over: transport, everything: true)
        await transport.close()
        if case .reached = snapshot.contact { return true }
        return false
    }

    private static func usage() throws -> (cpu: Double, peak: Int, resident: Int) {
        var usage = rusage()
        getrusage(0, &usage)  // RUSAGE_SELF, whose type differs between Glibc and Foundation
        let times = [usage.ru_utime, usage.ru_stime].map { Double($0.tv_sec) + Double($0.tv_usec) / 1_000_000 }
        let pages = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
        let resident = (pages.count > 1 ? Int(pages[1]) ?? 0 : 0) * Int(getpagesize()) / 1024
        return (times[0] + times[1], usage.ru_maxrss, resident)
    }
}
