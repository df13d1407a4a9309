// SPDX-License-Identifier: MIT
import Logging
import MachaModel
import ServiceLifecycle

/// A part of the daemon that is started again when it ends by itself, after 1, 2, 4 … 60 seconds.
///
/// A graceful shutdown cancels it, and is the only end.
struct SupervisedService<C: Clock>: Service where C.Duration == Duration {
    let name: String
    let clock: C
    let logger: Logger
    let faults: FaultLedger
    let body: @Sendable () async throws -> Void

    /// A run that lasted so long begins to count its failures again.
    private static var settled: Duration { .seconds(300) }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var failures = 0
            while !Task.isCancelled {
                let start = clock.now
                let reason = await ending()
                guard !Task.isCancelled else { return }
                if start.duration(to: clock.now) > Self.settled { failures = 0 }
                let pause = Duration.seconds(min(60, 1 << min(failures, 6)))
                failures += 1
                if faults.note("\(name): \(reason)", about: "service \(name)", lapse: nil) {
                    logger.error("\(name) ended: \(reason); started again")
                }
                try? await clock.sleep(for: pause)
            }
        }
    }

    private func ending() async -> String {
        do {
            try await body()
            return "it ended by itself"
        } catch {
            return "\(error)".printable(limit: 400)
        }
    }
}
