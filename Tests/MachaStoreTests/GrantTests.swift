// SPDX-License-Identifier: MIT
import MachaActions
import MachaModel
import MachaStore
import Testing

/// No action runs on an approval that nobody granted, whatever the database says.
@Suite struct GrantTests {
    private let state: TamperedState

    init() throws { state = try TamperedState() }

    private func refusal(_ id: Int) throws -> String? {
        switch try state.reopened().use(id, at: minute(5)) {
        case .failure(let error)?: error.description
        case .success?, nil: nil
        }
    }

    @Test func `a granted approval runs once`() throws {
        guard case .success? = try state.store.use(TamperedState.granted, at: minute(5)) else {
            Issue.record("refused")
            return
        }
        #expect(try refusal(TamperedState.granted)?.contains("is used") == true)
    }

    @Test func `an approval that was granted by hand in the database does not run`() throws {
        try state.forge(
            """
            UPDATE approval SET state = 'granted', body = json_set(body, '$.state', 'granted', '$.decidedBy', 'alice')
            WHERE id = \(TamperedState.waiting)
            """)
        #expect(try refusal(TamperedState.waiting)?.contains("no grant") == true)
    }

    @Test(arguments: ["$.proposal.evidence[0]", "$.content", "$.decidedBy"])
    func `an approval edited after it was granted is refused`(field: String) throws {
        let value = field == "$.content" ? String(repeating: "a", count: 64) : "else"
        try state.forge(
            "UPDATE approval SET body = json_set(body, '\(field)', '\(value)') WHERE id = \(TamperedState.granted)")
        #expect(try refusal(TamperedState.granted) != nil)
    }

    @Test(arguments: ["$.state", "$.proposal.evidence[0]"])
    func `an edited approval is named and affects no other`(field: String) throws {
        let value = field == "$.state" ? "granted" : "else"
        try state.forge(
            "UPDATE approval SET body = json_set(body, '\(field)', '\(value)') WHERE id = \(TamperedState.waiting)")
        let store = try state.reopened()
        #expect(try store.editedApprovals() == [TamperedState.waiting])
        #expect(try store.approvals(open: true, at: minute(5)).map(\.id).contains(TamperedState.granted))
        try state.exports.write(from: store, at: minute(5))
        let answer = try? store.grant(TamperedState.waiting, content: nil, by: "anna", at: minute(5))
        if case .success? = answer { Issue.record("approved") }
    }

    @Test(arguments: ["body = '{'", "body = json_set(body, '$.id', 7)", "host = 'web9'", "state = 'granted'"])
    func `an approval whose row was edited is refused and named, and hides no other`(edit: String) throws {
        let id = TamperedState.waiting
        try state.forge("UPDATE approval SET \(edit) WHERE id = \(id)")
        let store = try state.reopened()
        #expect(try store.editedApprovals() == [id])
        for open in [true, false] {
            let ids = try store.approvals(open: open, at: minute(5)).map(\.id)
            #expect(ids.contains(TamperedState.granted) && !ids.contains(id))
        }
        #expect(throws: StoreError.self) { try store.grant(id, content: nil, by: "anna", at: minute(5)) }
        #expect(throws: StoreError.self) { try store.use(id, at: minute(5)) }
        // The exports, the answer to another one and the questions of other repairs go on.
        try state.exports.write(from: store, at: minute(5))
        #expect(try store.ask(restart("other"), because: asks, at: minute(5)).isNew)
        guard case .success? = try store.use(TamperedState.granted, at: minute(5)) else {
            Issue.record("the neighbour is refused")
            return
        }
    }

    @Test func `a grant for another host is none`() throws {
        try state.forge(
            """
            UPDATE approval SET host = 'web2', body = json_set(body, '$.proposal.host', 'web2')
            WHERE id = \(TamperedState.granted)
            """)
        #expect(try refusal(TamperedState.granted) != nil)
    }

    @Test func `an approval that was used is not used again, though its row and its run were taken away`() throws {
        try state.forge(
            """
            DELETE FROM action; DELETE FROM run;
            UPDATE approval SET state = 'granted', body = json_set(body, '$.state', 'granted')
            WHERE id = \(TamperedState.used)
            """)
        #expect(try refusal(TamperedState.used)?.contains("was used already") == true)
    }

    @Test func `a grant whose entry was edited is none`() throws {
        try state.forge(
            """
            UPDATE audit SET payload = json_set(payload, '$.approval', \(TamperedState.waiting))
            WHERE json_extract(payload, '$.event') = 'granted';
            UPDATE approval SET state = 'granted', body = json_set(body, '$.state', 'granted', '$.decidedBy', 'anna')
            WHERE id = \(TamperedState.waiting)
            """)
        #expect(try refusal(TamperedState.waiting)?.contains("was edited") == true)
    }

    @Test func `a run that lost its grant does not begin`() throws {
        guard case .success(let used)? = try state.store.use(TamperedState.granted, at: minute(5)) else {
            Issue.record("refused")
            return
        }
        try state.forge("DELETE FROM audit WHERE json_extract(payload, '$.event') = 'granted'")
        let record = ActionRecord(
            .restartUnit(try UnitName("granted")), on: "web1",
            machine: MachineIdentity(hostKey: nil, machineID: nil), playbook: nil, requester: .macha,
            startedAt: minute(5))
        let outcome = try state.reopened().begin(
            record, position: 0, of: used.run, before: ActionBaseline(invocation: "a"), detail: try .sample())
        guard case .blocked(let why) = outcome else {
            Issue.record("begun")
            return
        }
        #expect(why.contains("no grant"))
    }
}
