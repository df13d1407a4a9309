// SPDX-License-Identifier: MIT
package import MachaStore

extension Controller {
    /// What the daemon of this state folder says of itself; `nil` when none has ever run.
    package func daemon() throws(ControllerError) -> DaemonRecord? {
        let store = try environment.store()
        return try storing { () throws(StoreError) in try store.daemon() }
    }

    /// The lines of `orchestrator.log`, beginning with the `last` ones.
    package func orchestratorLog(last: Int) -> OrchestratorLog.Reader {
        OrchestratorLog.Reader(folder: environment.stateFolder, last: last)
    }
}
