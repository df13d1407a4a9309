// SPDX-License-Identifier: MIT
package import MachaModel

/// What `macha doctor` found: everything that Macha needs here and on the hosts, each with what would fix it.
package struct DoctorReport: Sendable, Encodable {
    /// What is known of one thing that Macha needs.
    package enum State: String, Sendable, Encodable, CaseIterable {
        case ok, problem
        /// It could not be found out, which is never the same as ok.
        case unknown
        /// Works, and a person may want to know.
        case note
    }

    package struct Line: Sendable, Encodable {
        /// What was looked at: `database`, or a host's name.
        package var subject: String
        package var state: State
        package var message: UntrustedText
        /// What a person can do, as a sentence; empty when nothing is wrong or nothing is known.
        package var advice = ""
        /// To be copied as they are.
        package var commands: [String] = []

        init(
            _ subject: String, _ state: State, _ message: String, advice: String = "", commands: [String] = []
        ) {
            self.subject = subject
            self.state = state
            self.message = UntrustedText(message)
            self.advice = advice
            self.commands = commands
        }
    }

    package struct Section: Sendable, Encodable {
        package var title: String
        package var lines: [Line]
    }

    package var sections: [Section]

    /// How many lines are in `state`.
    package func count(_ state: State) -> Int {
        sections.reduce(0) { $0 + $1.lines.count { $0.state == state } }
    }
}

extension DoctorReport.Line {
    /// A problem in the words of an error, whose remedy is already part of them.
    static func problem(_ subject: String, _ error: ControllerError) -> [Self] {
        error.messages.map { Self(subject, .problem, $0) }
    }
}
