// SPDX-License-Identifier: MIT
import MachaFindings
import MachaInventory
import MachaProbes
import struct Foundation.Date

/// What will be: disks that fill and certificates that end.
extension PeriodReader {
    /// Fuller than this, or full within ``horizon``, is worth a line.
    private static var full: Double { 0.9 }
    /// Seconds.
    private static var horizon: Double { 90 * 86_400 }
    private static var certificateHorizon: Double { 28 * 86_400 }

    mutating func readCapacity() {
        for known in hosts {
            guard let judgement = known.judgement, let disks = judgement.snapshot[DisksProbe.self].value else {
                continue
            }
            // What cannot be written does not fill.
            for space in SharedSpace.groups(disks.fileSystems) where space.shown.access == .writable {
                let left = judgement.outlook(on: space.shown.target).forecast?.seconds
                guard space.usedShare >= Self.full || left.map({ $0 <= Self.horizon }) ?? false else { continue }
                report.capacity.append(
                    PeriodReport.Capacity(
                        host: known.host.name, mount: OutgoingText.clean(space.shown.target), used: space.usedShare,
                        available: space.available, untilFull: left))
            }
        }
        report.capacity.sort { ($0.untilFull ?? .infinity, $1.used) < ($1.untilFull ?? .infinity, $0.used) }
    }

    /// Those that end within four weeks: sooner than most are renewed. A short one counts in its last third.
    mutating func readCertificates() {
        for known in hosts {
            guard case .known(.some(let state))? = known.judgement?.snapshot[CertificatesProbe.self] else { continue }
            for certificate in state.certificates {
                let end = Date(timeIntervalSince1970: Double(certificate.notAfter))
                let life = Double(certificate.notAfter - certificate.notBefore)
                guard end.timeIntervalSince(now) < min(Self.certificateHorizon, life / 3) else { continue }
                report.certificates.append(
                    PeriodReport.Certificate(
                        host: known.host.name, name: OutgoingText.clean(certificate.name), expiresAt: end))
            }
        }
        report.certificates.sort { $0.expiresAt < $1.expiresAt }
    }
}
