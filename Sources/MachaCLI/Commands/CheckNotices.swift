// SPDX-License-Identifier: MIT
import Macha
import MachaStore
import MachaViews

/// Tells the receivers of the configuration what a check found. The report is out by then, and a receiver that cannot be
/// reached changes nothing of it: what does not arrive is said on standard error and stays in the outbox.
struct CheckNotices {
    private let output: Output
    private let controller: Controller

    init(output: Output, _ controller: Controller) {
        self.output = output
        self.controller = controller
    }

    func send() async {
        do throws(ControllerError) {
            let unsent = try await controller.tell()
            for (receiver, notices) in Dictionary(grouping: unsent, by: \.receiver).sorted(by: { $0.key < $1.key }) {
                let count = notices.count == 1 ? "1 notice" : "\(notices.count) notices"
                warn("\(count) for \(receiver) could not be sent: \(notices[0].reason)")
            }
        } catch {
            for message in error.messages { warn(message) }
        }
    }

    private func warn(_ text: String) {
        try? output.note(Cell("warning:", .warning), Cell(text, limit: 600))
    }
}
