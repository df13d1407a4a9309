// SPDX-License-Identifier: MIT
import MachaFindings
import Testing

struct IssueStateTests {
    /// Every state and every event: `-` where the event does not apply.
    private static let table = """
                      open          acknowledged  investigating fixing        resolved      closed
        opened        -             -             -             -             -             -
        worsened      open          open          investigating fixing        -             -
        analysed      investigating acknowledged  investigating fixing        resolved      closed
        action-began  fixing        acknowledged  fixing        fixing        resolved      closed
        action-ended  open          acknowledged  investigating open          resolved      closed
        commented     open          acknowledged  investigating fixing        resolved      closed
        acknowledged  acknowledged  acknowledged  acknowledged  acknowledged  -             -
        lapsed        -             open          -             -             -             -
        resolved      resolved      resolved      resolved      resolved      -             -
        reopened      -             -             -             -             open          open
        closed        closed        closed        closed        closed        closed        -
        """.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }

    @Test func `the table of transitions names every state and every event`() {
        #expect(Self.table[0] == IssueState.allCases.map(\.rawValue))
        #expect(Self.table.dropFirst().map { $0[0] } == IssueEvent.Kind.allCases.map(\.rawValue))
    }

    @Test(arguments: IssueEvent.Kind.allCases)
    func `an event leads from each state where the table says`(event: IssueEvent.Kind) throws {
        let row = try #require(Self.table.first { $0[0] == event.rawValue && $0.count == 7 })
        for (state, expected) in zip(IssueState.allCases, row.dropFirst()) {
            #expect(state.after(event)?.rawValue ?? "-" == expected, "\(state.rawValue)")
        }
    }

    @Test func `only what is over can be reopened, and nothing else follows an end but its closing`() {
        for state in IssueState.allCases where !state.isActive {
            let next = IssueEvent.Kind.allCases.compactMap { state.after($0) }.filter { $0 != state }
            #expect(Set(next).isSubset(of: [.open, .closed]))
        }
    }
}
