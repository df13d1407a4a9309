// SPDX-License-Identifier: MIT
import CCurl

extension HTTPError.Code {
    /// What an error of libcurl means to us (curl.se/libcurl/c/libcurl-errors.html).
    init(_ code: CURLcode) {
        switch code {
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL: self = .invalidRequest
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: self = .nameNotFound
        case CURLE_COULDNT_CONNECT: self = .unreachable
        case CURLE_OPERATION_TIMEDOUT: self = .timedOut
        case CURLE_PEER_FAILED_VERIFICATION: self = .untrusted
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER:
            self = .tlsFailed
        case CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE: self = .connectionLost
        case CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING: self = .malformed
        case CURLE_TOO_MANY_REDIRECTS: self = .tooManyRedirects
        default: self = .library(Int(code.rawValue))
        }
    }

    /// What to do next, as far as the code alone tells.
    var remedy: String {
        switch self {
        case .nameNotFound: "check the name in the URL, and this machine's name servers"
        case .unreachable: "check that the server runs there and listens on this address and port"
        case .untrusted: "check the URL's name and the machine's clock, or name the file with the right certificates"
        case .tlsFailed: "check that the server speaks TLS at this port, and any file of certificates you named"
        case .connectionLost: "check the server's log to see why it closed the connection"
        case .malformed: "check the URL: something other than an HTTP server answers there"
        case .tooManyRedirects: "use the URL the server redirects to"
        case .invalidRequest, .timedOut, .tooLarge, .cancelled, .closed, .library: ""
        }
    }
}
