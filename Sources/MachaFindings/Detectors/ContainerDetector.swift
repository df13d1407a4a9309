// SPDX-License-Identifier: MIT
import MachaInventory
import MachaModel
import MachaProbes

/// Containers that are unwell or gone.
///
/// - `container-unhealthy`, a warning: the container's own health check fails.
/// - `container-restarting`, a warning: the engine starts it again and again; systemd sees nothing of that.
/// - `container-stopped`, information: its unit is started at boot and is not running now, though it did not fail. One that
///   failed is `unit-failed` already.
///
/// False alarms thought about: containers that ended by themselves (`exited` is no finding), units somebody stopped
/// (information only), engines that refuse us (the units tell enough).
enum ContainerDetector: Detector {
    static func findings(in snapshot: Snapshot, _ thresholds: Thresholds) -> [Finding] {
        guard case .known(.some(let state)) = snapshot[ContainersProbe.self] else { return [] }
        let units = state.units.filter { $0.isEnabled && $0.active == "inactive" }.map { unit in
            Finding(
                .containerStopped, host: snapshot.host, subject: unit.name, .info,
                "\(unit.name.printable(limit: 100)) is started at boot but is not running.",
                telling: [
                    .unit(
                        UntrustedText("\(unit.name): \(unit.active) \(unit.sub) \(unit.result ?? "")"),
                        .init(result: unit.result, mountPoint: nil))
                ] + said(by: unit, in: state),
                remedy: "Start it, if it should run.",
                commands: ["systemctl start \(unit.name.asArgument("UNIT"))"])
        }
        let contained = state.engines.flatMap { engine in
            (engine.containers ?? []).compactMap { container(engine.name, $0, snapshot.host) }
        }
        return contained + units
    }

    private static func container(_ engine: String, _ item: ContainersState.Container, _ host: String) -> Finding? {
        let name = item.name.printable(limit: 100)
        let argument = item.name.asArgument("CONTAINER")
        if item.isHealthy == false {
            return Finding(
                .containerUnhealthy, host: host, subject: item.name, .warning,
                "Container \(name) fails its own health check.", telling: evidence(engine, item),
                remedy: "See what its health check reports, and what it logged.",
                commands: ["\(engine) inspect \(argument)", "\(engine) logs --tail 50 \(argument)"])
        }
        guard item.state == "restarting" else { return nil }
        return Finding(
            .containerRestarting, host: host, subject: item.name, .warning,
            "Container \(name) keeps restarting.", telling: evidence(engine, item),
            remedy: "Read what it logged.", commands: ["\(engine) logs --tail 50 \(argument)"])
    }

    private static func evidence(_ engine: String, _ item: ContainersState.Container) -> [Evidence] {
        [.seen(UntrustedText("\(engine): \(item.name) \(item.state)"))] + said(by: item)
    }

    private static func said(by item: ContainersState.Container) -> [Evidence] {
        (item.said ?? []).map { .lastWords($0) }
    }

    /// Of the container that the unit is there for, as NixOS names it.
    private static func said(by unit: ContainersState.Unit, in state: ContainersState) -> [Evidence] {
        state.engines.flatMap { engine in
            (engine.containers ?? []).filter { "\(engine.name)-\($0.name).service" == unit.name }.flatMap {
                said(by: $0)
            }
        }
    }
}
