// SPDX-License-Identifier: MIT
import MachaModel

/// Actions as they are written in playbooks, on the command line, in the database and in the audit: a kind and its
/// parameters. This is the only way text becomes an action.
extension Action {
    /// Reads an action.
    ///
    /// - Throws: every parameter that is missing, unknown or has no meaning, in one go.
    package init(_ kind: Kind, _ parameters: [String: ActionValue] = [:]) throws(ParameterMistakes) {
        var reader = ParameterReader(parameters, of: kind.rawValue)
        let action: Action?
        switch kind {
        case .restartUnit: action = reader.required("unit", Self.started).map { .restartUnit($0) }
        case .startUnit: action = reader.required("unit", UnitName.init).map { .startUnit($0) }
        case .stopUnit: action = reader.required("unit", Self.started).map { .stopUnit($0) }
        case .resetFailedUnit: action = reader.required("unit", UnitName.init).map { .resetFailedUnit($0) }
        case .collectGarbage:
            action = .collectGarbage(keeping: reader.optional("keep-generations", KeptGenerations.init))
        case .vacuumJournal: action = Self.vacuum(&reader)
        case .rotateJournal: action = .rotateJournal
        case .cleanTemporaryFiles: action = .cleanTemporaryFiles
        case .rebuild:
            let mode: Rebuild.Mode? = reader.required("mode", ParameterReader.word)
            let flake = reader.optional("flake", FlakeReference.init)
            action = mode.map { .rebuild(Rebuild($0, flake: flake)) }
        case .rollbackGeneration:
            action = reader.required("generation", GenerationNumber.init).map { .rollbackGeneration($0) }
        case .reboot: action = .reboot
        case .diagnose: action = Self.diagnosis(&reader)
        case .command: action = Self.command(&reader)
        case .waitUntil: action = try Self.wait(parameters)
        case .notify: action = reader.required("message", NoteText.init).map { .notify($0) }
        case .suggestChange: action = ConfigurationChange.read(&reader).map { .suggestChange($0) }
        }
        self =
            kind == .waitUntil
            ? try ParameterReader([:], of: kind.rawValue).finished(action) : try reader.finish(action)
    }

    /// The parameters that make this action; reading them with ``kind`` gives it again.
    package var parameters: [String: ActionValue] {
        switch self {
        case .restartUnit(let unit), .startUnit(let unit), .stopUnit(let unit), .resetFailedUnit(let unit):
            return ["unit": .text(unit.description)]
        case .collectGarbage(let kept):
            return kept.map { ["keep-generations": .text($0.description)] } ?? [:]
        case .vacuumJournal(.size(let size)): return ["size": .text(size.description)]
        case .vacuumJournal(.age(let age)): return ["age": .text(age.description)]
        case .rotateJournal, .cleanTemporaryFiles, .reboot: return [:]
        case .rebuild(let rebuild):
            var parameters = ["mode": ActionValue.text(rebuild.mode.rawValue)]
            parameters["flake"] = rebuild.flake.map { .text($0.description) }
            return parameters
        case .rollbackGeneration(let number): return ["generation": .text(number.description)]
        case .diagnose(let diagnosis):
            var parameters = ["what": ActionValue.text(diagnosis.kind.rawValue)]
            parameters["unit"] = diagnosis.unit.map { .text($0.description) }
            return parameters
        case .command(let command):
            var parameters = ["argv": ActionValue.words(command.words), "sudo": .text("\(command.asRoot)")]
            if command.risk < .high {
                parameters["risk"] = .text(command.risk.rawValue)
                parameters["because"] = .text(command.justification)
            }
            return parameters
        case .waitUntil(let check, let span):
            var parameters = check.parameters
            parameters["check"] = .text(check.kind.rawValue)
            parameters["within"] = .text(span.description)
            return parameters
        case .notify(let text): return ["message": .text(text.description)]
        case .suggestChange(let change): return change.parameters
        }
    }

