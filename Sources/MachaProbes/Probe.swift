// SPDX-License-Identifier: MIT

/// One read-only question to a host: a shell fragment, and the meaning of its answer.
///
/// A new probe is a new file and one line in ``ProbeCatalog``. The fragment runs inside one POSIX `sh` script for the
/// whole host (``ProbeScript``), with `LC_ALL=C`, no standard input, and its own time and byte limit.
package protocol Probe: Sendable {
    /// What the answer means once it is understood.
    associatedtype Value: Codable & Hashable & Sendable

    /// Unique section name: lower-case letters, digits and dashes.
    static var name: String { get }
    /// POSIX `sh`; what it prints on standard output is the section's body, its exit status the section's status.
    static var script: String { get }
    /// Seconds the fragment may take on the host.
    static var timeout: Int { get }
    /// Bytes of standard output that are kept on the host's side.
    static var byteLimit: Int { get }
    /// How often it is worth asking.
    static var rhythm: ProbeInterval { get }
    /// What the account needs for a whole answer.
    static var rights: ProbeRights { get }
    /// The shared question that the fragment calls.
    static var shares: SharedQuestion? { get }
    /// It may be asked in a row with others (``ProbeScript``). A fragment that is mostly quick, as it mostly finds nothing to
    /// ask, calls `alone` before it begins with what may take long.
    static var isQuick: Bool { get }

    /// Understands a whole section. The default fails by status and hands the rest to ``parse(_:)``.
    static func read(_ section: ProbeSection) -> Reading<Value>
    /// Understands the body of a section that ended with status 0.
    static func parse(_ body: String) throws(ProbeFailure) -> Value
}

extension Probe {
    /// Eight seconds.
    package static var timeout: Int { 8 }
    /// 256 kB.
    package static var byteLimit: Int { 256 * 1024 }
    /// Each time.
    package static var rhythm: ProbeInterval { .everyCheck }
    /// None.
    package static var rights: ProbeRights { .none }
    /// None.
    package static var shares: SharedQuestion? { nil }
    /// What takes no root and has a usual time limit.
    package static var isQuick: Bool { timeout < ProbeRow.seconds && rights != .root }

    package static func read(_ section: ProbeSection) -> Reading<Value> { judged(section) }

    /// Fails by status and length, and has the rest parsed.
    static func judged(_ section: ProbeSection) -> Reading<Value> {
        if let failure = section.failure { return .unknown(because: failure) }
        do throws(ProbeFailure) {
            return .known(try parse(section.body))
        } catch {
            return .unknown(because: error)
        }
    }
}

/// One framed answer from a host.
package struct ProbeSection: Hashable, Sendable {
    package var name: String
    /// The fragment's exit status; 124 when its time limit ended it, 127 when the program is missing.
    package var status: Int
    /// Standard output, decoded as UTF-8 with repair.
    package var body: String
    /// The host kept only the first part of a longer answer.
    package var isTruncated: Bool

    package init(name: String, status: Int, body: String, isTruncated: Bool = false) {
        self.name = name
        self.status = status
        self.body = body
        self.isTruncated = isTruncated
    }

    /// Why this section has no value, judged by status and length alone.
    package var failure: ProbeFailure? {
        switch status {
        case 0: isTruncated ? ProbeFailure(.tooLarge) : nil
        case 124, 137, 143: ProbeFailure(.timedOut)
        case 126: ProbeFailure(.permission, reason)
        case 127: ProbeFailure(.toolMissing, reason)
        default: ProbeFailure(Self.speaksOfRights(reason) ? .permission : .failed, "status \(status): \(reason)")
        }
    }

    /// The last lines of the body, where the script appends what a failed fragment said on standard error; short enough
    /// to be shown whole.
    private var reason: String {
        let end = String(decoding: body.utf8.suffix(1_000), as: UTF8.self)
        return String(ProbeText.lines(end).suffix(3).joined(separator: "\n").suffix(240))
    }

    private static func speaksOfRights(_ text: String) -> Bool {
        [
            "Permission denied", "permission denied", "Operation not permitted", "Access denied",
            // What sudo says when a rule is missing, or when it may ask nobody.
            "a password is required", "a terminal is required", "is not in the sudoers file", "is not allowed to",
            "may not run sudo",
        ].contains { ProbeText.range(of: $0, in: text) != nil }
    }
}

/// Quick fragments, asked in a row by one shell (``ProbeScript``).
package enum ProbeRow {
    /// Seconds that they may take together: one more than one of them may take alone, so that one that hangs has had its time.
    package static let seconds = 9
}
