// SPDX-License-Identifier: MIT

extension FleetHost {
    /// This host with the caution of `others`, further names of the same machine: the most cautious level, and everything
    /// that any of them protects. What a name allows, another name of the machine may forbid.
    package func asCautious(as others: [FleetHost]) -> FleetHost {
        others.reduce(self) { host, other in
            var host = host
            host.autonomy = min(host.autonomy, other.autonomy)
            host.isProtected = host.isProtected || other.isProtected
            host.protectedUnits += other.protectedUnits.filter { !host.protectedUnits.contains($0) }
            host.groups += other.groups.filter { !host.groups.contains($0) }
            host.quietHours = host.quietHours ?? other.quietHours
            host.sudo = host.sudo && other.sudo
            return host
        }
    }
}
