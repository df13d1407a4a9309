// SPDX-License-Identifier: MIT
import MachaModel
import Synchronization

/// The hosts on which a person's command is under way, with what each has written so far.
///
/// The output from before a time limit passed or a connection was lost shows what hangs, and whoever interrupts the
/// controller wants to know where the command goes on: ending the connection ends no program that does not write.
package final class RunningCommands: Sendable {
    private struct Heard {
        var output: [UInt8] = []
        var errors: [UInt8] = []
    }

    private struct State {
        var order: [String] = []
        var running: [String: Heard] = [:]
        var finished: [HostExecution] = []
    }

    private let state = Mutex(State())

    package init() {}

    func begin(_ host: String) {
        state.withLock { state in
            state.order.append(host)
            state.running[host] = Heard()
        }
    }

    func hear(_ host: String, _ stream: CommandStream, _ bytes: ArraySlice<UInt8>) {
        state.withLock { state in
            switch stream {
            case .output: state.running[host]?.output += bytes
            case .errors: state.running[host]?.errors += bytes
            }
        }
    }

    /// What `host` has written up to now.
    func heard(_ host: String) -> (output: [UInt8], errors: [UInt8]) {
        state.withLock { state in (state.running[host]?.output ?? [], state.running[host]?.errors ?? []) }
    }

    func end(_ execution: HostExecution) {
        state.withLock { state in
            state.running[execution.host] = nil
            state.finished.append(execution)
        }
    }

    /// All results so far, as they stand when the person interrupts; and those hosts whose command may go on.
    package func interrupted() -> (finished: [HostExecution], unfinished: [HostExecution]) {
        state.withLock { state in
            let unfinished = state.order.compactMap { host in
                state.running[host].map { heard in
                    var execution = HostExecution(host: host)
                    execution.take(heard.output, heard.errors)
                    execution.failure = ContactFailure(
                        .local, stage: .exec, delivery: .maybeSent,
                        message: "\(host): interrupted before the command ended; it may still be running there",
                        remedy: "see what runs on the host (ps), or log in and end it there")
                    return execution
                }
            }
            return (state.finished, unfinished)
        }
    }
}
