// SPDX-License-Identifier: MIT
import Testing

@testable import MachaAnalyst

@Suite struct PromptTests {
    private func lines(_ letter: String, _ count: Int) -> [EvidenceLine] {
        (1...max(1, count)).prefix(count).map { EvidenceLine("\(letter)\($0)", String(repeating: "word ", count: 20)) }
    }

    @Test(arguments: [600, 900, 1_500, 3_000, 20_000], [0, 5, 60, 900])
    func `a prompt never has more tokens than it may, whatever there is to say`(budget: Int, count: Int) {
        let prompt = Prompt(
            system: "You read logs.",
            sections: [
                PromptSection("findings", lines("F", count), .essential),
                PromptSection("facts", lines("S", count), .supporting),
                PromptSection("knowledge", lines("K", count), .background),
            ], closing: "Answer.\n", budget: budget, fence: PromptFence())
        #expect(prompt.tokens <= budget)
        for section in prompt.sections { #expect(section.lines + section.leftOut == count) }
        #expect(prompt.evidence.count == prompt.sections.reduce(0) { $0 + $1.lines })
    }

    @Test func `the least important lines are cut first, and the prompt counts them`() throws {
        let prompt = Prompt(
            system: "s",
            sections: [
                PromptSection("findings", lines("F", 10), .essential),
                PromptSection("facts", lines("S", 10), .supporting),
                PromptSection("knowledge", lines("K", 10), .background),
            ], closing: "", budget: 700, fence: PromptFence())
        #expect(prompt.sections.map(\.leftOut)[0] == 0)
        #expect(prompt.sections[2].lines == 0)
        #expect(prompt.sections[1].leftOut > 0)
        #expect(prompt.user.contains("(\(prompt.sections[1].leftOut) more lines found no room)"))
        #expect(prompt.user.contains("(10 more lines found no room)"))
    }

    @Test func `the same content has the same hash, though its marks are new each time`() {
        let sections = [PromptSection("facts", lines("S", 3), .primary)]
        let first = Prompt(system: "s", sections: sections, closing: "", budget: 2_000, fence: PromptFence())
        let second = Prompt(system: "s", sections: sections, closing: "", budget: 2_000, fence: PromptFence())
        let other = Prompt(
            system: "s", sections: [PromptSection("facts", lines("S", 2), .primary)], closing: "", budget: 2_000,
            fence: PromptFence())
        #expect(first.user != second.user)
        #expect(first.content == second.content)
        #expect(first.content != other.content)
    }

    @Test func `our own lists are outside of the marks and no evidence`() {
        let prompt = Prompt(
            system: "s",
            sections: [
                PromptSection(
                    "playbooks", [EvidenceLine("restart-unit", "(unit)")], .supporting, isUntrusted: false,
                    isEvidence: false)
            ], closing: "", budget: 2_000, fence: PromptFence())
        #expect(prompt.evidence.isEmpty)
        #expect(prompt.user.hasPrefix("# playbooks\nrestart-unit (unit)\n"))
    }
}
