// SPDX-License-Identifier: MIT
import Foundation
import MachaActions
import MachaFindings
import MachaInventory
import MachaModel
import MachaTestSupport

@testable import MachaAnalyst

/// A host with two findings, a digest and two playbooks.
enum Sample {
    static let host = FleetHost(name: "nas", connection: .local)
    static let time = Date(timeIntervalSince1970: 1_800_000_000)

    static let findings = [
        Finding(
            .unitFailed, host: "nas", subject: "nginx.service", .critical, "nginx.service has failed",
            evidence: ["Result=exit-code"]),
        Finding(.diskSpace, host: "nas", subject: "/", .warning, "/ is 91 % full"),
    ]

    static func material(
        journal lines: [EvidenceLine] = [
            EvidenceLine("#", "1200 lines of nas, 7 statements"),
            EvidenceLine("qkpwr", "10:01:02 ×3 nginx: bind() to 0.0.0.0:80 failed (98: Address already in use)"),
            EvidenceLine("dwlff", "10:00:59 httpd: listening on port 80"),
        ], findings: [Finding] = findings
    ) -> AnalysisMaterial {
        AnalysisMaterial(
            host: host, takenAt: time, facts: ["load 0.4 on 4 processors"], findings: findings,
            journal: .digest(lines, read: 1_200, shown: 4))
    }

    static var offer: PlaybookOffer {
        get throws {
            let library = try PlaybookLibrary.parse(folders: [
                [
                    (
                        "restart.yaml",
                        """
                        id: restart-unit
                        title: Restart ${unit}
                        description: Restarts a service.
                        parameters:
                          unit:
                            type: unit
                            description: Which one.
                        steps:
                          - action: restart-unit
                            unit: ${unit}
                        """
                    )
                ]
            ])
            return PlaybookOffer(library, on: PlaybookTarget(host: host))
        }
    }

    static func answer(
        observations: String = "[]", cause: String = "null", suggestions: String = "[]", proposals: String = "[]",
        questions: String = "[]", status: String = "attention", summary: String = "nginx cannot bind."
    ) -> String {
        """
        {"observations":\(observations),"root_cause":\(cause),"suggestions":\(suggestions),"proposals":\(proposals),\
        "questions":\(questions),"status":"\(status)","summary":"\(summary)"}
        """
    }

    static func conclude(
        _ reply: String, material: AnalysisMaterial = material(), context: Int = 8_192
    ) async throws -> Analyst.Conclusion {
        var random = SystemRandomNumberGenerator()
        let model = ScriptedModel(context: context, answers: [reply])
        return try await Analyst(model).conclude(material, try offer, mayAsk: true, now: time, using: &random)
    }
}
