// SPDX-License-Identifier: MIT
package import MachaActions
import MachaInventory
import MachaModel
import MachaStore

extension Controller {
    /// What is paused, in which state folder, and which other folders there are.
    package struct PauseView: Sendable, Encodable {
        package var state: PauseState
        package var stateFolder: String
        package var otherStateFolders: [StateFolders.Other]

        private enum CodingKeys: String, CodingKey { case stateFolder, otherStateFolders }

        package func encode(to encoder: any Encoder) throws {
            try state.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(stateFolder, forKey: .stateFolder)
            try container.encode(otherStateFolders, forKey: .otherStateFolders)
        }
    }

    /// Nothing may change on `selectors` from now on; on the whole fleet when there are none, for which no inventory is
    /// needed: stopping must not fail over a mistake in a file.
    package func pause(_ selectors: [String], reason: String) throws(ControllerError) -> PauseView {
        let names = try selectors.isEmpty ? nil : hosts(selectors).map(\.name)
        let (store, now) = (try environment.store(), environment.now())
        try storing { () throws(StoreError) in
            try store.pause(hosts: names, by: CurrentUser.name(), because: reason.printable(limit: 300), at: now)
        }
        return try paused(store)
    }

    /// Changes are allowed again on `selectors`; every pause ends when there are none.
    package func resume(_ selectors: [String]) throws(ControllerError) -> PauseView {
        let names = try selectors.isEmpty ? nil : hosts(selectors).map(\.name)
        let (store, now) = (try environment.store(), environment.now())
        _ = try storing { () throws(StoreError) in try store.resume(hosts: names, by: CurrentUser.name(), at: now) }
        return try paused(store)
    }

    private func paused(_ store: Store) throws(ControllerError) -> PauseView {
        try export()
        return PauseView(
            state: try storing { () throws(StoreError) in try store.pauseState() },
            stateFolder: environment.stateFolder,
            otherStateFolders: StateFolders(own: environment.stateFolder).others)
    }
}
