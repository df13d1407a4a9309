// SPDX-License-Identifier: MIT
import Foundation
import MachaActions
import MachaPlaybooks
import Testing

@testable import Macha

@Suite struct ShippedPlaybooksTests {
    @Test func `the program holds every playbook of the repository, byte for byte`() throws {
        let folder = URL(filePath: #filePath).appending(path: "../../../playbooks").standardized
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".yaml") }
        let files = try names.map { try String(contentsOf: folder.appending(path: $0), encoding: .utf8) }
        #expect(ShippedPlaybooks.sources.map(\.text).sorted() == files.sorted())
        #expect(ShippedPlaybooks.sources.allSatisfy { source in names.contains { source.file.hasSuffix("/\($0)") } })
        #expect(try Playbooks.read(only: []).whole().playbooks.count == files.count)
    }
}
