// SPDX-License-Identifier: MIT
import MachaInventory
import MachaModel
import MachaProbes

/// A NixOS host whose running, booted and next system are not the same.
///
/// A specialisation was chosen at boot and is the installed system in another form: of the generation that boots next it is
/// nothing to tell, of an older one information. `nixos-rebuild switch` is never advised there, for it takes away what was
/// chosen: graphics drivers, another kernel.
enum NixOSDetector: Detector {
    static func findings(in snapshot: Snapshot, _ thresholds: Thresholds) -> [Finding] {
        guard case .known(.some(let state)) = snapshot[NixOSProbe.self] else { return [] }
        return [reboot(state, snapshot.host), drift(state, snapshot.host)].compactMap { $0 }
    }

    /// The test of `system.autoUpgrade`: kernel, initrd and modules of the booted system against those of the profile.
    private static func reboot(_ state: NixOSState, _ host: String) -> Finding? {
        guard let booted = state.booted, let next = state.profile, booted.sharesKernel(with: next) == false,
            !(state.specialisation(at: booted.path).map { $0.generation == state.profileGeneration } ?? false)
        else { return nil }
        let versions = [booted.kernelVersion, next.kernelVersion].map { $0?.printable(limit: 40) ?? "another" }
        let change = versions[0] == versions[1] ? "" : " (kernel \(versions[0]) now, \(versions[1]) then)"
        return Finding(
            .rebootNeeded, host: host, .info, "A reboot is needed for the installed system to take effect\(change).",
            evidence: ["booted \(booted.path)", "next \(next.path)"], remedy: "Reboot at a convenient time.")
    }

    private static func drift(_ state: NixOSState, _ host: String) -> Finding? {
        guard let current = state.current, let next = state.profile, current.path != next.path else { return nil }
        let evidence = ["running \(current.path)", "next boot \(next.path)"]
        if let chosen = state.specialisation(at: current.path) {
            guard chosen.generation != state.profileGeneration else { return nil }
            let name = chosen.name.printable(limit: 60)
            let installed = state.profileGeneration.map { "; generation \($0) is installed" } ?? ""
            return Finding(
                .systemDrift, host: host, .info,
                "Specialisation \(name) of generation \(chosen.generation) runs\(installed).", evidence: evidence,
                remedy: "Reboot into specialisation \(name) of the new generation at a convenient time.")
        }
        if let generation = state.generations.last(where: { $0.path == current.path }) {
            let chosen = state.profileGeneration.map { ", the next boot starts generation \($0)" } ?? ""
            return Finding(
                .systemDrift, host: host, .info, "Generation \(generation.number) runs\(chosen).", evidence: evidence,
                remedy: "Switch to it, or reboot.", commands: ["nixos-rebuild switch"])
        }
        return Finding(
            .systemDrift, host: host, .warning,
            "The running system is not a generation of the host, so it will be gone after the next boot.",
            evidence: evidence,
            remedy: "Make a generation of the configuration.", commands: ["nixos-rebuild switch"])
    }
}
