// SPDX-License-Identifier: MIT

/// Memory for values that had to be unescaped; it grows to the longest entry and is reused.
///
/// Blocks that were handed out stay valid until `reset()`.
struct Scratch: ~Copyable {
    private var blocks: [UnsafeMutablePointer<UInt8>] = []
    private var sizes: [Int] = []
    private var used = 0

    deinit { for block in blocks { block.deallocate() } }

    mutating func reset() {
        while blocks.count > 1 {  // keep the largest, which is the last
            blocks.removeFirst().deallocate()
            sizes.removeFirst()
        }
        used = 0
    }

    /// Room for `count` bytes.
    mutating func take(_ count: Int) -> UnsafeMutablePointer<UInt8> {
        if blocks.isEmpty || used + count > sizes[blocks.count - 1] {
            let size = max(1 << 16, count * 2)
            blocks.append(.allocate(capacity: size))
            sizes.append(size)
            used = 0
        }
        let place = blocks[blocks.count - 1] + used
        used += count
        return place
    }
}
