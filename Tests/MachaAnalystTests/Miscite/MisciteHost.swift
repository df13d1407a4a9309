// SPDX-License-Identifier: MIT
import MachaFindings
import MachaInventory
import MachaModel
import MachaTestSupport

@testable import MachaAnalyst

/// One host of the corpus: what the prompt holds, and what models said.
struct MisciteHost {
    struct Answer {
        var ids: [String]
        var text: String
        var isCarried: Bool
    }

    var name = ""
    var material = Sample.material(journal: [], findings: [])
    var answers: [Answer] = []

    init(_ text: String) {
        var lines: [EvidenceLine] = []
        material.facts = []
        for line in text.split(separator: "\n") {
            let (head, rest) = Self.cut(line)
            switch head {
            case "host": name = rest
            case "F": material.findings.append(Self.finding(rest, name))
            case "S": material.facts.append(rest)
            case "+", "-": answers.append(Self.answer(rest, isCarried: head == "+"))
            default: lines.append(EvidenceLine(head, rest))
            }
        }
        material.host = FleetHost(name: name, connection: .local)
        material.journal = .digest(lines, read: 9_000, shown: lines.count)
    }

    private static func cut(_ line: Substring) -> (String, String) {
        let head = line.prefix { $0 != " " }
        return (String(head), String(line.dropFirst(head.count + 1)))
    }

    private static func finding(_ text: String, _ host: String) -> Finding {
        let parts = text.split(separator: "|").map { $0.split(separator: " ").joined(separator: " ") }
        let words = parts[0].split(separator: " ").map(String.init)
        return Finding(
            recorded: RecordedKind(words[1]), host: host, subject: words[2] == "-" ? nil : words[2],
            Severity(rawValue: words[0]) ?? .warning, parts[1],
            evidence: parts.dropFirst(2).map { .seen(UntrustedText($0)) }, figures: [:],
            remedy: "", commands: [])
    }

    private static func answer(_ text: String, isCarried: Bool) -> Answer {
        let parts = text.split(separator: "|", maxSplits: 1).map { $0.split(separator: " ").map(String.init) }
        return Answer(ids: parts[0], text: parts[1].joined(separator: " "), isCarried: isCarried)
    }

    /// What is shown of an answer that says `answer`, as an observation or as the root cause.
    func shown(of answer: Answer, asCause: Bool) async throws -> (isShown: Bool, analysis: Analysis) {
        let ids = "[" + answer.ids.map { "\"\($0)\"" }.joined(separator: ",") + "]"
        let text = JSONValue.string(answer.text).text
        let reply =
            asCause
            ? Sample.answer(cause: #"{"statement":\#(text),"confidence":1,"evidence":\#(ids)}"#, summary: "See there.")
            : Sample.answer(
                observations: #"[{"title":\#(text),"detail":"","severity":"critical","evidence":\#(ids)}]"#,
                summary: "See there.")
        let analysis = try await Sample.conclude(reply, material: material, context: 16_384).analysis
        return (!analysis.statements.isEmpty || analysis.rootCause != nil, analysis)
    }
}
