// SPDX-License-Identifier: MIT
import MachaActions
import MachaFleet
import MachaInventory
import MachaModel
import MachaNotify

/// Looks at the program and at the files that say what it is to do. Changes nothing.
struct FilesDoctor {
    let environment: Environment

    func lines() -> [DoctorReport.Line] {
        [program] + configuration + inventory + playbooks + secrets
    }

    private var program: DoctorReport.Line {
        guard SSHLibrary.reachesDefaultNixOS else {
            return .init(
                "program", .problem, "libssh2 \(SSHLibrary.version) cannot connect to a default NixOS sshd",
                advice: "install libssh2 1.11 or newer on this machine; the packages of Macha bring it along")
        }
        return .init("program", .ok, "libssh2 \(SSHLibrary.version)")
    }

    private var configuration: [DoctorReport.Line] {
        do throws(ControllerError) {
            _ = try environment.configuration()
            let file = environment.existingConfiguration
            return [.init("configuration", .ok, file ?? "no file, so what is built in counts")]
        } catch {
            return DoctorReport.Line.problem("configuration", error)
        }
    }

    private var inventory: [DoctorReport.Line] {
        do throws(ControllerError) {
            let hosts = try environment.inventory().hosts
            guard !hosts.isEmpty else {
                return [.init("inventory", .problem, "it names no host", advice: "add one under hosts:")]
            }
            return [.init("inventory", .ok, hosts.count == 1 ? "1 host" : "\(hosts.count) hosts")]
        } catch {
            return DoctorReport.Line.problem("inventory", error)
        }
    }

    private var playbooks: [DoctorReport.Line] {
        do throws(ControllerError) {
            let partial = try environment.partialLibrary()
            let sound = DoctorReport.Line("playbooks", .ok, "\(partial.library.playbooks.count) are ready")
            return [sound]
                + partial.losses.flatMap { loss in
                    loss.mistakes.map {
                        .init("playbooks", .problem, "\($0)", advice: "until it is fixed, its repairs are off")
                    }
                }
        } catch {
            return DoctorReport.Line.problem("playbooks", error)
        }
    }

    /// Only those that cannot be read: not one word of them is shown.
    private var secrets: [DoctorReport.Line] {
        guard let configuration = try? environment.configuration() else { return [] }
        var lines = SecretFile.refusals(in: configuration).map { DoctorReport.Line("secrets", .problem, $0) }
        let notifiers = environment.notifiers()
        for receiver in configuration.notifications?.receivers ?? [] {
            do throws(NotifierError) {
                _ = try notifiers.notifier(receiver)
            } catch {
                lines.append(.init("receiver \(receiver.name)", .problem, error.message))
            }
        }
        return lines
    }
}
