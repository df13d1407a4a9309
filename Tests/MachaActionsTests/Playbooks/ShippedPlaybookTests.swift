// SPDX-License-Identifier: MIT
import Foundation
import MachaFindings
import MachaInventory
import MachaModel
import Testing

@testable import MachaActions

@Suite struct ShippedPlaybookTests {
    @Test func `all shipped playbooks are without a mistake, and there are the common failures`() throws {
        let library = try Shipped.library
        #expect(library.playbooks.count >= 35)
        for playbook in library.playbooks {
            #expect(playbook.position.file.hasSuffix("/\(playbook.id).yaml"))
            #expect(playbook.description.count > 60, "\(playbook.id) does not say why it is safe")
        }
    }

    @Test(arguments: RecordedFinding.all.map(\.playbook))
    func `a playbook is proposed for its finding and not for a similar one`(id: String) throws {
        let recorded = try #require(RecordedFinding.all.first { $0.playbook == id })
        #expect(try Shipped.proposed(for: [recorded.right], age: recorded.age).contains(id))
        #expect(try !Shipped.proposed(for: [recorded.wrong], age: recorded.age).contains(id))
    }

    @Test func `every playbook with a trigger has recorded findings`() throws {
        let answering = try Shipped.library.playbooks.filter { !$0.when.isEmpty }.map(\.id)
        #expect(Set(answering) == Set(RecordedFinding.all.map(\.playbook)))
    }

    @Test(arguments: RecordedFinding.all.filter { $0.age > 0 }.map(\.playbook))
    func `a playbook that wants a problem to last is not proposed at once`(id: String) throws {
        let recorded = try #require(RecordedFinding.all.first { $0.playbook == id })
        let playbook = try #require(try Shipped.library[id])
        let isPatient = playbook.when.allSatisfy { $0.seenFor != nil }
        #expect(try Shipped.proposed(for: [recorded.right], age: 0).contains(id) != isPatient)
    }

    @Test func `a special playbook stands in for a general one`() throws {
        let backup = RecordedFinding.unit("restic-backups-home.service", .warning)
        #expect(try Shipped.proposed(for: [backup], age: 100_000) == ["rerun-backup"])
        let locked = RecordedFinding.unit(
            "restic-backups-home.service", .warning, "Result=exit-code ExecMainStatus=11")
        #expect(try Shipped.proposed(for: [locked], age: 100_000) == ["unlock-restic"])
        let waiting = RecordedFinding.unit("systemd-networkd-wait-online.service", .warning)
        #expect(try Shipped.proposed(for: [waiting], age: 100_000) == ["wait-online-timeout"])
    }

    @Test func `playbooks that need NixOS are not proposed elsewhere`() throws {
        let full = RecordedFinding.finding(.diskSpace, "/")
        let elsewhere = try Shipped.proposed(for: [full], age: 100_000, nixos: false)
        #expect(elsewhere == ["clean-tmp", "vacuum-journal"])
    }

    @Test func `a service is not restarted while its cause is known`() throws {
        let failed = RecordedFinding.unit("jellyfin.service")
        let full = RecordedFinding.finding(.diskSpace, "/")
        #expect(try Shipped.proposed(for: [failed], age: 0) == ["restart-failed-service"])
        #expect(try !Shipped.proposed(for: [failed, full], age: 0).contains("restart-failed-service"))
        #expect(
            try Shipped.proposed(for: [failed], age: 100_000).sorted() == [
                "rerun-failed-job", "restart-failed-service",
            ])
    }

    @Test func `a reboot waits while a disk is in trouble`() throws {
        let needed = RecordedFinding.finding(.rebootNeeded, nil, .info)
        #expect(try Shipped.proposed(for: [needed], age: 100_000) == ["reboot-when-needed"])
        for kind: FindingKind in [.poolDegraded, .diskFailing, .mountMissing, .systemDrift] {
            let trouble = RecordedFinding.finding(kind, "x")
            #expect(try !Shipped.proposed(for: [needed, trouble], age: 100_000).contains("reboot-when-needed"))
        }
    }

    @Test func `no shipped playbook touches a protected unit unasked, and none runs a shell`() throws {
        let shells = ["sh", "bash", "dash", "zsh", "env", "xargs", "sudo", "su", "python3", "perl", "less", "more"]
        for playbook in try Shipped.library.playbooks {
            for action in playbook.sampleSteps {
                guard case .words(let words) = action.parameters["argv"] else { continue }
                let program = words[0].split(separator: "/").last.map(String.init) ?? ""
                #expect(!shells.contains(program), "\(playbook.id)")
            }
        }
    }

    /// The rows of the issue: at auto-full nothing of high risk runs, and nothing at all below auto-safe.
    @Test func `shipped playbooks run without approval only as listed for each level`() throws {
        let now = Date(timeIntervalSince1970: 1_790_000_000)
        var unasked: [AutonomyLevel: Set<String>] = [:]
        for recorded in RecordedFinding.all {
            for level in AutonomyLevel.allCases {
                let target = Shipped.target { $0.autonomy = level }
                let seen = [recorded.right.fingerprint: now.addingTimeInterval(-recorded.age)]
                let matches = try Shipped.library.match([recorded.right], on: target, firstSeen: seen, now: now)
                let context = PolicyContext(
                    now: now, host: target.host, standing: .known, maintenance: .off, localMinute: 0)
                for proposal in matches.proposals where proposal.playbook == recorded.playbook {
                    guard case .run = Policy.authorize(proposal, in: context) else { continue }
                    if proposal.steps.contains(where: { $0.action.footprint == .changes }) {
                        unasked[level, default: []].insert(recorded.playbook)
                    }
                }
            }
        }
        #expect(unasked[.observe] == nil)
        #expect(unasked[.suggest] == nil)
        #expect(
            unasked[.autoSafe] == [
                "restart-failed-service", "restart-after-oom", "reset-start-limit", "restart-failed-container",
                "free-store-space", "vacuum-journal", "rotate-logs", "clean-tmp", "renew-certificate", "flush-dns",
                "rerun-backup", "failed-garbage-collection",
            ])
        #expect(
            unasked[.autoFull]?.subtracting(unasked[.autoSafe] ?? []) == [
                "stop-crash-loop", "rerun-failed-job", "trim-generations", "make-room-for-garbage-collection",
                "free-inodes", "rerun-missed-job",
            ])
    }

    @Test func `the schema for editors is the reader's own`() throws {
        let shipped = try String(contentsOf: Shipped.folder.appending(path: "schema.json"), encoding: .utf8)
        #expect(shipped == PlaybookSchema.text)
        let parsed = try JSONSerialization.jsonObject(with: Data(shipped.utf8)) as? [String: Any]
        let properties = try #require(parsed?["properties"] as? [String: Any])
        #expect(Set(properties.keys) == Set(PlaybookKey.allCases.map(\.rawValue)))
    }
}
