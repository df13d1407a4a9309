// SPDX-License-Identifier: MIT
import CCurl

/// Sole owner of one `CURL` easy handle, of its header list and of the buffer it writes errors into.
struct EasyHandle: ~Copyable {
    let raw: UnsafeMutableRawPointer
    private let complaint: UnsafeMutablePointer<CChar>
    private var headers: UnsafeMutablePointer<curl_slist>?

    /// `nil` without memory.
    init?() {
        guard Self.isLibraryReady, let raw = curl_easy_init() else { return nil }
        self.raw = raw
        complaint = .allocate(capacity: Int(CURL_ERROR_SIZE))
        complaint.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        macha_curl_set_complaint(raw, complaint)
    }

    deinit {
        curl_easy_cleanup(raw)
        curl_slist_free_all(headers)
        complaint.deallocate()
    }

    private static let isLibraryReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    mutating func addHeader(_ line: String) {
        // NULL means no memory, and leaves the list as it was.
        headers = curl_slist_append(headers, line) ?? headers
    }

    /// Hands the headers over; after this no more are added.
    func sendHeaders() { macha_curl_set_headers(raw, headers) }

    func set(_ option: CURLoption, _ number: Int) { macha_curl_set_number(raw, option, number) }

    @discardableResult
    func set(_ option: CURLoption, _ text: String) -> Bool { macha_curl_set_text(raw, option, text) == CURLE_OK }

    /// What libcurl says of the error it ended with.
    func explanation(of code: CURLcode) -> String {
        let detail = String(cString: complaint)
        return detail.isEmpty ? String(cString: curl_easy_strerror(code)) : detail
    }
}

/// Sole owner of one `CURLM` multi handle and of the connections it keeps.
struct MultiHandle: ~Copyable {
    let raw: UnsafeMutableRawPointer

    init() {
        guard let raw = curl_multi_init() else { preconditionFailure("no memory for libcurl's multi handle") }
        self.raw = raw
        macha_curl_set_multi_number(raw, CURLMOPT_MAXCONNECTS, 16)
    }

    deinit { curl_multi_cleanup(raw) }
}
