// SPDX-License-Identifier: MIT
import Foundation
import Testing

struct OutputOwnershipTests {
    @Test(arguments: ["MachaCLI", "MachaViews"])
    func `only the renderer writes to standard output`(target: String) throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(
            path: "../../../Sources/\(target)")
        let files = try #require(FileManager.default.enumerator(at: root.standardized, includingPropertiesForKeys: nil))
        let sources = files.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }
        #expect(!sources.isEmpty)
        for source in sources where source.deletingLastPathComponent().lastPathComponent != "Output" {
            let text = try String(contentsOf: source, encoding: .utf8)
            let writes = /\b(print|debugPrint|dump|f?puts|putchar)\(|FileHandle\.standard(Output|Error)|STDOUT_FILENO/
            let bypass = text.firstMatch(of: writes)
            #expect(bypass == nil, "\(source.lastPathComponent) writes by itself: \(bypass?.output.0 ?? "")")
        }
    }
}
