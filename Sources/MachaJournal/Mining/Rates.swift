// SPDX-License-Identifier: MIT

/// How many lines of each group fell into each of 64 equal stretches of time.
///
/// When time runs past the last stretch, two become one, for all groups at once.
struct Rates: ~Copyable {
    static let bins = 64

    private var counts: UnsafeMutablePointer<UInt32>
    private var capacity = 0
    private var groups = 0
    private var origin: Int64?
    /// Microseconds a stretch covers.
    private(set) var width: Int64 = 1_000_000

    init() { counts = .allocate(capacity: 0) }

    deinit { counts.deallocate() }

    mutating func addGroup() {
        if groups == capacity {
            let larger = max(256, capacity * 2)
            let room = UnsafeMutablePointer<UInt32>.allocate(capacity: larger * Self.bins)
            room.initialize(repeating: 0, count: larger * Self.bins)
            room.update(from: counts, count: groups * Self.bins)
            counts.deallocate()
            counts = room
            capacity = larger
        }
        groups += 1
    }

    mutating func reset(_ group: Int) { (counts + group * Self.bins).update(repeating: 0, count: Self.bins) }

    @inline(__always)
    mutating func add(_ group: Int, _ time: Int64) {
        guard let origin else {
            origin = time
            counts[group &* Self.bins] &+= 1
            return
        }
        // A clock that went back before the first entry counts for the first stretch.
        let offset = max(0, time &- origin)
        if offset >= width &* Int64(Self.bins) { widen(offset) }
        let bin = min(Self.bins &- 1, Int(offset / width))
        counts[group &* Self.bins &+ bin] &+= 1
    }

    private mutating func widen(_ offset: Int64) {
        while offset >= width &* Int64(Self.bins), width < 1 << 55 {
            for group in 0..<groups {
                let row = counts + group * Self.bins
                for bin in 0..<(Self.bins / 2) { row[bin] = row[bin * 2] &+ row[bin * 2 + 1] }
                (row + Self.bins / 2).update(repeating: 0, count: Self.bins / 2)
            }
            width *= 2
        }
    }

    mutating func merge(_ group: Int, into other: Int) {
        for bin in 0..<Self.bins { counts[other * Self.bins + bin] &+= counts[group * Self.bins + bin] }
        reset(group)
    }

    func row(_ group: Int) -> [UInt32] {
        Array(UnsafeBufferPointer(start: counts + group * Self.bins, count: Self.bins))
    }

    /// When a stretch begins; `nil` when no entry had a time.
    func start(of bin: Int) -> Int64? { origin.map { $0 + Int64(bin) * width } }
}
