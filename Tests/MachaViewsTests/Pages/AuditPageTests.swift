// SPDX-License-Identifier: MIT
import Foundation
import MachaActions
import MachaModel
import Testing

@testable import MachaViews

/// Entries of the audit as lines for people and documents for programs.
@Suite struct AuditPageTests {
    private func line(_ kind: AuditEntry.Kind, _ payload: String) -> AuditLine {
        AuditLine(
            AuditEntry(
                after: nil, at: Date(timeIntervalSince1970: 1_790_000_000), kind: kind, host: "web", payload: payload))
    }

    @Test(arguments: [
        (
            AuditEntry.Kind.decision, #"{"event":"refused","title":"Restart a","why":"moved"}"#,
            "refused Restart a moved"
        ),
        (.decision, #"{"event":"suggested","file":"/x","title":"T"}"#, "suggested T /x"),
        (.paused, #"{"by":"anna","hosts":["a"],"reason":"backup"}"#, "by anna backup"),
        (.resumed, #"{"by":"anna","reason":""}"#, "by anna"),
        (.exec, #"{"asRoot":false,"by":"anna","hosts":["a"],"words":"true -x"}"#, "true -x by anna"),
        (.finished, #"{"note":"done","run":3,"state":"verified"}"#, "run 3 verified done"),
        (.finished, #"{"levitated":true}"#, #"cannot be read by this version: {"levitated":true}"#),
        (.decision, "nonsense", "cannot be read by this version: nonsense"),
    ]) func `an entry is one line, whatever it holds`(kind: AuditEntry.Kind, payload: String, summary: String) {
        #expect(line(kind, payload).summary == summary)
    }

    @Test(arguments: [
        (#"{"by":"anna","hosts":["a","b"],"reason":"x","later":{"n":1.5,"ok":true,"none":null,"at":1796049413.3886409}}"#),
        #"{"event":"teleported"}"#, "[]", "7",
    ]) func `programs get the payload as it was recorded, with what this version does not know`(payload: String) throws
    {
        let document = try JSONSerialization.jsonObject(with: try JSONEncoder().encode(line(.paused, payload)))
        let shown = try #require((document as? [String: Any])?["payload"])
        let recorded = try JSONSerialization.jsonObject(with: Data(payload.utf8), options: .fragmentsAllowed)
        #expect(try sorted(shown) == sorted(recorded))
    }

    private func sorted(_ value: Any) throws -> Data {
        try JSONSerialization.data(withJSONObject: value, options: [.sortedKeys, .fragmentsAllowed])
    }

    @Test func `a payload that is no JSON is shown as text`() throws {
        #expect(line(.exec, "{half").payload == .string("{half"))
    }
}
