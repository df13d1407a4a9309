// SPDX-License-Identifier: MIT
package import MachaModel

/// Something that can be looked up on a host and either holds or does not. It changes nothing.
package enum Check: Hashable, Sendable {
    /// The unit exists under this very name (no alias) and is not masked.
    case unitExists(UnitName)
    /// The unit has failed, or died and waits to be restarted: a repair is still needed.
    case unitNeedsRepair(UnitName)
    /// The unit runs, or is a job that ended well, and systemd did not have to restart it since the first look.
    case unitActive(UnitName)
    case unitNotFailed(UnitName)
    case unitStopped(UnitName)
    /// No unit has failed that had not failed before.
    case noNewFailures
    case clockSynchronized
    case nameResolves(DomainName)
    /// The running system is the one the profile names.
    case systemIsProfile
    /// The running system is another one than before.
    case systemChanged
    case generationExists(GenerationNumber)
    /// The profile names this generation.
    case generationIs(GenerationNumber)
    /// The host has started again.
    case rebooted
    /// At most this share of the file system is in use, in percent.
    case diskBelow(FolderPath, Percent)
    /// The finding that led here is gone when the host is looked at again.
    case findingGone

    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case unitExists = "unit-exists"
        case unitNeedsRepair = "unit-needs-repair"
        case unitActive = "unit-active"
        case unitNotFailed = "unit-not-failed"
        case unitStopped = "unit-stopped"
        case noNewFailures = "no-new-failures"
        case clockSynchronized = "clock-synchronized"
        case nameResolves = "name-resolves"
        case systemIsProfile = "system-is-profile"
        case systemChanged = "system-changed"
        case generationExists = "generation-exists"
        case generationIs = "generation-is"
        case rebooted
        case diskBelow = "disk-below"
        case findingGone = "finding-gone"
    }

    package var kind: Kind {
        switch self {
        case .unitExists: .unitExists
        case .unitNeedsRepair: .unitNeedsRepair
        case .unitActive: .unitActive
        case .unitNotFailed: .unitNotFailed
        case .unitStopped: .unitStopped
        case .noNewFailures: .noNewFailures
        case .clockSynchronized: .clockSynchronized
        case .nameResolves: .nameResolves
        case .systemIsProfile: .systemIsProfile
        case .systemChanged: .systemChanged
        case .generationExists: .generationExists
        case .generationIs: .generationIs
        case .rebooted: .rebooted
        case .diskBelow: .diskBelow
        case .findingGone: .findingGone
        }
    }

    /// The question to the host; `nil` for ``findingGone``, which takes a new snapshot.
    package var command: Command? {
        switch self {
        case .unitExists(let unit), .unitNeedsRepair(let unit), .unitActive(let unit), .unitNotFailed(let unit),
            .unitStopped(let unit):
            Diagnosis.unit(unit).command
        case .noNewFailures: Diagnosis.failedUnits.command
        case .clockSynchronized:
            Command("timedatectl", ["show", "--property=NTPSynchronized"], outputLimit: 4 << 10)
        case .nameResolves(let name): Command("getent", ["hosts", name.description], outputLimit: 4 << 10)
        case .systemIsProfile:
            Command("readlink", ["-f", "/run/current-system", SystemProfile.path], outputLimit: 4 << 10)
        case .systemChanged: Command("readlink", ["-f", "/run/current-system"], outputLimit: 4 << 10)
        case .generationExists(let number):
            Command("readlink", ["-e", SystemProfile.link(number)], outputLimit: 4 << 10)
        case .generationIs: Command("readlink", [SystemProfile.path], outputLimit: 4 << 10)
        case .rebooted: Command("cat", ["/proc/sys/kernel/random/boot_id"], outputLimit: 4 << 10)
        case .diskBelow(let path, _): Command("df", ["-P", "-k", "--", path.description], outputLimit: 16 << 10)
        case .findingGone: nil
        }
    }
}

extension Check: CustomStringConvertible {
    /// As a sentence's part: "demo.service is active".
    package var description: String {
        switch self {
        case .unitExists(let unit): "\(unit) exists under this name"
        case .unitNeedsRepair(let unit): "\(unit) still needs repair"
        case .unitActive(let unit): "\(unit) is active and stays active"
        case .unitNotFailed(let unit): "\(unit) is not failed"
        case .unitStopped(let unit): "\(unit) is stopped"
        case .noNewFailures: "no further unit has failed"
        case .clockSynchronized: "the clock is synchronized"
        case .nameResolves(let name): "\(name) resolves"
        case .systemIsProfile: "the running system is the profile's"
        case .systemChanged: "another system runs than before"
        case .generationExists(let number): "generation \(number) exists"
        case .generationIs(let number): "the profile names generation \(number)"
        case .rebooted: "the host has rebooted"
        case .diskBelow(let path, let share): "\(path) is at most \(share) full"
        case .findingGone: "the finding is gone"
        }
    }
}

/// A name to resolve: labels of letters, digits, `-` and `_`.
package struct DomainName: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ text: String) throws(ValueValidationError) {
        let labels = text.utf8.split(separator: 0x2e, omittingEmptySubsequences: false)
        let isName = labels.allSatisfy { label in
            (1...63).contains(label.count) && label.first != 0x2d
                && label.allSatisfy { byte in
                    (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
                        || byte == 0x2d || byte == 0x5f
                }
        }
        guard isName, text.utf8.count <= 253 else { throw ValueValidationError("\(text.quoted) is no host name") }
        description = text
    }
}

/// An absolute path without control characters and without `..`.
package struct FolderPath: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ text: String) throws(ValueValidationError) {
        let isClean = text.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: false
            default: true
            }
        }
        guard isClean, text.hasPrefix("/"), text.utf8.count <= 1024,
            !text.split(separator: "/").contains(where: { $0 == ".." })
        else { throw ValueValidationError("\(text.quoted) is no folder; write an absolute path without '..'") }
        description = text
    }
}

/// 1…99.
package struct Percent: Hashable, Sendable, CustomStringConvertible {
    package let number: Int
    package var description: String { "\(number)%" }

    package init(_ text: String) throws(ValueValidationError) {
        let digits = text.hasSuffix("%") ? text.dropLast() : text[...]
        guard let number = wholeNumber(digits), (1...99).contains(number) else {
            throw ValueValidationError("\(text.quoted) is no share; write a number from 1 to 99")
        }
        self.number = number
    }
}

/// Where NixOS keeps the generations of the system.
package enum SystemProfile {
    package static let path = "/nix/var/nix/profiles/system"

    package static func link(_ generation: GenerationNumber) -> String { "\(path)-\(generation)-link" }
}
