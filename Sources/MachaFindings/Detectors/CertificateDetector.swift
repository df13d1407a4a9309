// SPDX-License-Identifier: MIT
import MachaInventory
import MachaModel
import MachaProbes

/// Certificates that end soon, have ended, or are a stopgap.
///
/// - `certificate-expired` and `certificate-expiring`: critical from three days before the end, a warning from fourteen. One
///   that lives for thirty days or less is judged by its life: a quarter and a tenth of it.
/// - `certificate-self-signed`, a warning: NixOS's stopgap is still there, so the first real one never came.
///
/// False alarms thought about: short-lived certificates, a stopgap of the last hour (the first request is still under
/// way), a host whose clock is wrong (that is `clock-wrong`, and the figure is from the same clock).
enum CertificateDetector: Detector {
    static func findings(in snapshot: Snapshot, _ thresholds: Thresholds) -> [Finding] {
        guard case .known(.some(let state)) = snapshot[CertificatesProbe.self] else { return [] }
        // Read some hours ago, perhaps; a certificate goes on ageing meanwhile.
        let now = snapshot[BootProbe.self].value.map { max($0.now, state.observedAt) } ?? state.observedAt
        return state.certificates.compactMap { finding($0, now, snapshot.host, thresholds) }
    }

    private static func finding(
        _ certificate: Certificate, _ now: Int, _ host: String, _ thresholds: Thresholds
    ) -> Finding? {
        let name = certificate.name.printable(limit: 100)
        let life = Double(certificate.notAfter - certificate.notBefore)
        let left = Double(certificate.notAfter - now)
        let isShort = life <= 30 * 86_400
        let warning = isShort ? life / 4 : thresholds.certificateWarning
        let critical = isShort ? life / 10 : thresholds.certificateCritical
        let evidence = [
            "\(certificate.name): from \(FindingText.moment(certificate.notBefore)) to "
                + "\(FindingText.moment(certificate.notAfter)), issued by \(certificate.issuer)"
        ]
        let remedy = "See why the renewal failed; it is not retried before its next scheduled run."
        let commands = ["systemctl status 'acme*\(certificate.name.asArgument("NAME"))*'"]
        if certificate.isSelfSigned {
            guard now - certificate.notBefore > 3600 else { return nil }
            return Finding(
                .certificateSelfSigned, host: host, subject: certificate.name, .warning,
                "The certificate \(name) is still the temporary self-signed one.", evidence: evidence, remedy: remedy,
                commands: commands)
        }
        guard left < warning else { return nil }
        guard left > 0 else {
            return Finding(
                .certificateExpired, host: host, subject: certificate.name, .critical,
                "The certificate \(name) expired \(FindingText.span(-left)) ago.", evidence: evidence, remedy: remedy,
                commands: commands)
        }
        return Finding(
            .certificateExpiring, host: host, subject: certificate.name, left < critical ? .critical : .warning,
            "The certificate \(name) expires in \(FindingText.span(left)) and was not renewed.", evidence: evidence,
            remedy: remedy, commands: commands)
    }
}
