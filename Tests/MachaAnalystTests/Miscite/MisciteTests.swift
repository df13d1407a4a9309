// SPDX-License-Identifier: MIT
import MachaModel
import Testing

@testable import MachaAnalyst

/// Whether a statement is shown depends on what the lines say that it cites.
@Suite struct MisciteTests {
    struct Figures: CustomStringConvertible {
        var wrong: [String] = []
        var lost: [String] = []
        var carried = 0
        var miscited = 0

        var description: String {
            "\(carried + miscited) answers: \(wrong.count) of \(miscited) wrongly cited ones shown, \(lost.count) of \(carried) rightly cited ones lost"
                + (wrong.map { "\n  shown: \($0)" } + lost.map { "\n  lost: \($0)" }).joined()
        }
    }

    private func figures(_ hosts: [String]) async throws -> Figures {
        var figures = Figures()
        for host in hosts.map({ MisciteHost($0) }) {
            for (index, answer) in host.answers.enumerated() {
                let (isShown, analysis) = try await host.shown(of: answer, asCause: index % 3 == 2)
                let words = "\(host.name) \(answer.ids.joined(separator: " ")): \(answer.text)"
                if answer.isCarried {
                    figures.carried += 1
                    if !isShown { figures.lost.append(words + " – \(analysis.dropped.map(\.detail.raw))") }
                } else {
                    figures.miscited += 1
                    if isShown { figures.wrong.append(words) }
                }
            }
        }
        return figures
    }

    enum Part: String, CaseIterable {
        case known, kept, later, last

        var hosts: [String] {
            switch self {
            case .known: MisciteCorpus.known
            case .kept: MisciteCorpus.kept
            case .later: MisciteCorpus.later
            case .last: MisciteCorpus.last
            }
        }
    }

    @Test(arguments: Part.allCases)
    func `no wrongly cited statement is shown, and at most one rightly cited in ten is lost`(part: Part) async throws {
        let figures = try await figures(part.hosts)
        print("miscite, \(part): \(figures)")
        #expect(figures.carried >= 20)
        #expect(figures.miscited >= 25)
        #expect(figures.wrong.isEmpty)
        #expect(figures.lost.count * 10 <= figures.carried)
    }
}
