// SPDX-License-Identifier: MIT
import MachaModel
import MachaStore
import Testing

@Suite struct MachineLockTests {
    private func machine(_ key: String?, _ id: String?) -> MachineIdentity {
        MachineIdentity(hostKey: key.map { "SHA256:\($0)" }, machineID: id)
    }

    private func isTaken(_ machine: MachineIdentity) throws -> Bool {
        guard case .taken = try MachineLock.take(machine) else { return false }
        return true
    }

    @Test func `a machine has one change at a time, whatever the name and state folder`() throws {
        let (key, id) = ("\(UInt64.random(in: .min ... .max))", "\(UInt64.random(in: .min ... .max))")
        guard case .taken(let lock) = try MachineLock.take(machine(key, id)) else {
            Issue.record("nobody has it")
            return
        }
        guard case .held(let holder) = try MachineLock.take(machine(key, id)) else {
            Issue.record("it was given twice")
            return
        }
        #expect(holder.contains("this macha"))
        // A clone, and the machine itself over a local connection, share one mark.
        #expect(try !isTaken(machine(key, "other \(id)")))
        #expect(try !isTaken(machine("other \(key)", id)))
        #expect(try !isTaken(machine(nil, id)))
        #expect(try isTaken(machine("another \(key)", "another \(id)")))
        withExtendedLifetime(lock) {}
    }

    @Test func `a machine lock is free once its holder is done, also after a partial refusal`() throws {
        let (key, id) = ("\(UInt64.random(in: .min ... .max))", "\(UInt64.random(in: .min ... .max))")
        do {
            let held = try MachineLock.take(machine(nil, id))
            #expect(try !isTaken(machine(key, id)))
            // Its key was taken first and has been given back.
            #expect(try isTaken(machine(key, nil)))
            withExtendedLifetime(held) {}
        }
        #expect(try isTaken(machine(key, id)))
    }
}
