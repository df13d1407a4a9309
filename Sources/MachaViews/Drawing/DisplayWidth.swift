// SPDX-License-Identifier: MIT

extension StringProtocol {
    /// Columns this text takes on a terminal. Expects printable text: no control characters.
    package var displayWidth: Int { reduce(0) { $0 + $1.displayWidth } }
}

extension Character {
    /// Columns of one grapheme cluster: 0 for lone combining marks, 2 for East Asian wide characters and emoji.
    package var displayWidth: Int {
        if isASCII { return 1 }
        let width = unicodeScalars.reduce(0) { $0 + $1.columns }
        guard let base = unicodeScalars.first, base.properties.isEmoji else { return width }
        // A cluster of several emoji scalars (flag, skin tone, VS16) is drawn as one picture.
        return unicodeScalars.count > 1 ? unicodeScalars.contains { $0.isPictureMark } ? 2 : min(2, width) : width
    }
}

extension Unicode.Scalar {
    fileprivate var isPictureMark: Bool { value == 0xFE0F || properties.isEmojiPresentation }

    fileprivate var columns: Int {
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: 0
        default:
            if (0x1160...0x11FF).contains(value) { 0 } else { isWide ? 2 : 1 }  // Hangul vowels join the syllable
        }
    }

    /// Wide and Fullwidth of unicode.org/reports/tr11, in blocks: unassigned gaps inside of a block do not matter.
    private var isWide: Bool {
        if properties.isEmojiPresentation { return true }
        return switch value {
        case 0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
            0xA000...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F,
            0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18DFF, 0x1AFF0...0x1B2FF, 0x1F200...0x1F2FF,
            0x20000...0x3FFFD:
            true
        default: false
        }
    }
}
