// SPDX-License-Identifier: MIT

/// Writes which template each input line fell into: `LineId,EventId`, one row per line counted from 1.
package enum Assignments {
    /// Hands the rows on in pieces; a line that was filtered out has an empty template.
    package static func write(_ engine: DigestEngine, _ templates: Templates, _ out: ([UInt8]) -> Void) {
        var piece = Array("LineId,EventId\n".utf8)
        var ids: [Int32: [UInt8]] = [-1: []]
        for (line, group) in engine.assignments.enumerated() {
            let id: [UInt8]
            if let known = ids[group] {
                id = known
            } else {
                id = Array((templates.template(of: Int(group), engine.miner)?.id ?? Templates.forgotten).utf8)
                ids[group] = id
            }
            piece += String(line + 1).utf8
            piece.append(0x2c)
            piece += id
            piece.append(0x0a)
            if piece.count > 1 << 16 {
                out(piece)
                piece.removeAll(keepingCapacity: true)
            }
        }
        out(piece)
    }
}
