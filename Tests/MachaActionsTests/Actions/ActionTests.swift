// SPDX-License-Identifier: MIT
import Foundation
import MachaActions
import MachaModel
import MachaTestSupport
import Testing

@Suite struct ActionTests {
    @Test func `every kind of action and check has a sample, and comes back the same from JSON`() throws {
        let actions = try ActionSamples.all()
        #expect(Set(actions.map(\.kind)) == Set(Action.Kind.allCases))
        for action in actions {
            let bytes = CanonicalJSON.bytes(of: action)
            #expect(try CanonicalJSON.decoder.decode(Action.self, from: Data(bytes)) == action)
            #expect(CanonicalJSON.bytes(of: action) == bytes)
        }
        let checks = try ActionSamples.checks()
        #expect(Set(checks.map(\.kind)) == Set(Check.Kind.allCases))
        for check in checks {
            #expect(try CanonicalJSON.decoder.decode(Check.self, from: Data(CanonicalJSON.bytes(of: check))) == check)
        }
    }

    @Test func `different actions have different bytes`() throws {
        let actions = try ActionSamples.all()
        #expect(Set(actions.map { CanonicalJSON.bytes(of: $0) }).count == actions.count)
    }

    @Test(arguments: Action.Kind.allCases)
    func `the table names exactly the parameters that the reader takes`(kind: Action.Kind) {
        let table = Set(kind.parameters.map(\.name))
        let every = Set(Action.Kind.allCases.flatMap(\.parameters).map(\.name))
        for name in every where kind != .waitUntil {
            let mistakes = mistakes(kind, [name: .text("?")])
            #expect(mistakes.contains("unknown parameter") == !table.contains(name), "\(kind) \(name): \(mistakes)")
        }
        for spec in kind.parameters where spec.isRequired {
            #expect(mistakes(kind, [:]).contains("needs \(spec.name.quoted)"), "\(kind) \(spec.name)")
        }
    }

    @Test(arguments: Check.Kind.allCases)
    func `the table of checks names exactly what the reader takes`(kind: Check.Kind) {
        for name in Set(Check.Kind.allCases.flatMap(\.parameters).map(\.name)) {
            let mistakes = mistakes(kind, [name: .text("?")])
            #expect(mistakes.contains("unknown parameter") == !kind.parameters.map(\.name).contains(name))
        }
        for spec in kind.parameters { #expect(mistakes(kind, [:]).contains("needs \(spec.name.quoted)")) }
    }

    private func mistakes(_ kind: Action.Kind, _ parameters: [String: ActionValue]) -> String {
        do throws(ParameterMistakes) {
            _ = try Action(kind, parameters)
            return ""
        } catch {
            return error.description
        }
    }

    private func mistakes(_ kind: Check.Kind, _ parameters: [String: ActionValue]) -> String {
        do throws(ParameterMistakes) {
            _ = try Check(kind, parameters)
            return ""
        } catch {
            return error.description
        }
    }

    @Test(arguments: [
        ("restart-unit", ["unit": "multi-user.target"]), ("stop-unit", ["unit": "srv.mount"]),
        ("collect-garbage", ["keep-generations": "2"]), ("collect-garbage", ["keep-generations": "-1"]),
        ("vacuum-journal", ["size": "1K"]), ("vacuum-journal", ["size": "1G", "age": "1d"]), ("vacuum-journal", [:]),
        ("vacuum-journal", ["size": "0x10M"]), ("vacuum-journal", ["age": "1 d"]), ("vacuum-journal", ["age": "+1d"]),
        ("rebuild", ["mode": "switch --rollback"]), ("rebuild", ["mode": "test", "flake": "--impure"]),
        ("rebuild", ["mode": "test", "flake": "a b"]), ("rollback-generation", ["generation": "0"]),
        ("rollback-generation", ["generation": "٣"]), ("diagnose", ["what": "unit"]),
        ("diagnose", ["what": "memory", "unit": "a.service"]), ("reboot", ["now": "true"]),
        ("wait-until", ["check": "name-resolves", "name": "-x", "within": "1m"]), ("notify", ["message": ""]),
        ("notify", ["message": "\u{1b}[2J"]),
    ])
    func `a parameter without a meaning is refused`(kind: String, parameters: [String: String]) throws {
        let kind = try #require(Action.Kind(rawValue: kind))
        #expect(throws: ParameterMistakes.self) { try Action(kind, parameters.mapValues { .text($0) }) }
    }

    @Test func `a command is a list of words and never a line`() {
        #expect(throws: ParameterMistakes.self) { try Action(.command, ["argv": .text("rm -rf /")]) }
        #expect(throws: ParameterMistakes.self) { try Action(.command, ["argv": .words([])]) }
        #expect(throws: ParameterMistakes.self) { try Action(.command, ["argv": .words(["-x"])]) }
        #expect(throws: ParameterMistakes.self) { try Action(.command, ["argv": .words(["a", "b\nc"])]) }
    }

    @Test func `a command of less than high risk says why`() throws {
        let words = ActionValue.words(["true"])
        #expect(throws: ParameterMistakes.self) { try Action(.command, ["argv": words, "risk": .text("low")]) }
        #expect(try Action(.command, ["argv": words]).risk().risk == .high)
        let justified = try Action(
            .command, ["argv": words, "risk": .text("low"), "because": .text("it does nothing")])
        #expect(justified.risk().risk == .low)
    }

    /// Any text in any parameter of any action: what is accepted is found again as whole words, and no program changes.
    @Test func `no text changes the shape of any command line`() throws {
        var accepted = 0
        for sample in try ActionSamples.all() {
            let shape = try shape(of: sample)
            for text in HostileTexts.all {
                for name in sample.parameters.keys where name != "argv" && name != "because" {
                    var parameters = sample.parameters
                    guard case .text = parameters[name] else { continue }
                    parameters[name] = .text(text)
                    guard let action = try? Action(sample.kind, parameters) else { continue }
                    accepted += 1
                    let commands = try action.plan().commands
                    let changed = try self.shape(of: action)
                    #expect(changed.elementsEqual(shape, by: ==), "\(action)")
                    for (_, planned) in commands {
                        #expect(planned.words.allSatisfy { !$0.contains("\0") && !$0.contains("\n") })
                    }
                }
            }
        }
        #expect(accepted > 0)
    }

    /// Role, program and number of words of each command; a protected unit has no way back, so that is left out.
    private func shape(of action: Action) throws -> [(String, String?, Int)] {
        try action.plan().commands.filter { $0.role != "undo" }
            .map { ($0.role, $0.command.command.words.first, $0.command.words.count) }
    }
}
