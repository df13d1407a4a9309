// SPDX-License-Identifier: MIT
import MachaModel
import Testing

struct NaturalOrderTests {
    @Test(arguments: [
        ["host1", "host2", "host10", "host11", "host100"], ["a", "a1", "b"],
        ["rack1-node9", "rack1-node10", "rack2-node1"],
        ["n02", "n2", "n03", "n10"], ["9", "10", "a"], ["", "0", "00"],
        ["x99999999999999999999", "x100000000000000000000"],
        ["web", "web-1", "web1"], ["a1", "a1b", "a1c"],
    ])
    func `names stand as people count`(names: [String]) {
        #expect(names.reversed().sorted { $0.naturallyPrecedes($1) } == names)
        // A total order: sort(by:) may do anything with one that is not.
        for (place, name) in names.enumerated() {
            for (other, another) in names.enumerated() { #expect(name.naturallyPrecedes(another) == (place < other)) }
        }
    }
}
