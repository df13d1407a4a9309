// SPDX-License-Identifier: MIT

/// One line as columns, in buffers that are reused from line to line.
///
/// The key of a line is `skeleton + Σ Mix.column(i, hash[i])`: a column becomes a wildcard by subtracting its share.
struct TokenLine: ~Copyable {
    /// Columns behind this many are left out of the key: a line that long is told apart by its beginning.
    static let capacity = 64

    let hashes: UnsafeMutablePointer<UInt64>
    let kinds: UnsafeMutablePointer<ColumnKind>
    let starts: UnsafeMutablePointer<UInt32>
    let ends: UnsafeMutablePointer<UInt32>
    /// The skeleton right behind each column, to undo what came after it.
    let marks: UnsafeMutablePointer<UInt64>
    var count = 0
    /// Order of punctuation and columns, without any text.
    var skeleton: UInt64 = 0
    var key: UInt64 = 0

    init() {
        hashes = .allocate(capacity: Self.capacity)
        kinds = .allocate(capacity: Self.capacity)
        starts = .allocate(capacity: Self.capacity)
        ends = .allocate(capacity: Self.capacity)
        marks = .allocate(capacity: Self.capacity)
    }

    deinit {
        hashes.deallocate()
        kinds.deallocate()
        starts.deallocate()
        ends.deallocate()
        marks.deallocate()
    }

    /// What all hard variables hash to.
    static let variable: UInt64 = 0x5bd1_e995_1b87_3593
    static let nothing: UInt64 = 0x27d4_eb2f_1656_67c5

    @inline(__always)
    mutating func punctuate(_ byte: UInt8) { skeleton = Mix.fold(skeleton, UInt64(byte) | 0x100) }

    @inline(__always)
    mutating func append(_ kind: ColumnKind, _ hash: UInt64, _ start: Int, _ end: Int) {
        guard count < Self.capacity else { return }
        hashes[count] = hash
        kinds[count] = kind
        starts[count] = UInt32(truncatingIfNeeded: start)
        ends[count] = UInt32(truncatingIfNeeded: end)
        skeleton = Mix.fold(skeleton, 7)
        marks[count] = skeleton
        count &+= 1
    }

    /// Makes the last column reach to `end`, and forgets the punctuation between.
    @inline(__always)
    mutating func extendLast(_ kind: ColumnKind, to end: Int) {
        ends[count &- 1] = UInt32(truncatingIfNeeded: end)
        kinds[count &- 1] = kind
        skeleton = marks[count &- 1]
    }

    @inline(__always)
    mutating func seal() {
        var sum = skeleton
        for column in 0..<count { sum &+= Mix.column(column, hashes[column]) }
        key = sum
    }
}
