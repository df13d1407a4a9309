// SPDX-License-Identifier: MIT
/// What the server said in clear before encryption began: its banner and the algorithms it offers (RFC 4253, 4.2 and 7.1).
///
/// libssh2 does not tell which algorithms a server offered when the two sides share none, so its reads go through
/// ``InboundLimits`` and the first bytes are kept here. Belongs to one session and is touched on the reactor's thread only.
final class HandshakeRecord {
    /// A KEXINIT with long lists is about 2 KiB; a banner and the lines before it must not grow without end.
    static let limit = 32 * 1024
    private var bytes: [UInt8] = []
    private var isRecording = true

    /// Stops recording and forgets the bytes.
    func stop() {
        isRecording = false
        bytes = []
    }

    /// Takes note of what was received.
    func hear(_ heard: UnsafeRawBufferPointer) {
        guard isRecording, bytes.count < Self.limit else { return }
        bytes.append(contentsOf: heard.prefix(Self.limit - bytes.count))
    }

    var isEmpty: Bool { bytes.isEmpty }

    /// The first line that was heard, at most 80 bytes of it.
    var firstLine: String {
        String(
            decoding: bytes.prefix(80).prefix { $0 != UInt8(ascii: "\r") && $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }

    /// Whether so much came before the banner that none is to be expected. RFC 4253, 4.2 allows lines before it, but
    /// libssh2 would read them without end.
    var hasNoBanner: Bool { isRecording && bytes.count >= Self.limit && banner == nil }

    /// The first line the server sent that begins with `SSH-`, without its line end.
    var banner: String? {
        for line in bytes.split(separator: UInt8(ascii: "\n")) where line.starts(with: Array("SSH-".utf8)) {
            return Self.shown(line.prefix { $0 != UInt8(ascii: "\r") }.prefix(255))
        }
        return nil
    }

    /// The server's name lists, if its KEXINIT arrived whole and unencrypted.
    var offer: AlgorithmOffer? {
        guard let start = firstPacket else { return nil }
        return AlgorithmOffer(packet: bytes[start...])
    }

    /// Text of the server as messages may hold it: what is not printable ASCII (RFC 4253, 4.2) is a question mark.
    fileprivate static func shown(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes.map { (0x20...0x7e).contains($0) ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
    }

    /// Where the binary packets begin: behind the line with the version.
    private var firstPacket: Int? {
        var index = 0
        while let end = bytes[index...].firstIndex(of: UInt8(ascii: "\n")) {
            if bytes[index...].starts(with: Array("SSH-".utf8)) { return end + 1 }
            index = end + 1
        }
        return nil
    }
}

/// The algorithm lists one side of a key exchange offers (RFC 4253, 7.1).
package struct AlgorithmOffer: Hashable, Sendable {
    package var keyExchanges: [String] = []
    package var hostKeys: [String] = []
    /// From client to server.
    package var ciphers: [String] = []
    /// From client to server.
    package var macs: [String] = []

    /// Reads an SSH_MSG_KEXINIT packet: length, padding length, message 20, cookie of 16 bytes, then name lists.
    init?(packet: ArraySlice<UInt8>) {
        var reader = WireReader(packet)
        guard let length = reader.uint32(), length < 35_000, reader.byte() != nil, reader.byte() == 20,
            reader.skip(16)
        else { return nil }
        var lists: [[String]] = []
        for _ in 0..<5 {
            guard let names = reader.string() else { return nil }
            lists.append(HandshakeRecord.shown(names).split(separator: ",").map(String.init))
        }
        (keyExchanges, hostKeys, ciphers, macs) = (lists[0], lists[1], lists[2], lists[4])
    }

    package init() {}
}

/// Writes SSH's wire types (RFC 4251, 5).
enum Wire {
    static func string(_ bytes: some Collection<UInt8>) -> [UInt8] {
        withUnsafeBytes(of: UInt32(truncatingIfNeeded: bytes.count).bigEndian) { Array($0) } + bytes
    }
}

/// Reads SSH's wire types (RFC 4251, 5) from bytes.
struct WireReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    mutating func byte() -> UInt8? { rest.popFirst() }

    mutating func uint32() -> UInt32? {
        guard rest.count >= 4 else { return nil }
        let value = rest.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        rest = rest.dropFirst(4)
        return value
    }

    mutating func string() -> ArraySlice<UInt8>? {
        guard let length = uint32(), rest.count >= Int(length) else { return nil }
        defer { rest = rest.dropFirst(Int(length)) }
        return rest.prefix(Int(length))
    }

    mutating func skip(_ count: Int) -> Bool {
        guard rest.count >= count else { return false }
        rest = rest.dropFirst(count)
        return true
    }
}
