// SPDX-License-Identifier: MIT
import MachaAnalyst
import MachaFleet
import MachaInventory
import MachaModel
import MachaStore

extension Environment {
    /// What carries out changes. With `settle` a change is watched for that many seconds at most, instead of as its plan
    /// says.
    func executor(settle: Int?) throws(ControllerError) -> Executor {
        let (connector, ending) = (actingConnector, ending)
        return Executor(
            store: try store(), situation: PolicyContextLoader(try inventory(), store: try store()),
            folder: stateFolder,
            waiting: clock.waiting, settle: settle, now: now
        ) { (host) throws(ContactFailure) in
            guard !ending.isRaised else {
                throw ContactFailure(
                    .local, stage: .connect, delivery: .notSent, message: "\(host.name): macha is ending",
                    remedy: "it is decided about again after the next start")
            }
            return try connector.transport(to: host)
        }
    }

    /// Writes what the database holds for people and for other places.
    func exporter() throws(ControllerError) -> Exporter {
        let configuration = try configuration()
        return Exporter(
            Exports(folder: stateFolder),
            heads: AuditHeadPlaces(file: configuration.auditHeadFile, usesSyslog: configuration.auditHeadSyslog))
    }

    /// The way of hosts through one cycle, as `request` wants it.
    func cycle(_ request: CheckRequest) throws(ControllerError) -> HostCycle {
        let store = try store()
        let pool = request.asksModels ? try models() : nil
        var remediator: Remediator?
        if request.acts {
            remediator = Remediator(try executor(settle: request.settle), try library(), try inventory())
        }
        return HostCycle(
            CycleComponents(
                connector: connector, store: store, files: SnapshotFiles(folder: stateFolder),
                demand: pool.map {
                    AnalysisDemand(
                        queue: JobQueue(store), models: $0.demanded, asksAgain: request.asksAgain,
                        perDay: request.analysesPerDay)
                },
                remediator: remediator, analyses: try pool.map { (pool) throws(ControllerError) in try analyses(pool) },
                exporter: try exporter(), muting: MutingLoader(try inventory(), store: store), width: request.width,
                isFresh: request.isFresh,
                comparesChanges: request.comparesChanges, now: now))
    }
}
