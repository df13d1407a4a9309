// SPDX-License-Identifier: MIT
package import MachaCore
import GRDB
import struct Foundation.Date

extension Store {
    /// The few figures that are drawn as trends, from the snapshots that are kept: at most `most` looks, evenly chosen,
    /// oldest first. `mount` names the file system whose filling is wanted.
    ///
    /// SQLite reads the figures out of the stored JSON, so no snapshot is decoded for a picture of it.
    package func figures(of host: String, mount: String, most: Int = 24) throws(StoreError) -> [FigurePoint] {
        try read("cannot read the history of \(host)") { db in
            let ids = try Int64.fetchAll(
                try db.cachedStatement(
                    sql: """
                        SELECT id FROM snapshot WHERE host = ? AND contact = 'reached' ORDER BY taken_at DESC, id DESC
                        """), arguments: [host])
            let step = max(1, (ids.count + most - 1) / max(1, most))
            let statement = try db.cachedStatement(sql: Self.figures)
            return try stride(from: 0, to: ids.count, by: step).reversed().compactMap { place in
                try Row.fetchOne(statement, arguments: ["id": ids[place], "mount": mount]).map { FigurePoint($0) }
            }
        }
    }

    private static let figures = """
        SELECT taken_at AS time,
            json_extract(body, '$.readings.load.known.one') AS load,
            1.0 - 1.0 * json_extract(body, '$.readings.memory.known.available')
                / json_extract(body, '$.readings.memory.known.total') AS memory,
            (SELECT 1.0 * json_extract(value, '$.used')
                / (json_extract(value, '$.used') + json_extract(value, '$.available'))
            FROM json_each(body, '$.readings.disks.known.fileSystems')
            WHERE json_extract(value, '$.target') = :mount LIMIT 1) AS disk
        FROM snapshot WHERE id = :id
        """
}

extension FigurePoint {
    /// A figure that the look did not know is NULL in every expression above.
    fileprivate init(_ row: Row) {
        self.init(
            time: Date(timeIntervalSince1970: row["time"]), load: row["load"], memoryUsed: row["memory"],
            diskUsed: row["disk"])
    }
}
