// SPDX-License-Identifier: MIT

/// What the words of a line are worth by themselves, in bits, where nothing else tells: no source, often no level.
enum LineStrength {
    private static let headline = 1.3
    private static let cue = 1.1
    /// What the weaker of the two signs adds.
    private static let both = 0.2

    static func weigh(_ text: [UInt8], _ group: LineGroup, _ priority: UInt8) -> Double {
        let headline = Headline.weigh(text) * Self.headline
        let cue = Cues.weigh(text) * Self.cue
        var bits = headline < 0 ? min(cue, 0) + headline : max(headline, cue) + Self.both * min(headline, cue)
        bits += Ranker.priorityBits(priority)
        if Ranker.failedStatus(group) { bits += Ranker.failedBits }
        return bits
    }
}
