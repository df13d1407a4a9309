// SPDX-License-Identifier: MIT
import ArgumentParser

/// What every command that may change hosts can be told.
struct RepairOptions: ParsableArguments {
    @OptionGroup var library: PlaybookOptions

    @Option(help: ArgumentHelp("Watch a change for so many seconds at most before it counts.", valueName: "seconds"))
    var settle: Int?

    func validate() throws {
        if let settle, !(0...3600).contains(settle) { throw ValidationError("--settle must be from 0 to 3600") }
    }
}

/// Where playbooks come from, for every command that needs them.
struct PlaybookOptions: ParsableArguments {
    @Option(help: "A folder of your own playbooks, or one file; they replace built-in ones of the same id.")
    var playbooks: String?
}

/// What every command that asks models about hosts can be told.
struct AnalysisOptions: ParsableArguments {
    @Flag(help: "Ask no model; detectors and playbooks do their work all the same.")
    var noModel = false

    @Flag(help: "Ask a model again although nothing has changed since an analysis of the last day.")
    var askAgain = false
}
