// SPDX-License-Identifier: MIT
package import MachaFleet
import MachaInventory

extension Controller {
    /// Looks at everything Macha needs, here and, unless `isOffline`, on `selectors`' hosts and at the models. Changes
    /// nothing and creates nothing; a mistake in one place hides no other.
    package func examine(
        _ selectors: [String], isOffline: Bool, width: Int, progress: @escaping @Sendable (FleetProgress) -> Void
    ) async throws(ControllerError) -> DoctorReport {
        var sections = [
            DoctorReport.Section(title: "Macha", lines: FilesDoctor(environment: environment).lines()),
            DoctorReport.Section(title: "This machine", lines: await MachineDoctor(controller: self).lines()),
        ]
        guard !isOffline else { return DoctorReport(sections: sections) }
        // Without an inventory there is a line about that already.
        if (try? environment.inventory()) != nil {
            let tests = try await test(try hosts(selectors), width: width, progress: progress)
            sections.append(.init(title: "Hosts", lines: tests.flatMap { HostDoctor.lines(of: $0) }))
        }
        sections.append(.init(title: "Models", lines: await ModelDoctor(environment: environment).lines()))
        return DoctorReport(sections: sections)
    }
}
