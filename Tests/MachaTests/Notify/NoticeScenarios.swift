// SPDX-License-Identifier: MIT

/// What people are told, story by story. Noon is 12:00, and nothing has been told before.
enum NoticeScenarios {
    static let all: [NoticeScenario] = grouping + memory + muting + inhibition + routes + quiet + limits + restarts
}
