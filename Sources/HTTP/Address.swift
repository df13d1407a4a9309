// SPDX-License-Identifier: MIT
import CCurl

/// The parts of a URL that an exchange needs to know, read by libcurl's own parser.
struct Address: Hashable {
    /// Scheme, host, port and path, fit for a message.
    var place: String
    var isHTTPS: Bool
    /// The host is this machine by its very name or address.
    var isLoopback: Bool

    init(_ url: String) throws(HTTPError) {
        func refuse(_ why: String) -> HTTPError {
            // The URL itself may hold a password.
            HTTPError(
                .invalidRequest, .request, place: "", "the URL cannot be used: \(why)",
                remedy: "write it as http://host:port or https://host")
        }
        guard !url.utf8.contains(0), let parsed = macha_curl_url() else { throw refuse("it holds a NUL character") }
        defer { macha_curl_url_cleanup(parsed) }
        let code = macha_curl_url_set(parsed, CURLUPART_URL, url, UInt32(CURLU_NON_SUPPORT_SCHEME))
        guard code == CURLUE_OK else { throw refuse(String(cString: macha_curl_url_strerror(code)).lowercased()) }
        let scheme = Self.part(parsed, CURLUPART_SCHEME)
        guard scheme == "http" || scheme == "https" else { throw refuse("its scheme is neither http nor https") }
        let host = Self.part(parsed, CURLUPART_HOST)
        guard !host.isEmpty else { throw refuse("it names no host") }
        let port = Self.part(parsed, CURLUPART_PORT)
        place = "\(scheme)://\(host)\(port.isEmpty ? "" : ":\(port)")\(Self.part(parsed, CURLUPART_PATH))"
        isHTTPS = scheme == "https"
        let name = host.lowercased()
        isLoopback =
            name == "localhost" || name.hasSuffix(".localhost") || name.hasPrefix("127.") || name == "[::1]"
    }

    private static func part(_ url: OpaquePointer, _ part: CURLUPart) -> String {
        var text: UnsafeMutablePointer<CChar>?
        guard macha_curl_url_get(url, part, &text, 0) == CURLUE_OK, let text else { return "" }
        defer { macha_curl_free(text) }
        return String(cString: text)
    }
}
