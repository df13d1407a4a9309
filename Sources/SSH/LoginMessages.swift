// SPDX-License-Identifier: MIT

/// Messages of the server that libssh2 reads and does not hand on, overheard when it frees them.
///
/// It answers only "refused" where the server tells which methods are still wanted, only "disconnected" where the server tells why,
/// and, up to 1.11.1, exit status 0 for a command whose server never said how it ended.
struct LoginMessages {
    /// Why a login attempt did not let us in (SSH_MSG_USERAUTH_FAILURE; RFC 4252, 5.1).
    struct Refusal: Hashable {
        /// What the server would take next: `publickey`, `keyboard-interactive`, …
        var methods: [String]
        /// The attempt itself was right, but the server wants more than that.
        var isPartial: Bool
    }

    /// Whether the server has told how the command of the open channel ended (RFC 4254, 6.10).
    var knowsOutcome = false
    /// The answer to the last login attempt.
    var refusal: Refusal?
    /// Why the server hung up (SSH_MSG_DISCONNECT; RFC 4253, 11.1).
    private(set) var goodbye: String?

    /// Takes note of a block that libssh2 frees. Most are no messages, so each field must be what it claims to be.
    mutating func take(_ block: UnsafeRawBufferPointer) {
        guard block.count >= 9 else { return }
        switch block[0] {
        case 1: goodbye = Self.goodbye(block) ?? goodbye
        case 51: refusal = Self.refusal(block) ?? refusal
        case 98 where block.count >= 20 && block[8] == 11:
            let name = block[9..<20]
            if name.elementsEqual("exit-status".utf8) || name.elementsEqual("exit-signal".utf8) { knowsOutcome = true }
        default: break
        }
    }

    private static func refusal(_ block: UnsafeRawBufferPointer) -> Refusal? {
        let bytes = ArraySlice(block.prefix(2048))
        var reader = WireReader(bytes.dropFirst())
        guard let names = reader.string(), let partial = reader.byte(), partial <= 1, names.allSatisfy(isName) else {
            return nil
        }
        let methods = names.split(separator: UInt8(ascii: ",")).map { String(decoding: $0, as: UTF8.self) }
        return Refusal(methods: methods, isPartial: partial == 1)
    }

    private static func goodbye(_ block: UnsafeRawBufferPointer) -> String? {
        let bytes = ArraySlice(block.prefix(2048))
        var reader = WireReader(bytes.dropFirst())
        guard let reason = reader.uint32(), (1...15).contains(reason), let text = reader.string(),
            text.allSatisfy({ (0x20...0x7e).contains($0) })
        else { return nil }
        return String(decoding: text.prefix(200), as: UTF8.self)
    }

    private static func isName(_ byte: UInt8) -> Bool { (0x21...0x7e).contains(byte) }
}
