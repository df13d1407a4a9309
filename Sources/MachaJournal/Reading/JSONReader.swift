// SPDX-License-Identifier: MIT

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Reads `journalctl -o json`: one object a line. A line that is no whole object is handed on as raw text.
struct JSONReader: ~Copyable {
    private var line = 1
    private var scratch = Scratch()

    mutating func drain(
        _ base: UnsafePointer<UInt8>, _ count: Int, final: Bool, force: Bool, _ emit: (EntryView) -> Void
    ) -> Int {
        var start = 0
        while start < count {
            let end: Int
            if let found = memchr(base + start, 0x0a, count - start) {
                end = UnsafeRawPointer(found) - UnsafeRawPointer(base)
            } else if final || force {
                end = count
            } else {
                break
            }
            var text = ByteSlice(base + start, end - start)
            if text.count > 0, text[text.count - 1] == 0x0d { text = text.slice(0, text.count - 1) }
            scratch.reset()
            var entry = EntryView()
            if !JSONObject.read(text, &scratch, &entry) {
                entry = EntryView()
                entry.message = text
                entry.isRaw = true
            }
            entry.line = line
            line += 1
            emit(entry)
            start = end + 1
        }
        return min(start, count)
    }
}

/// Memory for values that had to be unescaped; it grows to the longest entry and is reused.
///
/// Blocks that were handed out stay valid until `reset()`.
struct Scratch: ~Copyable {
    private var blocks: [UnsafeMutablePointer<UInt8>] = []
    private var sizes: [Int] = []
    private var block = 0
    private var used = 0

    deinit { for block in blocks { block.deallocate() } }

    mutating func reset() {
        while blocks.count > 1 {  // keep the largest, which is the last
            blocks.removeFirst().deallocate()
            sizes.removeFirst()
        }
        block = 0
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
