// SPDX-License-Identifier: MIT
import CCurl

extension EasyHandle {
    /// Tells libcurl all of a request but who receives the answer.
    mutating func prepare(_ request: HTTPRequest, _ address: Address) throws(HTTPError) {
        guard set(CURLOPT_URL, request.url), macha_curl_allow_only_http(raw) == CURLE_OK else {
            throw HTTPError(.invalidRequest, .request, place: address.place, "libcurl refuses the URL \(address.place)")
        }
        set(CURLOPT_NOSIGNAL, 1)
        // One exchange a connection at a time, so that giving one up closes its connection.
        set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        set(CURLOPT_BUFFERSIZE, 64 << 10)
        set(CURLOPT_CONNECTTIMEOUT_MS, max(1, Int(request.deadlines.connect / .milliseconds(1))))
        set(CURLOPT_FOLLOWLOCATION, request.redirects > 0 ? 1 : 0)
        set(CURLOPT_MAXREDIRS, request.redirects)
        set(CURLOPT_USERAGENT, "macha")
        macha_curl_quick_exit(raw)
        macha_curl_close_on_exec(raw)
        prepareMethod(request)
        try prepareHeaders(request, address)
        try prepareWay(request, address)
    }

    private func prepareMethod(_ request: HTTPRequest) {
        switch request.method {
        case .get: set(CURLOPT_HTTPGET, 1)
        case .head: set(CURLOPT_NOBODY, 1)
        case .delete: set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        case .post, .put, .patch:
            _ = request.body.withUnsafeBytes { macha_curl_set_body(raw, $0.baseAddress, $0.count) }
            if request.method != .post { set(CURLOPT_CUSTOMREQUEST, request.method.rawValue) }
        }
    }

    private mutating func prepareHeaders(_ request: HTTPRequest, _ address: Address) throws(HTTPError) {
        for (name, value) in request.headers {
            guard Self.isToken(name), value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 }) else {
                // The value may be a secret.
                throw HTTPError(
                    .invalidRequest, .request, place: address.place,
                    "a header of the request to \(address.place) holds a character that headers cannot hold",
                    remedy: "check the key or token for a line break")
            }
            addHeader(value.isEmpty ? "\(name);" : "\(name): \(value)")  // curl: a colon and nothing removes the header
        }
        // Without these libcurl would wait for a "100 Continue" and call any body a form.
        addHeader("Expect:")
        if !request.headers.contains(where: { $0.name.lowercased() == "content-type" }) { addHeader("Content-Type:") }
        sendHeaders()
    }

    private func prepareWay(_ request: HTTPRequest, _ address: Address) throws(HTTPError) {
        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        if case .file(let path) = request.trust { set(CURLOPT_CAINFO, path) }
        if request.proxy == .none || address.isLoopback || request.unixSocket != nil { set(CURLOPT_PROXY, "") }
        guard let socket = request.unixSocket else { return }
        guard set(CURLOPT_UNIX_SOCKET_PATH, socket), socket.utf8.count < 108 else {
            throw HTTPError(
                .invalidRequest, .request, place: address.place, "the socket's path is longer than 107 bytes",
                remedy: "move the socket to a shorter path")
        }
    }

    /// rfc-editor.org/rfc/rfc9110#name-tokens
    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }
}
