// SPDX-License-Identifier: MIT
import MachaActions
import MachaInventory
import MachaModel
import Testing

@Suite struct MachineIdentityTests {
    private static let id = "0123456789abcdef0123456789abcdef"
    private static let otherID = "fedcba9876543210fedcba9876543210"

    private func machine(_ key: String?, _ id: String?) -> MachineIdentity {
        MachineIdentity(hostKey: key.map { "SHA256:\($0)" }, machineID: id)
    }

    @Test(arguments: [
        ("0123456789abcdef0123456789abcdef\n", true), ("uninitialized\n", false), ("", false),
        ("00000000000000000000000000000000\n", false), ("0123456789ABCDEF0123456789ABCDEF", false),
        ("0123456789abcdef0123456789abcde", false), ("0123456789abcdef0123456789abcdef0", false),
        ("01234567-89ab-cdef-0123-456789abcdef", false),
    ]) func `a machine id is what machine-id(5) says, and an image's placeholder is none`(text: String, isID: Bool) {
        #expect((MachineIdentity.machineID(in: text) != nil) == isID)
    }

    @Test func `an approval for a machine is proved by the same machine only`() {
        let nas = machine("a", Self.id)
        #expect(nas.isProved(by: nas))
        #expect(!nas.isProved(by: machine("b", Self.id)))
        #expect(!nas.isProved(by: machine("a", Self.otherID)))
        #expect(!nas.isProved(by: machine("a", nil)))
        #expect(!nas.isProved(by: machine(nil, Self.id)))
        // An id that was not known before takes nothing back.
        #expect(machine("a", nil).isProved(by: nas))
    }

    @Test func `clones count as one machine until both marks differ`() {
        let nas = machine("a", Self.id)
        #expect(nas.mayBe(machine("b", Self.id)))
        #expect(nas.mayBe(machine("a", Self.otherID)))
        #expect(nas.mayBe(machine(nil, Self.id)))
        #expect(!nas.mayBe(machine("b", Self.otherID)))
        #expect(nas.isAnother(than: machine("b", Self.otherID)))
        #expect(nas.isAnother(than: machine("b", nil)))
        // Nothing to compare proves nothing, either way.
        let unknown = machine(nil, nil)
        #expect(!unknown.mayBe(unknown))
        #expect(!nas.isAnother(than: unknown))
    }

    private let host = FleetHost(
        name: "nas", connection: .ssh(SSHEndpoint(address: "192.0.2.1", port: 22, user: "me")))

    @Test func `a changed address, port or jump host, or another machine, ends what was approved`() throws {
        let nas = machine("a", Self.id)
        let approved = MachineTarget(host, nas)
        #expect(approved.objection(to: MachineTarget(host, nas), host: "nas") == nil)
        for change: (inout SSHEndpoint) -> Void in [
            { $0.address = "192.0.2.2" }, { $0.port = 2222 }, { $0.jump = "bastion" },
            { $0.hops = [SSHHop(name: "b", endpoint: SSHEndpoint(address: "192.0.2.9", user: "me"))] },
        ] {
            var endpoint = SSHEndpoint(address: "192.0.2.1", port: 22, user: "me")
            change(&endpoint)
            let moved = FleetHost(name: "nas", connection: .ssh(endpoint))
            let why = try #require(approved.objection(to: MachineTarget(moved, nas), host: "nas"))
            #expect(why.contains("192.0.2.1 port 22"), "\(why)")
        }
        let why = try #require(approved.objection(to: MachineTarget(host, machine("b", Self.id)), host: "nas"))
        #expect(why.contains("SHA256:a") && why.contains("nas is now the machine with host key SHA256:b"), "\(why)")
    }

    @Test func `the machine is part of what an approver approves`() throws {
        let proposal = try Proposal(
            host: "nas", title: "t", actions: [.restartUnit(try UnitName("web"))], requester: .macha, in: RiskContext())
        let one = proposal.bound(to: MachineTarget(host, machine("a", Self.id)))
        let other = proposal.bound(to: MachineTarget(host, machine("b", Self.id)))
        #expect(one.contentHash != other.contentHash)
        #expect(one.contentHash != proposal.contentHash)
    }

    @Test func `a name has the caution of every other name of its machine`() {
        var www = host
        www.autonomy = .autoFull
        www.protectedUnits = ["a"]
        var prot = FleetHost(name: "prot", connection: .local, autonomy: .observe, groups: ["db"])
        prot.isProtected = true
        prot.protectedUnits = ["b"]
        prot.sudo = false
        let both = www.asCautious(as: [prot])
        #expect(both.name == "nas")
        #expect(both.autonomy == .observe)
        #expect(both.isProtected)
        #expect(both.protectedUnits == ["a", "b"])
        #expect(both.groups == ["db"])
        #expect(!both.sudo)
    }
}
