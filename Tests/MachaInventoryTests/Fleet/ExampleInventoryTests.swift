// SPDX-License-Identifier: MIT
import Foundation
import Testing

@testable import MachaInventory

@Suite struct ExampleInventoryTests {
    /// `inventory/example.yaml` at the top of the repository.
    private let path = URL(filePath: #filePath).appending(path: "../../../../inventory/example.yaml").standardized
        .path(percentEncoded: false)

    @Test func `the example loads without a mistake and does what its comments say`() throws {
        let fleet = try Inventory.load(path: path, home: "/home/you", user: "you")
        #expect(fleet.hosts.map(\.name) == ["controller", "nas", "jellyfin", "vps", "workbench"])
        #expect(try fleet.host("controller").connection == .local)
        #expect(try fleet.host("jellyfin").autonomy == .observe)
        #expect(try fleet.host("jellyfin").checkInterval == 900)
        #expect(try fleet.host("jellyfin").tags == ["backup"])
        #expect(try fleet.endpoint("vps").identityFiles == ["/home/you/.ssh/vps_ed25519", "/home/you/.ssh/id_ed25519"])
        #expect(try fleet.endpoint("workbench").jump == "nas")
        #expect(fleet.groups["media"]?.maxUnavailable == 1)
    }

    @Test(arguments: InventoryKey.allCases.map(\.rawValue))
    func `the example shows every key`(key: String) throws {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text.contains("\(key): "))
    }
}
