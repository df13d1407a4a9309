// SPDX-License-Identifier: MIT
import Macha
import Testing

@Suite struct StateDirectoryTests {
    @Test(arguments: [
        ("/named" as String?, ["STATE_DIRECTORY": "/s", "HOME": "/h"], true, "/named"),
        (nil, ["STATE_DIRECTORY": "/s", "HOME": "/h"], true, "/s"),
        (nil, ["HOME": "/h"], true, "/var/lib/macha-autonomous"),
        (nil, ["HOME": "/h"], false, "/h/.local/state/macha"),
        (nil, ["HOME": "/h", "XDG_STATE_HOME": "/x"], false, "/x/macha"),
        // The specification: a relative path is invalid and ignored.
        (nil, ["HOME": "/h", "XDG_STATE_HOME": "x"], false, "/h/.local/state/macha"),
    ]) func `the state directory is the nearest that was named`(
        named: String?, environment: [String: String], ownsSystemFolder: Bool, expected: String
    ) {
        #expect(
            StateDirectory.path(named: named, environment: environment, ownsSystemFolder: ownsSystemFolder) == expected)
    }

    @Test func `an inventory that was named is used, there or not`() {
        #expect(InventoryPath.find(named: "/nowhere", environment: [:]) == "/nowhere")
        #expect(InventoryPath.find(named: nil, environment: ["MACHA_INVENTORY": "/other"]) == "/other")
        #expect(InventoryPath.find(named: nil, environment: ["HOME": "/nonexistent"]) == nil)
    }
}
