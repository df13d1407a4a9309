// SPDX-License-Identifier: MIT

/// Which machine it is: the key it proved to hold and the id it was installed with. A name or an address is neither.
package struct MachineIdentity: Hashable, Codable, Sendable {
    /// `SHA256:…` of the host key of the SSH session that asked; `nil` over a local connection.
    package var hostKey: String?
    /// Of `/etc/machine-id`; `nil` when it is not known.
    package var machineID: String?

    package init(hostKey: String?, machineID: String?) {
        self.hostKey = hostKey
        self.machineID = machineID
    }

    /// What `answer` to ``question`` says, and the session it came over.
    package init(answer: CommandResult) {
        let isRead = answer.outcome == .status(0)
        hostKey = answer.hostKey
        machineID = isRead ? Self.machineID(in: String(decoding: answer.standardOutput, as: UTF8.self)) : nil
    }

    /// Asks a machine for its id.
    package static let question = Command("cat", ["/etc/machine-id"], outputLimit: 4 << 10)

    /// machine-id(5): 32 lower case hexadecimal digits, not all zero. An image's `uninitialized` is no id.
    package static func machineID(in text: String) -> String? {
        let line = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        let isID =
            line.utf8.count == 32 && line.utf8.contains { $0 != 0x30 }
            && line.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        return isID ? line : nil
    }

    /// Nothing at all is known of it.
    package var isUnknown: Bool { hostKey == nil && machineID == nil }

    /// Whether `now` is this very machine, as far as it was known: what was approved for this one may run there.
    /// What was known and is silent now proves nothing.
    package func isProved(by now: MachineIdentity) -> Bool {
        hostKey == now.hostKey && (machineID == nil || machineID == now.machineID)
    }

    /// Whether both may be one machine. One common mark is enough: clones count as one until they are told apart.
    package func mayBe(_ other: MachineIdentity) -> Bool {
        (hostKey != nil && hostKey == other.hostKey) || (machineID != nil && machineID == other.machineID)
    }

    /// Whether both are known well enough to say that they are two machines.
    package func isAnother(than other: MachineIdentity) -> Bool {
        let isComparable =
            (hostKey != nil && other.hostKey != nil) || (machineID != nil && other.machineID != nil)
        return isComparable && !mayBe(other)
    }
}

extension MachineIdentity: CustomStringConvertible {
    /// For a sentence: `the machine with host key SHA256:… and machine id …`; safe to print.
    package var description: String {
        let marks = [hostKey.map { "host key \($0)" }, machineID.map { "machine id \($0)" }].compactMap { $0 }
        return marks.isEmpty ? "an unknown machine" : "the machine with \(marks.joined(separator: " and "))"
    }
}
