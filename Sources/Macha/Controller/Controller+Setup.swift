// SPDX-License-Identifier: MIT
import Foundation
package import MachaFleet
package import MachaInventory
package import MachaModel

extension Controller {
    /// What the files of ssh know: `knownHosts` and `sshConfig`, or where they are not named, the usual ones. A file that was
    /// not named may be missing. Contacts nobody.
    package func scan(knownHosts: [String], sshConfig: String?) throws(ControllerError) -> HostScan {
        let home = ProcessInfo.processInfo.environment["HOME"] ?? NSHomeDirectory()
        let usual = ["\(home)/.ssh/known_hosts", "/etc/ssh/ssh_known_hosts"].flatMap { [$0, $0 + "2"] }
        var scan = HostScan()
        for file in knownHosts.isEmpty ? usual : knownHosts {
            scan.read(knownHosts: try Self.text(file, isNamed: !knownHosts.isEmpty), file: file)
        }
        let config = sshConfig ?? "\(home)/.ssh/config"
        scan.read(
            sshConfig: try Self.text(config, isNamed: sshConfig != nil), file: config,
            isInEffect: SSHConfiguration.isRead(config, home: NSHomeDirectory()))
        return scan
    }

    private static func text(_ path: String, isNamed: Bool) throws(ControllerError) -> String {
        if !isNamed, !FileManager.default.fileExists(atPath: path) { return "" }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ControllerError(.input, "cannot read \(path.printable())")
        }
        return String(decoding: data, as: UTF8.self)
    }

    /// Hosts for a first inventory: those that `words` name, or without any, all that ssh knows. Contacts nobody. Throws with
    /// every word that is no host, or when ssh knows none.
    package func candidates(named words: [String]) throws(ControllerError) -> [HostScan.Candidate] {
        guard !words.isEmpty else {
            var scan = try scan(knownHosts: [], sshConfig: nil)
            let candidates = scan.candidates(besides: [])
            guard candidates.isEmpty else { return candidates }
            let omissions = scan.omissions.map { "\($0.reason.words): \($0.count)" }
            let left = omissions.isEmpty ? "" : " (left out: \(omissions.joined(separator: "; ")))"
            throw ControllerError(
                .usage,
                "there is no host to propose in known_hosts or ssh's configuration\(left). Name some, such as: "
                    + "macha init nas.lan root@10.0.0.7")
        }
        var scan = HostScan()
        let unfit = words.filter { !scan.add(named: $0) }
        guard unfit.isEmpty else {
            throw ControllerError(
                .usage,
                unfit.map {
                    "\($0.quoted) is no host: write a name or an address, as in admin@nas.lan:2222 or [fd00::7]:22"
                })
        }
        return scan.candidates(besides: [])
    }

    /// Where a first inventory goes. Throws when there is one already, and what it says stays.
    package func freeInventoryPath() throws(ControllerError) -> String {
        try InventoryFile.freePath(named: environment.names.inventory)
    }

    /// Writes `draft` to `path`, once the loader takes it. Throws when there is a file, or it cannot be written.
    package func write(_ draft: InventoryDraft, to path: String) throws(ControllerError) {
        try InventoryFile.write(draft.text, to: path)
    }

    /// The keys that `hosts` show, asked for side by side.
    package func shownKeys(of hosts: [FleetHost]) async -> [String: Result<HostTrust?, ContactFailure>] {
        var shown: [String: Result<HostTrust?, ContactFailure>] = [:]
        await FanOut.run(hosts) { [self] host in
            do throws(ContactFailure) {
                return (host.name, Result<HostTrust?, ContactFailure>.success(try await shownKey(of: host)))
            } catch {
                return (host.name, .failure(error))
            }
        } receive: { name, answer in
            shown[name] = answer
        }
        return shown
    }
}
