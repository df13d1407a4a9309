// SPDX-License-Identifier: MIT
import CCurl

/// libcurl itself, which is loaded for the first request of a process.
enum CurlLibrary {
    /// Why it cannot be used; `nil` when it can.
    private static let failure: String? = {
        if let reason = macha_curl_load() { return String(cString: reason) }
        return macha_curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK ? nil : "it cannot be initialised"
    }()

    /// To be called before anything else of libcurl.
    static func load() throws(HTTPError) {
        guard let failure else { return }
        throw HTTPError(
            .library(Int(CURLE_FAILED_INIT.rawValue)), .request, place: "", "libcurl cannot be loaded: \(failure)",
            remedy: "install libcurl (Debian: libcurl4), or name its folder in LD_LIBRARY_PATH")
    }
}

/// Sole owner of one `CURL` easy handle, of its header list and of the buffer it writes errors into.
struct EasyHandle: ~Copyable {
    let raw: UnsafeMutableRawPointer
    private let complaint: UnsafeMutablePointer<CChar>
    private var headers: UnsafeMutablePointer<curl_slist>?

    /// `nil` without memory.
    init?() {
        guard let raw = macha_curl_easy_init() else { return nil }
        self.raw = raw
        complaint = .allocate(capacity: Int(CURL_ERROR_SIZE))
        complaint.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        macha_curl_set_complaint(raw, complaint)
    }

    deinit {
        macha_curl_easy_cleanup(raw)
        macha_curl_slist_free_all(headers)
        complaint.deallocate()
    }

    mutating func addHeader(_ line: String) {
        // NULL means no memory, and leaves the list as it was.
        headers = macha_curl_slist_append(headers, line) ?? headers
    }

    /// Hands the headers over; after this no more are added.
    func sendHeaders() { macha_curl_set_headers(raw, headers) }

    func set(_ option: CURLoption, _ number: Int) { macha_curl_set_number(raw, option, number) }

    @discardableResult
    func set(_ option: CURLoption, _ text: String) -> Bool { macha_curl_set_text(raw, option, text) == CURLE_OK }

    /// What libcurl says of the error it ended with.
    func explanation(of code: CURLcode) -> String {
        let detail = String(cString: complaint)
        return detail.isEmpty ? String(cString: macha_curl_easy_strerror(code)) : detail
    }
}

/// Sole owner of one `CURLM` multi handle and of the connections it keeps.
struct MultiHandle: ~Copyable {
    let raw: UnsafeMutableRawPointer

    init() {
        guard let raw = macha_curl_multi_init() else { preconditionFailure("no memory for libcurl's multi handle") }
        self.raw = raw
        macha_curl_set_multi_number(raw, CURLMOPT_MAXCONNECTS, 16)
    }

    deinit { macha_curl_multi_cleanup(raw) }
}
