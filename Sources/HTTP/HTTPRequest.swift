// SPDX-License-Identifier: MIT

/// What is asked of a server.
package struct HTTPRequest: Sendable {
    package enum Method: String, Hashable, Sendable {
        case get = "GET"
        case head = "HEAD"
        case post = "POST"
        case put = "PUT"
        case delete = "DELETE"
        case patch = "PATCH"
    }

    /// Where a certificate is checked against.
    package enum Trust: Hashable, Sendable {
        /// The certificates libcurl was built to trust.
        case system
        /// A file of certificates (PEM) instead of those.
        case file(String)
    }

    /// Which proxy is asked.
    package enum Proxy: Hashable, Sendable {
        case none
        /// What `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy` say; none for this machine's own addresses.
        case environment
    }

    package var method: Method
    /// An absolute URL, `http` or `https`.
    package var url: String
    /// Names and values; neither may hold a line break.
    package var headers: [(name: String, value: String)]
    /// Sent with `post`, `put` and `patch`.
    package var body: [UInt8]
    package var deadlines: HTTPDeadlines
    /// Bytes of the body beyond which the exchange fails.
    package var bodyLimit: Int
    /// Redirects that are followed. A header set here goes to the new place too, unless it is `Authorization`.
    package var redirects: Int
    /// The path of a socket to talk through instead of TCP; the URL's host is then only a name.
    package var unixSocket: String?
    package var trust: Trust
    package var proxy: Proxy

    package init(
        _ method: Method = .get, _ url: String, headers: [(name: String, value: String)] = [], body: [UInt8] = [],
        deadlines: HTTPDeadlines = HTTPDeadlines(), bodyLimit: Int = 16 << 20, redirects: Int = 0,
        unixSocket: String? = nil, trust: Trust = .system, proxy: Proxy = .environment
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.deadlines = deadlines
        self.bodyLimit = bodyLimit
        self.redirects = redirects
        self.unixSocket = unixSocket
        self.trust = trust
        self.proxy = proxy
    }
}

/// How long each part of an exchange may take.
package struct HTTPDeadlines: Hashable, Sendable {
    /// Name resolution, connection and TLS together.
    package var connect: Duration
    /// From the beginning until the answer's headers are there.
    package var firstByte: Duration
    /// Silence between two pieces of the body. Time in which the receiver takes nothing does not count.
    package var betweenPieces: Duration
    /// All of it.
    package var total: Duration

    package init(
        connect: Duration = .seconds(10), firstByte: Duration = .seconds(60), betweenPieces: Duration = .seconds(60),
        total: Duration = .seconds(300)
    ) {
        self.connect = connect
        self.firstByte = firstByte
        self.betweenPieces = betweenPieces
        self.total = total
    }
}
