// SPDX-License-Identifier: MIT
import MachaStore

/// Finds what is wrong with a host, by its own thresholds and its history.
struct JudgeStage: HostStage {
    private let store: Store

    init(_ components: CycleComponents) { store = components.store }

    func run(_ pass: inout HostPass) throws(StoreError) {
        pass.judgement = try store.judge(pass.snapshot, of: pass.host)
    }
}
