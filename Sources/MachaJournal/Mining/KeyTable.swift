// SPDX-License-Identifier: MIT

/// A map from 64-bit keys to small numbers: open addressing in one block of memory, which keeps a lookup to one cache line or two.
struct KeyTable: ~Copyable {
    private var keys: UnsafeMutablePointer<UInt64>
    private var values: UnsafeMutablePointer<Int32>
    private var mask: Int
    /// AsyncSemaphore in use, forgotten keys among them.
    private var taken = 0
    private(set) var count = 0

    init(capacity: Int = 1024) {
        var size = 16
        while size < capacity { size *= 2 }
        keys = .allocate(capacity: size)
        values = .allocate(capacity: size)
        keys.initialize(repeating: 0, count: size)
        values.initialize(repeating: -1, count: size)
        mask = size - 1
    }

    deinit {
        keys.deallocate()
        values.deallocate()
    }

    @inline(__always)
    subscript(_ key: UInt64) -> Int32? {
        let key = key == 0 ? 1 : key
        var slot = Int(truncatingIfNeeded: key ^ (key >> 31)) & mask
        while keys[slot] != 0 {
            if keys[slot] == key { return values[slot] < 0 ? nil : values[slot] }
            slot = (slot &+ 1) & mask
        }
        return nil
    }

    mutating func set(_ key: UInt64, _ value: Int32) {
        if (taken + 1) * 2 > mask { grow() }
        let key = key == 0 ? 1 : key
        var slot = Int(truncatingIfNeeded: key ^ (key >> 31)) & mask
        while keys[slot] != 0, keys[slot] != key { slot = (slot + 1) & mask }
        if keys[slot] == 0 {
            taken += 1
            count += 1
        } else if values[slot] < 0 {
            count += 1
        }
        keys[slot] = key
        values[slot] = value
    }

    /// Forgets the value; the place stays taken until the table grows.
    mutating func remove(_ key: UInt64) {
        guard self[key] != nil else { return }
        set(key, -1)
        count -= 1
    }

    private mutating func grow() {
        // Forgotten keys make no table larger.
        let size = count * 4 > mask ? (mask + 1) * 2 : mask + 1
        let oldKeys = keys
        let oldValues = values
        let oldSize = mask + 1
        keys = .allocate(capacity: size)
        values = .allocate(capacity: size)
        keys.initialize(repeating: 0, count: size)
        values.initialize(repeating: -1, count: size)
        mask = size - 1
        taken = 0
        count = 0
        for slot in 0..<oldSize where oldKeys[slot] != 0 && oldValues[slot] >= 0 { set(oldKeys[slot], oldValues[slot]) }
        oldKeys.deallocate()
        oldValues.deallocate()
    }
}
