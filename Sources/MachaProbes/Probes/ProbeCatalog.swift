// SPDX-License-Identifier: MIT

/// Every probe, in the order the script runs them.
package enum ProbeCatalog {
    /// Cheap and essential first; `cpu` last, because its second sample ends the span that began with the script.
    package static let all: [any Probe.Type] = [
        SystemProbe.self, BootProbe.self, LoadProbe.self, MemoryProbe.self, PressureProbe.self, UnitsProbe.self,
        DisksProbe.self, NetworkProbe.self, NixOSProbe.self, TimeProbe.self, JournalProbe.self,
        TimersProbe.self, MountsProbe.self, NetworkdProbe.self, NamesProbe.self, TargetsProbe.self, BootsProbe.self,
        LoginsProbe.self, CoreDumpsProbe.self, ContainersProbe.self, TailscaleProbe.self, ZFSProbe.self,
        MDRaidProbe.self, SensorsProbe.self, SessionsProbe.self, PortsProbe.self, BtrfsProbe.self,
        CertificatesProbe.self,
        SMARTProbe.self, BlocksProbe.self, StoreProbe.self, VulnerabilitiesProbe.self, CPUProbe.self,
    ]
}
