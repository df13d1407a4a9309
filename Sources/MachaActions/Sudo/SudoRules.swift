// SPDX-License-Identifier: MIT
package import MachaInventory
import MachaModel

/// The exact command lines an account needs root for on a host: no program without arguments, no `*`, nothing that
/// starts a shell or a pager.
///
/// Two kinds of line hold a regular expression (sudo 1.9.10 and later), and each matches digits only: generations, whose
/// numbers nobody knows beforehand. Sources: sudoers(5), and the commands of ``ActionPlan``.
package struct SudoRules: Hashable, Sendable {
    /// One allowed command line.
    package struct Line: Hashable, Sendable {
        /// The program's file, or an expression for it (`^…$`).
        package let program: String
        /// As sudoers has them: words with a space between, or an expression (`^…$`); empty allows none (`""`).
        package let arguments: String
        /// Which action needs it.
        package let purpose: Action.Kind

        /// As a `Cmnd` of sudoers(5).
        package var text: String { "\(program) \(arguments.isEmpty ? "\"\"" : arguments)" }
    }

    package let user: String
    /// Each once, in the order of the catalogue.
    package let lines: [Line]

    /// Where NixOS has the programs of the running system.
    package static let folder = "/run/current-system/sw/bin"

    /// What `user` needs for `actions`; two actions of one kind that differ in their unit or size need a line each.
    package init(
        user: String, actions: [Action], in context: RiskContext = RiskContext(), folder: String = SudoRules.folder
    ) {
        self.user = user
        var seen: Set<String> = []
        lines = actions.flatMap { Self.lines(for: $0, context, folder: folder) }.filter {
            seen.insert($0.text).inserted
        }
    }

    /// What Macha needs on `host`: for its managed units, and for every playbook of `library` that can run there.
    ///
    /// Units come from `managed-units` of the inventory and from playbooks that name theirs; protected ones are left out
    /// unless a playbook names them. Commands whose words are only known later are left out and named in `omitted`.
    package static func needed(on host: FleetHost, library: PlaybookLibrary, folder: String = SudoRules.folder)
        -> (rules: SudoRules, omitted: [String])
    {
        let (actions, omitted) = Self.actions(on: host, library)
        let user = if case .ssh(let endpoint) = host.connection { endpoint.user } else { "macha" }
        return (SudoRules(user: user, actions: actions, in: RiskContext(host: host), folder: folder), omitted)
    }

    /// The programs with their arguments that Macha runs as root on `host`, as far as they are known beforehand.
    package static func commands(on host: FleetHost, library: PlaybookLibrary) -> [[String]] {
        var seen: Set<[String]> = []
        return Self.actions(on: host, library).known.flatMap { action in
            (try? action.plan(in: RiskContext(host: host))).map { commands(of: $0) } ?? []
        }.map(\.command.words).filter { seen.insert($0).inserted }
    }

    /// Those of `plan` that need root and are sent before anything has failed.
    package static func commands(of plan: ActionPlan) -> [PlannedCommand] {
        (plan.look + plan.arm + plan.act + plan.disarm + plan.keep).filter(\.asRoot)
            .map { $0.isDetached ? DetachedRun.start($0) : $0 }
    }

    private static func actions(
        on host: FleetHost, _ library: PlaybookLibrary
    ) -> (known: [Action], omitted: [String]) {
        let protection = ProtectedUnits(adding: host.protectedUnits)
        var actions: [Action] = []
        for unit in host.managedUnits.compactMap({ try? UnitName($0) }) where protection.reason(for: unit) == nil {
            // A kind that does not take such a unit, as a mount cannot be restarted, needs no rule for it.
            actions += Action.Kind.allCases.filter { $0.sudo == .managedUnits }
                .compactMap { try? Action($0, ["unit": .text(unit.description)]) }
        }
        var omitted: [String] = []
        for playbook in library.playbooks where host.canMatch(playbook.hosts) {
            let (fixed, open) = playbook.fixedActions(on: host)
            actions += fixed
            omitted += open.map { "\(playbook.id): \($0.rawValue)" }
        }
        return (actions, omitted)
    }

    private static func lines(for action: Action, _ context: RiskContext, folder: String) -> [Line] {
        guard let plan = try? action.plan(in: context) else { return [] }
        let isDetached = plan.commands.contains { $0.command.isDetached }
        var lines = plan.commands.filter { $0.command.asRoot }.map { _, planned in
            line(planned.isDetached ? DetachedRun.start(planned) : planned, action.kind, folder)
        }
        if !plan.arm.isEmpty { lines.append(line(DeadMan.forget, action.kind, folder)) }
        if isDetached { lines += DetachedRun.forget.map { line($0, action.kind, folder) } }
        return lines
    }

    private static func line(_ planned: PlannedCommand, _ purpose: Action.Kind, _ folder: String) -> Line {
        let program = planned.command.program
        let file = program.hasPrefix("/") ? program : "\(folder)/\(program)"
        let words = planned.command.arguments
        guard purpose.sudo == .anyGeneration else {
            return Line(program: file, arguments: words.map(escaped).joined(separator: " "), purpose: purpose)
        }
        // The number of a generation is the only thing that varies.
        let digits = "[0-9]{1,6}"
        let isLinked = file.hasPrefix("\(SystemProfile.path)-")
        let varies = words.contains("--switch-generation") || words.contains { $0.hasPrefix("\(SystemProfile.path)-") }
        let expression = words.map { word in
            let isNumber = !word.isEmpty && word.utf8.allSatisfy { (0x30...0x39).contains($0) }
            return isNumber ? digits : generalized(word, digits)
        }.joined(separator: " ")
        return Line(
            program: isLinked ? "^\(generalized(file, digits))$" : file,
            arguments: varies ? "^\(expression)$" : words.map(escaped).joined(separator: " "), purpose: purpose)
    }

    /// `word` as an expression that matches it, with any generation in the place of the one it names.
    private static func generalized(_ word: String, _ digits: String) -> String {
        let prefix = "\(SystemProfile.path)-"
        guard word.hasPrefix(prefix), let end = word.firstRange(of: "-link") else { return expression(word) }
        return expression(prefix) + digits + expression(String(word[end.lowerBound...]))
    }

    private static func expression(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            if "\\.[]{}()+*?^$|".contains(character) { result.append("\\") }
            result.append(character)
        }
    }

    /// sudoers(5): these characters have a meaning in arguments unless a backslash stands before them.
    private static func escaped(_ word: String) -> String {
        word.reduce(into: "") { result, character in
            if ",:=\\*?[]!\"# ".contains(character) { result.append("\\") }
            result.append(character)
        }
    }
}

