// SPDX-License-Identifier: MIT
import Foundation
import MachaFleet
import MachaModel
import MachaStore

/// Looks at the controller's own machine: its state folder, its database, its clock, its daemon. Creates nothing: where
/// Macha has never run, there is nothing to look at yet.
struct MachineDoctor {
    let controller: Controller

    private var environment: Environment { controller.environment }
    private var folder: String { environment.stateFolder }

    func lines() async -> [DoctorReport.Line] {
        [disk, await clock()] + state + others
    }

    private var disk: DoctorReport.Line {
        // The folder may be still to come: then its nearest parent has the file system.
        var place = URL(fileURLWithPath: folder)
        while access(place.path, F_OK) != 0, place.path != "/" { place.deleteLastPathComponent() }
        guard let free = DiskRoom(at: place.path)?.free else {
            return .init("disk", .unknown, "how full the disk of \(folder) is cannot be found out")
        }
        guard free >= DiskRoom.scarce else {
            return .init(
                "disk", .problem, "the disk of \(folder) has \(free >> 20) MiB left",
                advice: "make room: what cannot be recorded is not done")
        }
        return .init("disk", .ok, "\(ByteText.words(Double(free))) left for \(folder)")
    }

    private func clock() async -> DoctorReport.Line {
        let question = Command("timedatectl", ["show", "--property=NTPSynchronized", "--value"], outputLimit: 1 << 10)
        let answer = try? await LocalTransport(host: "this machine").run(question, until: .now + .seconds(10))
        return switch answer.map({ String(decoding: $0.standardOutput, as: UTF8.self) }) {
        case "yes\n"?: .init("clock", .ok, "synchronised")
        case "no\n"?:
            .init(
                "clock", .problem, "it is not synchronised: times and deadlines may be wrong",
                advice: "enable systemd-timesyncd or chrony, and see:", commands: ["timedatectl status"])
        default: .init("clock", .unknown, "whether it is synchronised cannot be found out")
        }
    }

    private var state: [DoctorReport.Line] {
        guard access(StateDirectory.database(in: folder), F_OK) == 0 else {
            if errno == EACCES {
                return [
                    .init(
                        "database", .problem, "\(folder) belongs to another account, and this one may not read it",
                        advice: "run this as that account, or as root")
                ]
            }
            return [.init("database", .note, "none in \(folder) yet: the first check creates it")]
        }
        do throws(ControllerError) {
            let store = try environment.store()
            return [database(store)] + [record, daemon].compactMap { $0 }
        } catch {
            return DoctorReport.Line.problem("database", error)
        }
    }

    private func database(_ store: Store) -> DoctorReport.Line {
        guard let damages = try? store.damages() else {
            return .init("database", .unknown, "it cannot be looked through just now")
        }
        if let first = damages.first {
            return .init(
                "database", .problem, "it is damaged: \(first)",
                advice: "keep a copy of macha.db, and bring the last backup back:", commands: ["macha restore FILE"])
        }
        guard access(folder, W_OK) == 0 else {
            return .init(
                "database", .problem, "this account may not write in \(folder)",
                advice: "run this as the folder's owner, or as root")
        }
        return .init("database", .ok, "\(ByteText.words(Double(store.size ?? 0))), whole")
    }

    private var record: DoctorReport.Line? {
        do throws(ControllerError) {
            let verification = try controller.verifyAudit(heads: [])
            guard let fault = verification.faults.first else {
                return .init("record", .ok, "\(verification.count) entries, none altered")
            }
            return .init(
                "record", .problem, "\(fault)", advice: "see all of it:", commands: ["macha audit verify"])
        } catch {
            return DoctorReport.Line.problem("record", error).first
        }
    }

    private var daemon: DoctorReport.Line? {
        guard let daemon = try? controller.daemon() else {
            return .init("daemon", .note, "macha serve has never run here: hosts are checked when you say so")
        }
        if daemon.isLost {
            return .init(
                "daemon", .problem, "macha serve was killed, and has not come back",
                advice: "start it again:", commands: ["systemctl start macha"])
        }
        if daemon.endedAt != nil { return .init("daemon", .note, "macha serve was stopped") }
        let faults = daemon.mistakes + (daemon.health ?? []).map(\.message)
        guard let first = faults.first else { return .init("daemon", .ok, "macha serve runs") }
        return .init(
            "daemon", .problem, first, advice: "see what it says of itself:", commands: ["macha status"])
    }

    /// Queue, approvals and pause of another folder are not those of this one.
    private var others: [DoctorReport.Line] {
        StateFolders(own: folder).others.map {
            .init(
                "state", .note, "there is another state folder, \($0.path), with approvals and a pause of its own",
                advice: "use one of them only: --state-dir names it")
        }
    }
}
