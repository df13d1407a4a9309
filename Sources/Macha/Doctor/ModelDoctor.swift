// SPDX-License-Identifier: MIT
import MachaAnalyst
import MachaInventory

/// Asks each configured model what it is; none is asked to think.
struct ModelDoctor {
    let environment: Environment

    func lines() async -> [DoctorReport.Line] {
        guard let endpoints = try? environment.configuration().modelEndpoints, !endpoints.isEmpty else {
            return [.init("models", .note, "none is configured: findings and repairs need none")]
        }
        var lines: [DoctorReport.Line] = []
        for place in environment.pool(of: endpoints).places {
            if let failure = place.failure { lines.append(Self.line(place.endpoint.name, failure)) }
            for model in place.models {
                let check = await ModelCheck.describe(model)
                let subject = "\(model.name)"
                if let failure = check.failure { lines.append(Self.line(subject, failure)) }
                if let description = check.description { lines.append(Self.line(subject, description)) }
            }
        }
        return lines
    }

    private static func line(_ subject: String, _ failure: ModelError) -> DoctorReport.Line {
        .init(subject, .problem, failure.message, advice: failure.remedy)
    }

    private static func line(_ subject: String, _ model: ModelDescription) -> DoctorReport.Line {
        let context = "\(model.server), a context of \(model.context) tokens"
        guard model.contextSource == .assumed else { return .init(subject, .ok, context) }
        return .init(
            subject, .note, "\(context), which is assumed: the server does not tell",
            advice: "write what the server allocates as context: of the endpoint")
    }
}
