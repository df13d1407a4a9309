// SPDX-License-Identifier: MIT

/// How large the Nix store is, what holds on to it, and how much of it nobody needs. Absent (`nil`) without Nix.
package enum StoreProbe: Probe {
    package static let name = "store"
    package static let rhythm = ProbeInterval.weekly
    package static let timeout = 60
    package static let byteLimit = 4096
    /// The sizes of all paths come as two columns, which every version prints alike; JSON changed its shape in 2.19. Each
    /// list is taken whole before it is counted: a program that dies in the middle must not give a smaller figure.
    package static let script = """
        command -v nix-store >/dev/null || { echo absent; exit 0; }
        sizes=$(nix --extra-experimental-features nix-command path-info --all --size) || exit
        roots=$(nix-store --gc --print-roots) || exit
        dead=$(nix-store --gc --print-dead) || exit
        printf '%s\\n' "$sizes" | awk '$NF ~ /^[0-9]+$/ { paths++; bytes += $NF } END { printf "Paths=%d\\nBytes=%.0f\\n", paths, bytes }'
        printf 'Roots=%s\\n' "$(printf '%s\\n' "$roots" | grep -c /nix/store/)"
        printf 'Dead=%s\\n' "$(printf '%s\\n' "$dead" | grep -c '^/nix/store/')"
        """

    package static func parse(_ body: String) throws(ProbeFailure) -> StoreState? {
        if ProbeText.isAbsent(body) { return nil }
        let fields = ProbeText.fields(body)
        let figures = ["Paths", "Bytes", "Roots", "Dead"].compactMap { fields[$0].flatMap { Int($0) } }
        guard figures.count == 4, figures.allSatisfy({ (0...1 << 60).contains($0) }), figures[0] > 0, figures[1] > 0,
            figures[3] <= figures[0] * 2
        else { throw ProbeText.unparsable("size of the store", body) }
        return StoreState(paths: figures[0], bytes: figures[1], roots: figures[2], deadPaths: figures[3])
    }
}

/// Source: nix3-path-info(1), nix-store(1).
package struct StoreState: Hashable, Codable, Sendable {
    /// Valid paths.
    package var paths: Int
    /// The sum of their sizes as archives: what the store would take without hard links and compression.
    package var bytes: Int
    /// What protects paths from being collected, as far as this account sees.
    package var roots: Int
    /// Paths that a garbage collection would delete.
    package var deadPaths: Int
}
