// SPDX-License-Identifier: MIT

/// One item of an answer that was there and could not be understood: a disk, a pool, a unit.
///
/// It is unknown by itself. What stands beside it is judged all the same, and ``UnknownDetector`` lists it.
package struct UnreadItem: Hashable, Codable, Sendable {
    /// Items of one answer that are listed, and letters of a name, at most.
    package static let (limit, nameLimit) = (50, 120)

    /// As the host calls it; for a line without a name, the start of the line.
    package var name: String
    package var failure: ProbeFailure

    package init(_ name: some StringProtocol, _ failure: ProbeFailure) {
        self.name = String(name.prefix(Self.nameLimit))
        self.failure = failure
    }
}

/// A value of which parts can be unknown.
package protocol PartlyRead {
    /// What was there and not understood; `nil` when nothing was.
    var unread: [UnreadItem]? { get }
}

extension Optional: PartlyRead where Wrapped: PartlyRead {
    package var unread: [UnreadItem]? { flatMap { $0.unread } }
}

/// A list that is read item by item.
struct ItemList<Item> {
    private(set) var items: [Item] = []
    private var unread: [UnreadItem] = []

    /// Takes what `read` returns, or remembers why it did not.
    mutating func add(_ name: some StringProtocol, _ read: () throws(ProbeFailure) -> Item) {
        do throws(ProbeFailure) { items.append(try read()) } catch { skip(name, error) }
    }

    mutating func append(_ item: Item) { items.append(item) }

    /// Remembers that `name` is there and unknown.
    mutating func skip(_ name: some StringProtocol, _ failure: ProbeFailure) {
        unread.append(UnreadItem(name, failure))
    }

    /// What was not understood, at most 50. Where nothing at all was, the answer as a whole is unknown.
    func unreadItems() throws(ProbeFailure) -> [UnreadItem]? {
        guard let first = unread.first else { return nil }
        guard !items.isEmpty else { throw first.failure }
        return unread.listed
    }
}

extension [UnreadItem] {
    /// At most ``UnreadItem/limit`` of them; `nil` where there is none.
    var listed: [UnreadItem]? { isEmpty ? nil : Array(prefix(UnreadItem.limit)) }
}
