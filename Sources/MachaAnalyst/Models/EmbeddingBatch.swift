// SPDX-License-Identifier: MIT
import MachaModel

/// What both kinds of server need for embeddings: small batches, texts that fit, vectors that are some.
enum EmbeddingBatch {
    private static let size = 32

    static func batches(of texts: [String]) -> [[String]] {
        stride(from: 0, to: texts.count, by: size).map { Array(texts[$0..<min($0 + size, texts.count)]) }
    }

    /// Runs `embed` with texts cut to the context, and with shorter ones as long as the server calls them too long: some
    /// do in spite of being told to cut (github.com/ollama/ollama/issues/14186).
    static func shrinking(
        _ texts: [String], context: Int, _ embed: ([String]) async throws(ModelError) -> [[Float]]
    ) async throws(ModelError) -> [[Float]] {
        var limit = 3 * context  // bytes; a token has four of them, or fewer
        while true {
            do throws(ModelError) {
                return try await embed(texts.map { $0.cut(toBytes: limit) })
            } catch {
                guard case .promptTooLong = error.code, limit > 64 else { throw error }
                limit /= 2
            }
        }
    }

    /// The vectors of an answer: as many as texts, finite, equally long.
    static func vectors(_ items: [JSONValue]?, count: Int, _ wire: ModelWire) throws(ModelError) -> [[Float]] {
        guard let items, items.count == count else {
            throw wire.malformed("it returned \(items?.count ?? 0) embeddings for \(count) texts")
        }
        var vectors: [[Float]] = []
        for item in items {
            let vector = (item.array ?? []).compactMap { $0.number.map { Float($0) } }
            guard !vector.isEmpty, vector.count == item.array?.count, vector.allSatisfy(\.isFinite),
                vector.count == vectors.first?.count ?? vector.count
            else { throw wire.malformed("one of its embeddings is not a vector of the same length") }
            vectors.append(vector)
        }
        return vectors
    }
}

extension String {
    /// As many whole characters as fit.
    func cut(toBytes limit: Int) -> String {
        guard utf8.count > limit else { return self }
        var end = utf8.index(startIndex, offsetBy: limit)
        while end > startIndex, end.samePosition(in: unicodeScalars) == nil { end = utf8.index(before: end) }
        return String(self[..<end])
    }
}
