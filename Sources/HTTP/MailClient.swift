// SPDX-License-Identifier: MIT
import CCurl
import Dispatch
import Glibc

/// Hands mails to SMTP servers, each on a thread of its own for as long as it takes. Certificates are always checked.
package struct MailClient: Sendable {
    package init() {}

    /// Returns once the server has taken responsibility for the mail. A task that is cancelled gives the mail up.
    package func send(_ mail: MailRequest) async throws(MailError) {
        let transfer = try MailTransfer(mail)
        let outcome: MailError? = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                Self.queue.async { continuation.resume(returning: transfer.run()) }
            }
        } onCancel: {
            transfer.abort()
        }
        if let outcome { throw outcome }
    }

    private static let queue = DispatchQueue(label: "macha.mail", attributes: .concurrent)
}

/// One mail under way.
private final class MailTransfer: @unchecked Sendable {
    // @unchecked: after init everything but the flag, which is atomic in C, is touched by the one thread that runs it.

    private let easy: EasyHandle
    private let place: String
    private let message: [UInt8]
    private var sent = 0
    private var recipients: UnsafeMutablePointer<curl_slist>?
    private let flag: UnsafeMutablePointer<CInt>

    init(_ mail: MailRequest) throws(MailError) {
        do throws(HTTPError) {
            try CurlLibrary.load()
        } catch {
            throw MailError(code: .transport(error.code), message: error.message, remedy: error.remedy)
        }
        place = "\(mail.server):\(mail.port)"
        guard let easy = EasyHandle() else {
            throw MailError(code: .transport(.unreachable), message: "no memory for libcurl", remedy: "")
        }
        self.easy = easy
        message = mail.message
        flag = .allocate(capacity: 1)
        flag.initialize(to: 0)
        for recipient in mail.recipients {
            recipients = macha_curl_slist_append(recipients, "<\(recipient)>") ?? recipients
        }
        try prepare(mail)
    }

    deinit {
        macha_curl_slist_free_all(recipients)
        flag.deallocate()
    }

    func abort() { macha_curl_abort(flag) }

    /// Blocks until the mail is taken or refused.
    func run() -> MailError? {
        var pipe = sigset_t()
        sigemptyset(&pipe)
        sigaddset(&pipe, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &pipe, nil)
        let code = macha_curl_easy_perform(easy.raw)
        return code == CURLE_OK ? nil : failure(code)
    }

    fileprivate func supply(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(buffer.count, message.count - sent)
        buffer.copyBytes(from: message[sent..<sent + count])
        sent += count
        return count
    }

    private func prepare(_ mail: MailRequest) throws(MailError) {
        func refuse(_ why: String) -> MailError {
            MailError(code: .invalidRequest, message: "the mail for \(place) cannot be sent: \(why)", remedy: "")
        }
        guard !mail.recipients.isEmpty else { throw refuse("it has no recipient") }
        let words = [mail.server, mail.sender] + mail.recipients
        guard words.allSatisfy({ $0.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != 0x3c && $0 != 0x3e } }) else {
            throw refuse("an address or the server's name holds a character that they cannot hold")
        }
        guard mail.login == nil || mail.encryption != .none else { throw refuse("a password needs TLS") }
        let scheme = mail.encryption == .tls ? "smtps" : "smtp"
        let host = mail.server.contains(":") ? "[\(mail.server)]" : mail.server
        guard macha_curl_allow_only_mail(easy.raw) == CURLE_OK,
            easy.set(CURLOPT_URL, "\(scheme)://\(host):\(mail.port)")
        else { throw refuse("libcurl refuses the server's name") }
        easy.set(CURLOPT_NOSIGNAL, 1)
        easy.set(CURLOPT_PROXY, "")
        easy.set(CURLOPT_TIMEOUT_MS, max(1, Int(mail.deadline / .milliseconds(1))))
        easy.set(CURLOPT_SSL_VERIFYPEER, 1)
        easy.set(CURLOPT_SSL_VERIFYHOST, 2)
        easy.set(
            CURLOPT_USE_SSL, mail.encryption == .none ? Int(CURLUSESSL_NONE.rawValue) : Int(CURLUSESSL_ALL.rawValue))
        if case .file(let path) = mail.trust { easy.set(CURLOPT_CAINFO, path) }
        if let login = mail.login {
            easy.set(CURLOPT_USERNAME, login.user)
            easy.set(CURLOPT_PASSWORD, login.password)
        }
        easy.set(CURLOPT_MAIL_FROM, "<\(mail.sender)>")
        macha_curl_set_recipients(easy.raw, recipients)
        macha_curl_set_abort_flag(easy.raw, flag)
        macha_curl_set_upload(easy.raw, supplyMail, Unmanaged.passUnretained(self).toOpaque(), message.count)
        macha_curl_quick_exit(easy.raw)
        macha_curl_close_on_exec(easy.raw)
    }

    private func failure(_ code: CURLcode) -> MailError {
        let status = Int(macha_curl_status(easy.raw))
        let said = easy.explanation(of: code)
        switch code {
        case CURLE_LOGIN_DENIED:
            return MailError(
                code: .loginRefused, message: "\(place) refuses the login: \(said)",
                remedy: "check user and password; some servers want a password of its own for each application")
        case CURLE_ABORTED_BY_CALLBACK:
            return MailError(code: .transport(.cancelled), message: "\(place): the mail was given up", remedy: "")
        case _ where (400..<600).contains(status):
            return MailError(code: .refused(status), message: "\(place) refuses the mail: \(said)", remedy: "")
        case CURLE_USE_SSL_FAILED:
            return MailError(
                code: .transport(.tlsFailed), message: "\(place) offers no TLS, so nothing was sent",
                remedy: "write tls: tls for port 465, or tls: none for a server on this machine")
        default:
            let meaning = HTTPError.Code(code)
            return MailError(
                code: .transport(meaning), message: "no mail could be sent to \(place): \(said)", remedy: meaning.remedy
            )
        }
    }
}

private let supplyMail: macha_curl_supply = { buffer, size, count, context in
    guard let context, let buffer else { return 0 }
    return Unmanaged<MailTransfer>.fromOpaque(context).takeUnretainedValue().supply(
        UnsafeMutableRawBufferPointer(start: buffer, count: size * count))
}
