// SPDX-License-Identifier: MIT

/// Secrets that are known by their own shape, whatever stands around them.
extension SecretFinder {
    mutating func findKeyBlocks() {
        for start in Bytes.all("-----begin ", in: lower) {
            guard let label = Bytes.first("-----", in: lower, from: start + 11) else { continue }
            guard
                Bytes.first("key", in: lower, from: start) ?? .max < label
                    || Bytes.first("pgp message", in: lower, from: start) ?? .max < label
            else { continue }
            guard Bytes.first("public", in: lower, from: start) ?? .max > label else { continue }
            let end = Bytes.first("-----end", in: lower, from: label) ?? text.count
            found.append(label + 5..<max(label + 5, end))
        }
    }

    private static let prefixes: [([UInt8], Int)] = [
        ("ghp_", 20), ("gho_", 20), ("ghu_", 20), ("ghs_", 20), ("ghr_", 20), ("github_pat_", 20), ("glpat-", 16),
        ("glrt-", 16), ("xoxb-", 16),
        ("xoxp-", 16), ("xoxa-", 16), ("xapp-", 16), ("sk-", 20), ("sk_live_", 12), ("sk_test_", 12), ("rk_live_", 12),
        ("pk_live_", 12),
        ("AKIA", 16), ("ASIA", 16), ("AIza", 30), ("ya29.", 20), ("eyJ", 20), ("hvs.", 16), ("hvb.", 16), ("s.", 24),
        ("npm_", 20), ("pypi-", 16),
        ("dop_v1_", 20), ("SG.", 20), ("shpat_", 20), ("tskey-", 12), ("AGE-SECRET-KEY-", 20), ("hf_", 20),
        ("dckr_pat_", 16), ("whsec_", 16),
        ("lin_api_", 16), ("sntrys_", 20), ("nix:", 60), ("GOCSPX-", 16), ("EAAC", 40), ("ATATT", 20),
        ("-----BEGIN", 20),
    ].map { (Array($0.0.utf8), $0.1) }

    mutating func findKnownTokens() {
        for (prefix, least) in Self.prefixes {
            for start in Bytes.all(prefix, in: text) where start == 0 || !Bytes.isWord(text[start - 1]) {
                let end = tokenEnd(start)
                guard end - start >= prefix.count + least else { continue }
                if prefix.count == 2, !Entropy.looksRandom(text[(start + 2)..<end]) { continue }
                found.append(start..<end)
            }
        }
    }

    /// A line that is nothing but base64: the middle of a key that was printed line by line.
    mutating func findBareKeys() {
        var end = text.count
        while end > 0, text[end - 1] <= 0x20 { end -= 1 }
        guard end >= 48, text[..<end].allSatisfy({ Bytes.isWord($0) || $0 == 0x2b || $0 == 0x2f || $0 == 0x3d }),
            !text[..<end].contains(UInt8(ascii: "_")) || end >= 60, Entropy.looksRandom(text[..<end]),
            !Entropy.isHex(text[..<end])
        else { return }
        found.append(0..<end)
    }

    /// Addresses of the web that are secrets themselves: who has one may post as its owner.
    mutating func findHooks() {
        for place in [
            "hooks.slack.com/services/", "/api/webhooks/", "api.telegram.org/bot", "outlook.office.com/webhook/",
        ] {
            for start in Bytes.all(place, in: lower) {
                let from = start + place.utf8.count
                var end = from
                while end < text.count, Bytes.isWord(text[end]) || "-/:@".utf8.contains(text[end]) { end += 1 }
                if end > from { found.append(from..<end) }
            }
        }
    }
}