    /// What can be restarted and stopped: other kinds of unit carry many with them, or are not ours to move.
    private static func started(_ text: String) throws(ValueValidationError) -> UnitName {
        let unit = try UnitName(text)
        switch unit.kind {
        case .service, .socket, .timer, .path: return unit
        case .mount, .automount, .swap, .target, .device, .scope, .slice:
            throw ValueValidationError(
                "\(text.quoted) is a \(unit.kind.rawValue); only services, sockets, timers and paths are restarted or "
                    + "stopped")
        }
    }

    private static func vacuum(_ reader: inout ParameterReader) -> Action? {
        let size = reader.optional("size", ByteSize.init)
        let age = reader.optional("age", ActionSpan.init)
        switch (size, age) {
        case (let size?, nil): return .vacuumJournal(.size(size))
        case (nil, let age?): return .vacuumJournal(.age(age))
        case (nil, nil), (_?, _?):
            if reader.mistakes.isEmpty { reader.complain(ValueValidationError("write either 'size' or 'age'")) }
            return nil
        }
    }

    private static func diagnosis(_ reader: inout ParameterReader) -> Action? {
        let kind: Diagnosis.Kind? = reader.required("what", ParameterReader.word)
        let unit = reader.optional("unit", UnitName.init)
        guard let kind, reader.mistakes.isEmpty else { return nil }
        do throws(ValueValidationError) {
            return .diagnose(try Diagnosis(kind, unit: unit))
        } catch {
            reader.complain(error)
            return nil
        }
    }

    private static func command(_ reader: inout ParameterReader) -> Action? {
        let words = reader.words("argv")
        let asRoot = reader.optional("sudo", ParameterReader.flag) ?? false
        let risk: Risk? = reader.optional("risk", ParameterReader.word)
        let because = reader.optional("because") { (text) throws(ValueValidationError) in try NoteText(text) }
        guard let words else { return nil }
        do throws(ValueValidationError) {
            return .command(
                try OwnerCommand(words, asRoot: asRoot, risk: risk ?? .high, because: because?.description ?? ""))
        } catch {
            reader.complain(error, in: "argv")
            return nil
        }
    }

    private static func wait(_ parameters: [String: ActionValue]) throws(ParameterMistakes) -> Action {
        var parameters = parameters
        let own = parameters.filter { ["check", "within"].contains($0.key) }
        for name in own.keys { parameters[name] = nil }
        var reader = ParameterReader(own, of: Kind.waitUntil.rawValue)
        let kind: Check.Kind? = reader.required("check", ParameterReader.word)
        let span = reader.required("within", ActionSpan.init)
        guard let kind, let span else { return try reader.finish(nil) }
        return .waitUntil(try Check(kind, parameters), within: span)
    }
}

extension ParameterReader {
    /// For parameters that another reader has taken.
    fileprivate func finished<Value>(_ value: Value?) throws(ParameterMistakes) -> Value {
        var reader = self
        return try reader.finish(value)
    }
}

extension Action: Codable {
    private enum CodingKeys: String, CodingKey {
        case action, with
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let kind = try container.decode(Kind.self, forKey: .action)
        let parameters = try container.decodeIfPresent([String: ActionValue].self, forKey: .with) ?? [:]
        do throws(ParameterMistakes) {
            self = try Action(kind, parameters)
        } catch {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "\(error)"))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(kind, forKey: .action)
        try container.encode(parameters, forKey: .with)
    }
}

extension Action: CustomStringConvertible {
    /// `restart-unit unit=demo.service`, one line, safe to print.
    package var description: String {
        let words = parameters.sorted { $0.key < $1.key }.map { key, value in
            switch value {
            case .text(let text): "\(key)=\(text)"
            case .words(let words): "\(key)=[\(words.map { $0.quoted }.joined(separator: ", "))]"
            }
        }
        return ([kind.rawValue] + words).joined(separator: " ").printable(limit: 600)
    }
}
