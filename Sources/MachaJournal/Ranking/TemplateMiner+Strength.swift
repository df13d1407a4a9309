// SPDX-License-Identifier: MIT

extension TemplateMiner {
    /// What a line is worth by its words where lines belong to their neighbours, and how many lines of its group have come.
    ///
    /// Beyond the first lines of a group all are worth what the last of these was.
    func strength(of index: Int, _ text: ByteSlice) -> (strength: Float, ordinal: Int) {
        let ordinal = counters[index].count
        if ordinal <= Self.weighedLines || counters[index].strength.isNaN, let group = groups[index] {
            counters[index].strength = Float(
                LineStrength.weigh(text.slice(0, min(text.count, 400)).bytes, group, counters[index].priority))
        }
        return (counters[index].strength, ordinal)
    }
}
