// SPDX-License-Identifier: MIT
import MachaModel

/// Which parameters an action or a check takes, for the schema that editors use and for help texts.
package struct ParameterSpec: Hashable, Sendable {
    package enum Shape: Hashable, Sendable {
        case text
        case words
        case oneOf([String])
    }

    package var name: String
    package var isRequired: Bool
    package var shape: Shape
    package var example: String

    init(_ name: String, required: Bool = true, _ shape: Shape = .text, example: String) {
        self.name = name
        isRequired = required
        self.shape = shape
        self.example = example
    }
}

extension Action.Kind {
    package var parameters: [ParameterSpec] {
        switch self {
        case .restartUnit, .startUnit, .stopUnit, .resetFailedUnit: [.unit]
        case .collectGarbage: [ParameterSpec("keep-generations", required: false, example: "5")]
        case .vacuumJournal:
            [
                ParameterSpec("size", required: false, example: "1G"),
                ParameterSpec("age", required: false, example: "30d"),
            ]
        case .rotateJournal, .cleanTemporaryFiles, .reboot: []
        case .rebuild:
            [
                ParameterSpec("mode", .oneOf(Rebuild.Mode.allCases.map(\.rawValue)), example: "test"),
                ParameterSpec("flake", required: false, example: "github:me/fleet#nas"),
            ]
        case .rollbackGeneration: [.generation]
        case .diagnose:
            [
                ParameterSpec("what", .oneOf(Diagnosis.Kind.allCases.map(\.rawValue)), example: "disk-usage"),
                ParameterSpec("unit", required: false, example: "nginx.service"),
            ]
        case .command:
            [
                ParameterSpec("argv", .words, example: "[resolvectl, flush-caches]"),
                ParameterSpec("sudo", required: false, .oneOf(["true", "false"]), example: "true"),
                ParameterSpec("risk", required: false, .oneOf(Risk.allCases.map(\.rawValue)), example: "low"),
                ParameterSpec("because", required: false, example: "only cached answers are forgotten"),
            ]
        case .waitUntil:
            [
                ParameterSpec("check", .oneOf(Check.Kind.allCases.map(\.rawValue)), example: "clock-synchronized"),
                ParameterSpec("within", example: "2m"),
            ] + Self.optional(Check.Kind.allCases.flatMap(\.parameters))
        case .notify: [ParameterSpec("message", example: "look at it")]
        case .suggestChange:
            [
                ParameterSpec("text", example: "the memory was too small twice this week"),
                ParameterSpec("nix", required: false, example: "zramSwap.enable = true;"),
                ParameterSpec("file", required: false, example: "hosts/nas/configuration.nix"),
                ParameterSpec("before", required: false, example: "zramSwap.enable = false;"),
                ParameterSpec("after", required: false, example: "zramSwap.enable = true;"),
            ]
        }
    }

    /// Each once, in the order of their first use.
    private static func optional(_ specs: [ParameterSpec]) -> [ParameterSpec] {
        var seen: Set<String> = []
        return specs.filter { seen.insert($0.name).inserted }
            .map { ParameterSpec($0.name, required: false, $0.shape, example: $0.example) }
    }
}

extension Check.Kind {
    package var parameters: [ParameterSpec] {
        switch self {
        case .unitExists, .unitNeedsRepair, .unitActive, .unitNotFailed, .unitStopped: [.unit]
        case .nameResolves: [ParameterSpec("name", example: "example.org")]
        case .generationExists, .generationIs: [.generation]
        case .diskBelow: [ParameterSpec("path", example: "/"), ParameterSpec("percent", example: "80")]
        case .noNewFailures, .clockSynchronized, .systemIsProfile, .systemChanged, .rebooted, .findingGone: []
        }
    }
}

extension ParameterSpec {
    fileprivate static let unit = ParameterSpec("unit", example: "nginx.service")
    fileprivate static let generation = ParameterSpec("generation", example: "41")
}
