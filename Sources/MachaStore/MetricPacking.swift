// SPDX-License-Identifier: MIT
import struct Foundation.Data

/// Rows of whole numbers as few bytes: figures rounded to their ``Metric/step``.
///
/// A look is pairs of a series' id and its value, ids ascending and each as the difference to the one before. A day is
/// columns of a fixed length, each beginning again. In a column, `0 n` is n places without a value, `1 n` n times the value
/// before, and anything else the difference to it. All numbers are LEB128, signed ones in zigzag.
enum MetricPacking {
    /// The bytes do not mean anything: the file was written to by something else.
    struct Damaged: Error {}

    static func pack(look values: [(id: Int64, value: Int64)]) -> Data {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(values.count * 5)
        var last: Int64 = 0
        for (id, value) in values.sorted(by: { $0.id < $1.id }) {
            append(UInt64(bitPattern: id &- last), &bytes)
            append(zigzag(value), &bytes)
            last = id
        }
        return Data(bytes)
    }

    static func look(_ data: Data) throws -> [(id: Int64, value: Int64)] {
        var values: [(id: Int64, value: Int64)] = []
        try data.withUnsafeBytes { bytes in
            var cursor = Cursor(bytes)
            var id: Int64 = 0
            while !cursor.isAtEnd {
                id &+= Int64(bitPattern: try cursor.next())
                values.append((id, try plausible(unzigzag(try cursor.next()))))
            }
        }
        return values
    }

    static func pack(day columns: [[Int64?]]) -> Data {
        var bytes: [UInt8] = []
        for column in columns {
            var at = 0
            var last: Int64 = 0
            while at < column.count {
                guard let value = column[at] else {
                    let run = column[at...].prefix { $0 == nil }.count
                    append(0, &bytes)
                    append(UInt64(run), &bytes)
                    at += run
                    continue
                }
                let run = at == 0 ? 0 : column[at...].prefix { $0 == last }.count
                if run >= 3 {
                    append(1, &bytes)
                    append(UInt64(run), &bytes)
                    at += run
                } else {
                    append(zigzag(value &- last) &+ 2, &bytes)
                    last = value
                    at += 1
                }
            }
        }
        return Data(bytes)
    }

    /// The `count` columns of a day, each of `length` places.
    static func day(_ data: Data, count: Int, length: Int) throws -> [[Int64?]] {
        try data.withUnsafeBytes { bytes in
            var cursor = Cursor(bytes)
            let columns = try (0..<count).map { _ in try column(&cursor, length: length) }
            guard cursor.isAtEnd else { throw Damaged() }
            return columns
        }
    }

    private static func column(_ cursor: inout Cursor, length: Int) throws -> [Int64?] {
        var column: [Int64?] = []
        column.reserveCapacity(length)
        var last: Int64 = 0
        while column.count < length {
            let token = try cursor.next()
            guard token < 2 else {
                last = try plausible(last &+ unzigzag(token - 2))
                column.append(last)
                continue
            }
            let run = try cursor.next()
            guard run > 0, run <= UInt64(length - column.count) else { throw Damaged() }
            column.append(contentsOf: repeatElement(token == 0 ? nil : last, count: Int(run)))
        }
        return column
    }

    /// No figure is stored beyond 2^53 steps; sums and differences of lesser ones stay within 64 bits.
    private static func plausible(_ value: Int64) throws -> Int64 {
        guard value.magnitude <= 1 << 53 else { throw Damaged() }
        return value
    }

    private static func zigzag(_ value: Int64) -> UInt64 { UInt64(bitPattern: (value &<< 1) ^ (value >> 63)) }

    private static func unzigzag(_ value: UInt64) -> Int64 { Int64(bitPattern: (value >> 1) ^ (0 &- (value & 1))) }

    private static func append(_ value: UInt64, _ bytes: inout [UInt8]) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    private struct Cursor {
        let bytes: UnsafeRawBufferPointer
        var at = 0

        init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

        var isAtEnd: Bool { at == bytes.count }

        mutating func next() throws -> UInt64 {
            var value: UInt64 = 0
            var shift: UInt64 = 0
            while at < bytes.count, shift < 64 {
                let byte = bytes[at]
                at += 1
                value |= UInt64(byte & 0x7f) << shift
                if byte < 0x80 { return value }
                shift += 7
            }
            throw Damaged()
        }
    }
}
