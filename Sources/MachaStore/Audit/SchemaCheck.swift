// SPDX-License-Identifier: MIT
import GRDB

/// Whether the tables, indexes and triggers of a database are those that this version creates.
enum SchemaCheck {
    private struct Item: Hashable {
        var type: String
        var name: String
        var sql: String

        var title: String { "\(type) \(name)" }
    }

    /// What is missing, changed, or not ours.
    static func faults(_ db: Database) throws -> [String] {
        let wanted = try expected()
        let found = try items(db)
        let names = Dictionary(found.map { ($0.title, $0) }, uniquingKeysWith: { first, _ in first })
        let known = Set(wanted.map(\.title))
        let changed = wanted.compactMap { item -> String? in
            guard let own = names[item.title] else { return "\(item.title) was dropped\(why(item))" }
            return own.sql == item.sql ? nil : "\(item.title) was changed\(why(item))"
        }
        return changed + found.filter { !known.contains($0.title) }.map { "\($0.title) is not one of macha's" }
    }

    private static func why(_ item: Item) -> String {
        item.type == "trigger" ? ": the database no longer enforces this rule" : ""
    }

    /// The schema as a new database has it, made in memory by the same migrations.
    private static func expected() throws -> [Item] {
        let fresh = try DatabaseQueue()
        try Schema.migrator.migrate(fresh)
        return try fresh.read { try items($0) }
    }

    private static func items(_ db: Database) throws -> [Item] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT type, name, sql FROM sqlite_master
                WHERE sql IS NOT NULL AND name NOT LIKE 'grdb\\_%' ESCAPE '\\' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
                ORDER BY type, name
                """
        ).map { Item(type: try $0.value("type"), name: try $0.value("name"), sql: try $0.value("sql")) }
    }
}
