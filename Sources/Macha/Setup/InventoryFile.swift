// SPDX-License-Identifier: MIT
import Foundation
import MachaInventory
import MachaModel

/// A new inventory, written where there is none.
enum InventoryFile {
    /// Where an inventory would be found afterwards. Throws when there is one already.
    static func freePath(named: String?) throws(ControllerError) -> String {
        let path = InventoryPath.find(named: named) ?? InventoryPath.first()
        guard !FileManager.default.fileExists(atPath: path) else {
            throw ControllerError(
                .usage,
                "there is an inventory at \(path.printable()) already, and it stays as it is: add hosts there, or name "
                    + "another file with --inventory. To see what ssh knows besides, run: macha hosts scan")
        }
        return path
    }

    /// Writes `text` to `path` once the loader takes it, with the folders that are missing. Never replaces a file. Readable by
    /// the folder's group, which is the service's in the system's folder.
    static func write(_ text: String, to path: String) throws(ControllerError) {
        do throws(InventoryError) {
            _ = try Inventory.parse(sources: [(path, text)], home: NSHomeDirectory(), user: NSUserName())
        } catch {
            throw ControllerError(.input, error.mistakes.map(\.description))
        }
        let folder = (path as NSString).deletingLastPathComponent
        func failure(_ what: String) -> ControllerError {
            ControllerError(
                .unavailable,
                "cannot \(what): \(String(cString: strerror(errno))). Name a place that you may write to with --inventory"
            )
        }
        if !folder.isEmpty, !FileManager.default.fileExists(atPath: folder) {
            guard
                (try? FileManager.default.createDirectory(
                    atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])) != nil
            else { throw failure("make the folder \(folder.printable())") }
        }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw failure("write \(path.printable())") }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var status = stat()
        if geteuid() == 0, stat(folder.isEmpty ? "." : folder, &status) == 0 {
            _ = fchown(descriptor, 0, status.st_gid)
        }
        do {
            try file.write(contentsOf: Data(text.utf8))
            try file.synchronize()
        } catch {
            unlink(path)
            throw failure("write \(path.printable())")
        }
    }
}
