// SPDX-License-Identifier: MIT
import MachaStore

/// Brings the files for people up to date after something was decided or done.
struct ExportStage: CycleStage {
    private let components: CycleComponents

    init(_ components: CycleComponents) { self.components = components }

    func run(_ state: inout CycleState, _ observer: CycleObserver) async throws(StoreError) {
        guard state.repairs != nil || !state.analyses.isEmpty else { return }
        state.warnings += components.exporter.write(from: components.store, at: components.now())
    }
}
