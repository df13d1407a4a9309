// SPDX-License-Identifier: MIT

extension NoticeScenarios {
    static let memory = [
        NoticeScenario(
            "what is told and stays is not told again",
            "",
            """
            0s + disk@web1 warning
            every 30s
            end 11h
            = 30s phone new disk@web1
            """),
        NoticeScenario(
            "what stays is told again after repeat-interval",
            "",
            """
            0s + disk@web1 warning
            every 30s
            end 13h
            = 30s phone new disk@web1
            = 12h30s phone repeat
            """),
        NoticeScenario(
            "repeat-interval is a setting",
            """
            repeat-interval: 1h
            """,
            """
            0s + disk@web1 warning
            every 30s
            end 2h30m
            = 30s phone new disk@web1
            = 1h30s phone repeat
            = 2h30s phone repeat
            """),
        NoticeScenario(
            "a change in the group starts its repeat-interval again",
            """
            repeat-interval: 1h
            """,
            """
            0s + disk@web1 warning
            30m + unit@web1 warning
            every 30s
            end 80m
            = 30s phone new disk@web1
            = 30m30s phone new unit@web1
            """),
        NoticeScenario(
            "the end of a problem is told after group-interval",
            "",
            """
            0s + disk@web1 warning
            60s - disk@web1
            = 30s phone new disk@web1
            = 330s phone resolved disk@web1
            """),
        NoticeScenario(
            "the end long after is told at once",
            "",
            """
            0s + disk@web1 warning
            30m - disk@web1
            = 30s phone new disk@web1
            = 30m phone resolved disk@web1
            """),
        NoticeScenario(
            "with resolved off no end is told",
            """
            resolved: false
            """,
            """
            0s + disk@web1 warning
            30m - disk@web1
            = 30s phone new disk@web1
            ! disk@web1 ended
            """),
        NoticeScenario(
            "one of two ends, the other is not told again",
            "",
            """
            0s + disk@web1 warning
            0s + unit@web1 warning
            20m - disk@web1
            = 30s phone new disk@web1 unit@web1
            = 20m phone resolved disk@web1
            """),
        NoticeScenario(
            "ends within one interval are one notice",
            "",
            """
            0s + disk@web1 warning
            0s + unit@web1 warning
            60s - disk@web1
            120s - unit@web1
            = 30s phone new disk@web1 unit@web1
            = 330s phone resolved disk@web1 unit@web1
            """),
        NoticeScenario(
            "a problem that returns after its end is told again",
            "",
            """
            0s + disk@web1 warning
            10m - disk@web1
            30m + disk@web1 warning
            = 30s phone new disk@web1
            = 10m phone resolved disk@web1
            = 30m30s phone new disk@web1
            """),
        NoticeScenario(
            "a problem that is away for less than an interval is no news",
            "",
            """
            0s + disk@web1 warning
            60s - disk@web1
            90s + disk@web1 warning
            = 30s phone new disk@web1
            """),
        NoticeScenario(
            "a problem that gets worse is told again",
            "",
            """
            0s + disk@web1 warning
            20m + disk@web1 critical
            = 30s phone new disk@web1
            = 20m~30s phone worse disk@web1
            """),
        NoticeScenario(
            "a problem that gets better is no news",
            "",
            """
            0s + disk@web1 critical
            20m + disk@web1 warning
            = 30s phone new disk@web1
            """),
        NoticeScenario(
            "worse within the interval waits for it",
            "",
            """
            0s + disk@web1 warning
            60s + disk@web1 critical
            = 30s phone new disk@web1
            = 330s phone worse disk@web1
            """),
    ]
}
