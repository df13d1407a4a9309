// SPDX-License-Identifier: MIT
import Foundation

/// Runs what blocks on a thread of its own, so that no thread of the concurrency pool waits for it.
package func onThread<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
        Thread.detachNewThread { continuation.resume(returning: work()) }
    }
}
