// SPDX-License-Identifier: MIT

/// What a text speaks of, as terms that can be compared with those of another text.
struct SpokenTerms {
    /// Units without `.service`, absolute paths, addresses, devices: in lower case.
    private(set) var names: Set<String> = []
    private(set) var quantities: [Quantity] = []
    /// Clock times as they are written, `10:01`.
    private(set) var times: Set<String> = []
    /// Content words, by their stems.
    private(set) var words: Set<String> = []
    /// Words of the field that carry a statement only beside others, by their stems.
    private(set) var common: Set<String> = []
    /// Of ``FieldWords/concepts``, for each stem that has some.
    private(set) var concepts: [String: Set<String>] = [:]
    private(set) var speaksOfFailure = false
    /// As lines say it: also by what they count or could not do.
    private(set) var speaksOfTrouble = false
    /// That something works, or works again: `healthy`, `no errors`.
    private(set) var speaksOfHealth = false
    /// Something is not so: `does not respond`.
    private(set) var denies = false
    /// The token before denies what comes next: `no errors`.
    private var isDenied = false
    private var before = ""
    /// The token before ended in a number that has no unit yet.
    private var isCounting = false

    private let isLine: Bool

    var speaksOnlyOfHealth: Bool { speaksOfHealth && !speaksOfTrouble && !denies }

    /// `known` are names of what logs on this machine; they count as names where they stand alone. Of a line (`isLine`) the
    /// parts of a name count as words too: `acme-backup` speaks of a backup.
    init(_ text: String, known: Set<String>, isLine: Bool) {
        self.isLine = isLine
        for token in Self.tokens(text) {
            if isCounting, let unit = Quantity.Unit(token.prefix { $0 != "." && $0 != ":" }), token.count <= 13 {
                quantities[quantities.count - 1].unit = unit
                isCounting = false
                continue
            }
            isCounting = false
            take(token, known)
            let lower = token.lowercased()
            denies = denies || isDenied && lower == "longer"
            before = lower
            isDenied = ["no", "0", "zero", "without"].contains(lower)
            denies = denies || FieldWords.denials.contains(lower) || lower.hasSuffix("n't") || lower.hasSuffix("n’t")
        }
        // As `df` says that something is full.
        if isLine, quantities.contains(where: { $0.unit?.dimension == .share && $0.written >= 90 }) {
            speaksOfTrouble = true
            concepts["%"] = ["space"]
        }
    }

    private static func tokens(_ text: String) -> [Substring] {
        var isThousand = false
        return text.split { character in
            // 1,400 is one number.
            defer { isThousand = character.isNumber }
            if character == ",", isThousand { return false }
            return character.isWhitespace || "\"'`()[]{}<>,;!?“”‘’|=*×–—→".contains(character)
        }
    }

    private static let devices = [
        "sd", "hd", "vd", "nvme", "mmcblk", "md", "dm-", "loop", "ata", "eth", "enp", "eno", "ens", "wlp", "wlan", "zd",
        "sr",
        "nbd", "drbd", "bond", "br", "veth", "wg", "tun", "tap", "usb",
    ]

    private mutating func take(_ token: Substring, _ known: Set<String>) {
        var token = token
        while let last = token.last, ".:,-".contains(last) { token.removeLast() }
        while let first = token.first, "-~+±#".contains(first) { token.removeFirst() }
        guard !token.isEmpty else { return }
        let lower = token.lowercased()
        if lower.first == "/", lower == "/" || lower.dropFirst().contains(where: \.isLetter) {
            names.insert(lower)
            if isLine, lower.hasPrefix("/dev/") { takeNotions(of: String(lower.dropFirst(5))) }
        } else if let suffix = Citations.unitSuffixes.first(where: { lower.hasSuffix($0) && lower.count > $0.count }) {
            names.insert(suffix == ".service" ? String(lower.dropLast(suffix.count)) : lower)
            if isLine, lower.contains("-") {
                takeParts(token.dropLast(suffix.count), String(lower.dropLast(suffix.count)))
            }
        } else if Self.isTime(lower) {
            times.insert(lower)
        } else if Self.isAddress(lower) {
            names.insert(lower)
            // 0.0.0.0:80 speaks of port 80 too.
            if lower.contains("."), let colon = lower.lastIndex(of: ":"), let port = Double(lower[colon...].dropFirst())
            {
                quantities.append(Quantity(written: port, unit: nil))
                if isLine, let notions = FieldWords.portConcepts[Int(port)] { concepts[lower] = notions }
            }
        } else if known.contains(lower) || Self.isDevice(lower) {
            names.insert(lower)
            if isLine { takeNotions(of: lower) }
            if isLine, lower.contains(where: { "-/".contains($0) }) { takeParts(token, lower) }
        } else if !isLine, Self.isDotted(lower) {
            names.insert(lower)
        } else {
            takeParts(token, lower)
        }
    }

