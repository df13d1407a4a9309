// SPDX-License-Identifier: MIT
import Foundation
import Testing

/// What a probe reads somebody uses: a fault that is read and judged by nobody looks like health.
struct ReadAndJudgedTests {
    private static let sources = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Sources").standardizedFileURL

    /// Fields that no other code names, each with the reason. Whatever is read is shown by `hosts show`, key by key.
    private static let shownOnly: [String: String] = [
        "BlockDisk.serial": "names the disk for a person", "BlockDisk.rotates": "describes the disk",
        "BlockDisk.isReadOnly": "a card's or a drive's own switch; what fails shows as I/O errors",
        "DisksState.isLocalOnly": "describes the program that was asked",
        "MDArray.isReadOnly": "somebody asked for it, or nobody has written yet",
        "MountsState.expected": "judged through `missing`", "ExpectedMount.isMounted": "judged through `missing`",
        "MountsState.mountedCount": "a number without a right or wrong",
        "NetworkInterface.globalAddresses": "judged through `hasGlobalAddress`",
        "System.initrd": "judged through the comparison of two systems", "System.modules": "judged so, too",
        "NixOSState.nixpkgsRevision": "describes the system",
        "PortsState.listeners": "nothing that listens is wrong by itself",
        "SessionsState.sessions": "nobody who is logged in is wrong by it",
        "LoginSession.seat": "describes the session",
        "StoreState.paths": "a size without a right or wrong", "StoreState.roots": "the same",
        "StoreState.deadPaths": "the same", "NixOSState.specialisations": "judged through `specialisation(at:)`",
        "SystemIdentity.versionID": "describes the system",
        "TailscaleState.isOnline": "tailscale's own health names a lost coordination server",
    ]

    private static func text(_ folder: String, without: String? = nil) -> String {
        let files = FileManager.default.enumerator(at: sources.appending(path: folder), includingPropertiesForKeys: nil)
        return (files?.compactMap { $0 as? URL } ?? [])
            .filter { $0.pathExtension == "swift" && !(without.map($0.path.contains) ?? false) }
            .sorted { $0.path < $1.path }.compactMap { try? String(contentsOf: $0, encoding: .utf8) }.joined(
                separator: "\n")
    }

    /// `Type.field` of every stored property of what probes read.
    private static let fields: [(type: String, name: String)] = {
        var fields: [(String, String)] = []
        // A nested type ends at a brace that is indented as its own first line was.
        var types: [(indent: Int, name: String)] = []
        for line in text("MachaProbes").split(separator: "\n") {
            let indent = line.prefix { $0 == " " }.count
            if let match = line.firstMatch(of: /^\s*package struct (\w+): .*Codable/) {
                types.append((indent, String(match.1)))
            }
            if line.drop(while: { $0 == " " }).hasPrefix("}"), types.last?.indent == indent { types.removeLast() }
            if let type = types.last?.name,
                let match = line.wholeMatch(of: /\s*package (?:private\(set\) )?(?:var|let) (\w+): [^{]+/)
            {
                fields.append((type, String(match.1)))
            }
        }
        return fields
    }()

    /// The words that follow a dot: members that some code names.
    private static func members(in text: String) -> Set<String> {
        var (members, word, isMember): (Set<String>, [UInt8], Bool) = ([], [], false)
        for byte in text.utf8 {
            if (0x61...0x7a).contains(byte | 0x20) || (0x30...0x39).contains(byte) || byte == 0x5f {
                word.append(byte)
            } else {
                if isMember, !word.isEmpty { members.insert(String(decoding: word, as: UTF8.self)) }
                (word, isMember) = ([], byte == 0x2e)
            }
        }
        return members
    }

    @Test func `every field that a probe reads is judged, measured or shown by name, or is listed with its reason`() {
        let named = Self.members(in: Self.text("", without: "/MachaProbes/Probes/"))
        let unused = Self.fields.filter { !named.contains($0.name) }.map { "\($0.type).\($0.name)" }
        #expect(Self.fields.count > 200)
        #expect(Set(unused).subtracting(Self.shownOnly.keys).sorted() == [], "nobody judges these")
        #expect(Set(Self.shownOnly.keys).subtracting(unused).sorted() == [], "these need not be listed any more")
    }
}
