// SPDX-License-Identifier: MIT
import MachaInventory
import Testing

/// The one-file inventory `text`, for `you` at `/home/you` with one key.
func inventory(_ text: String) throws(InventoryError) -> Inventory {
    try Inventory.parse(
        sources: [("fleet.yaml", text)], home: "/home/you", user: "you",
        identityFiles: ["/home/you/.ssh/id_ed25519"])
}

/// What is wrong with `text`, one line a mistake.
func mistakes(_ text: String) -> [String] { mistakes([("fleet.yaml", text)]) }

func mistakes(_ sources: [(file: String, text: String)]) -> [String] {
    do {
        _ = try Inventory.parse(sources: sources, home: "/home/you", user: "you")
        return []
    } catch {
        return error.mistakes.map(\.description)
    }
}

extension Inventory {
    /// The host, which the test cannot do without.
    func host(_ name: String) throws -> FleetHost { try #require(self[name]) }

    func endpoint(_ name: String) throws -> SSHEndpoint {
        guard case .ssh(let endpoint) = try host(name).connection else {
            throw Failure(message: "\(name) is local")
        }
        return endpoint
    }

    private struct Failure: Error { var message: String }
}