    /// `exit-code`, `EXT4-fs`, `ActiveState`, `91%`.
    private mutating func takeParts(_ token: Substring, _ lower: String) {
        if isLine, let notions = FieldWords.concepts[lower] { concepts[lower, default: []].formUnion(notions) }
        if FieldWords.empty.contains(lower) {
            speaksOfTrouble = speaksOfTrouble || FieldWords.trouble.contains(lower) && !isDenied
            speaksOfHealth = speaksOfHealth || lower == "well" && before != "as" && before != "how"
            return
        }
        if let notions = FieldWords.concepts[lower], lower.contains("-") { add(FieldWords.stem(lower), notions) }
        isCounting = false
        for part in token.split(whereSeparator: { !$0.isLetter && !$0.isNumber && !".,°%".contains($0) }) {
            if isCounting, let unit = Quantity.Unit(part) {
                quantities[quantities.count - 1].unit = unit
                isCounting = false
                continue
            }
            if let quantity = Self.quantity(part) {
                quantities.append(quantity)
                isCounting = quantity.unit == nil
                continue
            }
            isCounting = false
            for word in part.split(whereSeparator: { !$0.isLetter && !$0.isNumber }).flatMap(Self.humps) {
                let word = word.lowercased()
                if word.allSatisfy(\.isNumber) {
                    Double(word).map { quantities.append(Quantity(written: $0, unit: nil)) }
                } else {
                    takeWord(word)
                }
            }
        }
    }

    private mutating func takeWord(_ word: String) {
        let stem = FieldWords.stem(word)
        let isBad = FieldWords.failure.contains(word) || FieldWords.trouble.contains(word)
        if FieldWords.failure.contains(word), !isDenied { speaksOfFailure = true }
        if isBad, !isDenied { speaksOfTrouble = true }
        if isBad ? isDenied : FieldWords.health.contains(word) && !isDenied { speaksOfHealth = true }
        if FieldWords.common.contains(word) || FieldWords.health.contains(word) {
            common.insert(stem)
        } else if word.count > 1, !FieldWords.empty.contains(word) {
            add(stem, FieldWords.concepts[word])
        }
    }

    private mutating func add(_ stem: String, _ notions: Set<String>?) {
        words.insert(stem)
        if let notions { concepts[stem, default: []].formUnion(notions) }
    }

    /// `sshd` speaks of logins and `sda` of a disk, though they are names.
    private mutating func takeNotions(of name: String) {
        let prefix = Self.devices.first { name.hasPrefix($0) && Self.isDevice(name) }
        let notions = (FieldWords.concepts[name] ?? []).union(prefix.flatMap { FieldWords.deviceConcepts[$0] } ?? [])
        if !notions.isEmpty { concepts[name, default: []].formUnion(notions) }
    }

    /// `ActiveState` as two words.
    private static func humps(_ word: Substring) -> [Substring] {
        var parts: [Substring] = []
        var start = word.startIndex
        var wasLower = false
        for index in word.indices {
            if wasLower, word[index].isUppercase {
                parts.append(word[start..<index])
                start = index
            }
            wasLower = word[index].isLowercase
        }
        return parts + [word[start...]]
    }

    /// A number with at most a unit behind it: `91%`, `4.5GiB`, `120s`.
    private static func quantity(_ part: Substring) -> Quantity? {
        let digits = part.prefix { $0.isNumber || $0 == "." || $0 == "," }
        let unit = part.dropFirst(digits.count)
        guard digits.first?.isNumber == true, unit.count <= 3, unit.allSatisfy({ $0.isLetter || "°%".contains($0) })
        else {
            return nil
        }
        var text = digits.replacing(",", with: "")
        while text.last == "." { text.removeLast() }
        return Double(text).map { Quantity(written: $0, unit: Quantity.Unit(unit)) }
    }

    /// Whether `word` is a name with dots, as hosts, files and settings have.
    private static func isDotted(_ word: String) -> Bool {
        let parts = word.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count > 1
            && parts.allSatisfy { $0.count > 1 && $0.allSatisfy { $0.isLetter || $0.isNumber || "-_@".contains($0) } }
            && parts.allSatisfy { $0.contains(where: \.isLetter) }
    }

    private static func isTime(_ word: String) -> Bool {
        let parts = word.split(separator: ":", omittingEmptySubsequences: false)
        return (2...3).contains(parts.count) && parts.allSatisfy { $0.count == 2 && $0.allSatisfy(\.isNumber) }
    }

    private static func isAddress(_ word: String) -> Bool {
        let dots = word.count(where: { $0 == "." })
        let colons = word.count(where: { $0 == ":" })
        if dots == 3 { return word.allSatisfy { $0.isNumber || ".:/".contains($0) } }
        return colons >= 2 && word.allSatisfy { $0.isHexDigit || ":/%.".contains($0) }
    }

    private static func isDevice(_ word: String) -> Bool {
        guard let prefix = devices.first(where: { word.hasPrefix($0) }), word.count > prefix.count, word.count <= 16
        else { return false }
        let rest = word.dropFirst(prefix.count)
        if ["sd", "hd", "vd"].contains(prefix) {
            return rest.first.map { ("a"..."z").contains($0) } == true && rest.count <= 4
                && rest.drop { $0.isLetter }.allSatisfy(\.isNumber) && rest.prefix { $0.isLetter }.count <= 2
        }
        return rest.first?.isNumber == true && rest.allSatisfy { $0.isLetter || $0.isNumber || $0 == "." }
    }
}