extension SudoRules {
    /// For a file in `/etc/sudoers.d`.
    package var sudoers: String {
        lines.map { "\(user) ALL=(root) NOPASSWD: \($0.text)\n" }.joined()
    }

    /// For the host's NixOS configuration.
    package var nixos: String {
        let commands = lines.map { line in
            let text = line.text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing(
                "${", with: "\\${")
            return "      { command = \"\(text)\"; options = [ \"NOPASSWD\" ]; }\n"
        }
        return """
            security.sudo.extraRules = [
              {
                users = [ "\(user)" ];
                commands = [
            \(commands.joined())    ];
              }
            ];

            """
    }
}

extension FleetHost {
    /// Whether a playbook for such hosts could run here; what only a snapshot tells counts as possible.
    fileprivate func canMatch(_ condition: HostCondition) -> Bool {
        condition.objection(to: self, HostFacts(isNixOS: condition.isNixOS)) == nil
    }
}

extension Playbook {
    /// The changing actions whose every word is known without a finding, and the kinds of those that are not.
    fileprivate func fixedActions(on host: FleetHost) -> (fixed: [Action], open: [Action.Kind]) {
        var values: [String: String] = [:]
        for parameter in parameters {
            let value = try? parameter.value(
                given: nil, finding: nil, host: host, facts: HostFacts(generation: 1, previousGeneration: 1))
            if let value { values[parameter.name] = value }
        }
        values["host"] = host.name
        let optional = Set(parameters.filter(\.isOptional).map(\.name))
        var fixed: [Action] = []
        var open: [Action.Kind] = []
        for step in steps + rollback {
            let isKnown = step.placeholders.subtracting(optional).allSatisfy { values[$0] != nil }
            guard isKnown, let action = try? step.action(values) else {
                open.append(step.kind)
                continue
            }
            if action.footprint == .changes { fixed.append(action) }
        }
        // Units are for the inventory to name; what is only looked at needs no rights.
        return (fixed, open.filter { $0.sudo == .exactWords || $0.sudo == .anyGeneration })
    }
}
