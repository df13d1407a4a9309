// SPDX-License-Identifier: MIT
import ArgumentParser

/// What every command that may change hosts can be told.
struct RepairOptions: ParsableArguments {
    @OptionGroup var library: PlaybookOptions

    @Option(help: ArgumentHelp("Maximum time to observe a change before it counts.", valueName: "seconds"))
    var settle: Int?

    func validate() throws {
        if let settle, !(0...3600).contains(settle) { throw ValidationError("--settle must be from 0 to 3600") }
    }
}

/// Where playbooks come from, for every command that needs them.
struct PlaybookOptions: ParsableArguments {
    @Option(help: "A folder of your own playbooks, or one file; they replace built-in ones with the same id.")
    var playbooks: String?
}

/// What every command that asks models about hosts can be told.
struct AnalysisOptions: ParsableArguments {
    @Flag(help: "Do not ask models; detectors and playbooks still run.")
    var noModel = false

    @Flag(help: "Ask models again, even if nothing has changed since the last analysis.")
    var askAgain = false
}
