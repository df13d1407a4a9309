// SPDX-License-Identifier: MIT

/// What a host sent back for ``ProbeScript``, taken apart by length alone.
///
/// A frame is `@@name status bytes` and a line break, that many bytes, and a line break. When the host kept only the
/// first part of a longer answer, the header ends in ` cut`. The parser counts and never searches, so no text inside a
/// body can pass for a frame. The one exception comes before anything a log could have written: what is printed before
/// `@@begin 0 0` is skipped. Over SSH that is nothing, because the mark of the command's line ends what shell start-up files print.
package struct ProbeAnswer: Sendable {
    /// In the order they arrived, up to the first frame that is not whole.
    package private(set) var sections: [ProbeSection] = []
    /// The closing frame arrived: nothing is missing.
    package private(set) var isComplete = false

    /// Takes apart all that the script printed.
    package init(_ bytes: [UInt8]) {
        guard var at = Self.start(in: bytes) else { return }
        while let (header, bodyStart) = Header.parse(bytes, at: at) {
            let (bodyEnd, overflow) = bodyStart.addingReportingOverflow(header.count)
            guard !overflow, bodyEnd < bytes.count, bytes[bodyEnd] == newline else { return }
            if header.name == "end" {
                isComplete = true
                return
            }
            let body = String(decoding: bytes[bodyStart..<bodyEnd], as: UTF8.self)
            sections.append(
                ProbeSection(name: header.name, status: header.status, body: body, isTruncated: header.isCut))
            at = bodyEnd + 1
        }
    }

    /// Where the first frame after `@@begin 0 0` starts. What comes before it need not end with a line, and may be long.
    private static func start(in bytes: [UInt8]) -> Int? {
        let opening = Array("@@begin 0 0\n\n".utf8)
        return bytes.firstRange(of: opening)?.upperBound
    }

    private struct Header {
        var name: String
        var status: Int
        var count: Int
        var isCut: Bool

        /// The header that starts at `start`, and where its body starts.
        static func parse(_ bytes: [UInt8], at start: Int) -> (Header, Int)? {
            let longest = 80
            guard let end = bytes[start...].prefix(longest).firstIndex(of: newline) else { return nil }
            let line = bytes[start..<end]
            guard line.starts(with: [atSign, atSign]) else { return nil }
            let fields = line.dropFirst(2).split(separator: space, omittingEmptySubsequences: false)
            guard fields.count == 3 || (fields.count == 4 && fields[3].elementsEqual("cut".utf8)),
                !fields[0].isEmpty, fields[0].allSatisfy(isNameByte),
                let status = number(fields[1]), let count = number(fields[2])
            else { return nil }
            let name = String(decoding: fields[0], as: UTF8.self)
            return (Header(name: name, status: status, count: count, isCut: fields.count == 4), end + 1)
        }

        private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
            guard (1...9).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        }

        private static func isNameByte(_ byte: UInt8) -> Bool {
            (0x61...0x7a).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2d
        }
    }
}

private let newline: UInt8 = 0x0a
private let space: UInt8 = 0x20
private let atSign: UInt8 = 0x40
