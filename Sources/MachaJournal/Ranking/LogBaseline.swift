// SPDX-License-Identifier: MIT

/// Why a memory file cannot be used.
package struct MemoryError: Error, Hashable, CustomStringConvertible {
    package let message: String
    package var description: String { message }
}

/// What is normal on a host: the statements it made on other days, so that a new one stands out.
///
/// A small binary file, little endian, with a checksum; the same memory is always the same bytes.
package enum LogBaseline {
    static let magic = Array("MACHAMEM1\n".utf8)
    /// A statement not heard for this many remembered days is forgotten.
    static let forgetAfter = 90

    /// Puts the statements of other days into a miner that has not read anything yet.
    package static func load(_ bytes: [UInt8], into miner: TemplateMiner) throws(MemoryError) {
        var reader = Cursor(bytes)
        guard bytes.count >= magic.count + 12, reader.take(magic.count) == magic else {
            throw MemoryError(message: "not a digest memory of this version: delete the file to start over")
        }
        let checksum = reader.integer(UInt64.self)
        guard checksum == sum(bytes[reader.at...]) else {
            throw MemoryError(message: "the digest memory is damaged: delete the file to start over")
        }
        let count = reader.integer(UInt32.self)
        for _ in 0..<count {
            guard let group = read(&reader) else {
                throw MemoryError(message: "the digest memory ends too early: delete the file to start over")
            }
            miner.remember(group)
        }
    }

    /// The memory after this day: everything heard today or not too long ago.
    ///
    /// The `day` that was read is counted from 1970.
    package static func save(_ miner: TemplateMiner, day: Int) -> [UInt8] {
        var body: [UInt8] = []
        var count: UInt32 = 0
        let kept = miner.standing.compactMap { index -> LineGroup? in
            guard var group = miner.groups[index] else { return nil }
            let today = miner.counters[index].count
            if today > 0 {
                // A slow average, so that one wild day does not become the rule.
                group.usual = group.days == 0 ? Double(today) : group.usual * 0.8 + Double(today) * 0.2
                group.days += 1
                group.lastDay = day
            }
            return day - group.lastDay <= forgetAfter ? group : nil
        }
        for group in kept.sorted(by: { ($0.key, $0.skeleton) < ($1.key, $1.skeleton) }) {
            write(group, &body)
            count += 1
        }
        var tail: [UInt8] = []
        append(count, &tail)
        tail += body
        var out = magic
        append(sum(tail[...]), &out)
        return out + tail
    }

    private static func write(_ group: LineGroup, _ out: inout [UInt8]) {
        append(group.skeleton, &out)
        append(group.source, &out)
        append(group.wild, &out)
        append(group.usual.bitPattern, &out)
        append(UInt32(clamping: group.days), &out)
        append(UInt32(clamping: group.lastDay), &out)
        append(UInt8(clamping: group.hashes.count), &out)
        append(UInt8(clamping: min(255, group.identifier.count)), &out)
        append(UInt16(clamping: group.sample.count), &out)
        out += group.identifier.prefix(255)
        out += Redactor.crossedOut(group.sample)  // the file outlives the day and is no place for secrets
        for column in group.hashes.indices {
            append(group.hashes[column], &out)
            append(group.kinds[column].rawValue, &out)
            append(UInt16(clamping: group.spans[column].lowerBound), &out)
            append(UInt16(clamping: group.spans[column].upperBound), &out)
        }
    }

    private static func read(_ cursor: inout Cursor) -> LineGroup? {
        let skeleton = cursor.integer(UInt64.self)
        let source = cursor.integer(UInt64.self)
        let wild = cursor.integer(UInt64.self)
        let usual = Double(bitPattern: cursor.integer(UInt64.self))
        let days = Int(cursor.integer(UInt32.self))
        let lastDay = Int(cursor.integer(UInt32.self))
        let columns = Int(cursor.integer(UInt8.self))
        let identifierLength = Int(cursor.integer(UInt8.self))
        let sampleLength = Int(cursor.integer(UInt16.self))
        guard columns <= TokenLine.capacity, usual.isFinite else { return nil }
        let identifier = cursor.take(identifierLength)
        let sample = cursor.take(sampleLength)
        var group = LineGroup(
            skeleton: skeleton, source: source, hashes: [], kinds: [], identifier: identifier, sample: sample, spans: []
        )
        for _ in 0..<columns {
            group.hashes.append(cursor.integer(UInt64.self))
            guard let kind = ColumnKind(rawValue: cursor.integer(UInt8.self)) else { return nil }
            group.kinds.append(kind)
            let lower = Int(cursor.integer(UInt16.self))
            group.spans.append(lower..<max(lower, Int(cursor.integer(UInt16.self))))
        }
        group.wild = wild
        group.usual = usual
        group.days = days
        group.lastDay = lastDay
        return cursor.failed ? nil : group
    }

    private static func append<Value: FixedWidthInteger>(_ value: Value, _ out: inout [UInt8]) {
        withUnsafeBytes(of: value.littleEndian) { out += $0 }
    }

    private static func sum(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.withUnsafeBufferPointer { bytes in bytes.baseAddress.map { Mix.bytes($0, bytes.count) } ?? 0 }
    }

    /// Reads from bytes that may end too early; then everything read is zero and `failed` says so.
    private struct Cursor {
        let bytes: [UInt8]
        var at = 0
        var failed = false

        init(_ bytes: [UInt8]) { self.bytes = bytes }

        mutating func take(_ count: Int) -> [UInt8] {
            guard at + count <= bytes.count else {
                failed = true
                return []
            }
            at += count
            return Array(bytes[(at - count)..<at])
        }

        mutating func integer<Value: FixedWidthInteger>(_ type: Value.Type) -> Value {
            let size = MemoryLayout<Value>.size
            guard at + size <= bytes.count else {
                failed = true
                return 0
            }
            var value: Value = 0
            for offset in (0..<size).reversed() { value = (value << 8) | Value(truncatingIfNeeded: bytes[at + offset]) }
            at += size
            return value
        }
    }
}
