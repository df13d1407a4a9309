// SPDX-License-Identifier: MIT
import struct Foundation.Data

/// The certificates that NixOS's ACME module or certbot keep on the host. Absent (`nil`) where there is none.
///
/// The certificate itself travels and is read here (``CertificateReader``): it is public, and `openssl` is on few NixOS
/// hosts. NixOS lets group `acme` and root read it.
package enum CertificatesProbe: Probe {
    package static let name = "certificates"
    package static let rhythm = ProbeInterval.sixHourly
    package static let rights = ProbeRights.root
    package static let timeout = 15
    package static let script = #"""
        folders=$(find /var/lib/acme /etc/letsencrypt/live -mindepth 1 -maxdepth 1 -type d ! -name '.*' 2>/dev/null |
            sort | head -n 100)
        [ -n "$folders" ] || { echo absent; exit 0; }
        printf 'Now=%s\n' "$(date +%s)"
        set -f
        known= refused= IFS='
        '
        for folder in $folders; do
            IFS=' '
            pem=$(cat "$folder/cert.pem" 2>/dev/null || $MACHA_AS_ROOT cat "$folder/cert.pem" 2>&1)
            case $pem in
                *'-----BEGIN CERTIFICATE-----'*)
                    printf '@%s\n%s\n' "${folder##*/}" "$pem" | sed '/-----END CERTIFICATE-----/q'
                    known=1
                    ;;
                *'No such file'*) ;;
                *) printf '@%s\n! %s\n' "${folder##*/}" "$pem"; refused="$folder/cert.pem: $pem" ;;
            esac
        done
        [ -n "$known" ] || [ -z "$refused" ] || { printf '%s\n' "$refused" >&2; exit 126; }
        echo '@end'
        """#

    package static func parse(_ body: String) throws(ProbeFailure) -> CertificatesState? {
        if ProbeText.isAbsent(body) { return nil }
        guard body.hasPrefix("Now="), let end = body.firstIndex(of: "\n"),
            let now = ProbeText.clock(body[..<end].dropFirst(4)),
            body.hasSuffix("\n@end\n")
        else { throw ProbeText.unparsable("certificates", body) }
        var certificates = ItemList<Certificate>()
        for part in body[end...].dropLast("\n@end\n".count).split(separator: "\n@") {
            let lines = ProbeText.lines(part)
            certificates.add(lines.first ?? part) { () throws(ProbeFailure) in try certificate(part, lines) }
        }
        return CertificatesState(
            certificates: certificates.items, observedAt: now, unread: try certificates.unreadItems())
    }

    private static func certificate(_ part: Substring, _ lines: [Substring]) throws(ProbeFailure) -> Certificate {
        if lines.count >= 2, lines[1].hasPrefix("!") {
            let said = String(lines[1].dropFirst(2))
            throw said.isEmpty ? ProbeText.unparsable("an empty certificate", part) : ProbeFailure(.permission, said)
        }
        guard let name = lines.first, !name.isEmpty, lines.dropFirst().first == "-----BEGIN CERTIFICATE-----",
            lines.last == "-----END CERTIFICATE-----",
            let data = Data(base64Encoded: lines[2..<(lines.count - 1)].joined()),
            let facts = CertificateReader.read([UInt8](data))
        else { throw ProbeText.unparsable("a certificate", part) }
        return Certificate(
            name: String(name), notBefore: facts.notBefore, notAfter: facts.notAfter, issuer: facts.issuer,
            isSelfSigned: facts.isSelfSigned)
    }
}

/// Source: RFC 5280; security.acme of NixOS.
package struct CertificatesState: Hashable, Codable, Sendable, PartlyRead {
    /// By the name of their folder; at most 100. Empty while the first is still to come.
    package var certificates: [Certificate]
    /// The host's clock when it was asked, in seconds since 1970.
    package var observedAt: Int
    package var unread: [UnreadItem]?
}

package struct Certificate: Hashable, Codable, Sendable {
    package var name: String
    /// In seconds since 1970.
    package var notBefore: Int
    /// In seconds since 1970.
    package var notAfter: Int
    /// The last name the issuer goes by, as in `R11`; empty without one.
    package var issuer: String
    /// By itself, or by `minica`, with which NixOS fills in until the first real one.
    package var isSelfSigned: Bool
}
