// SPDX-License-Identifier: MIT

extension NoticeScenarios {
    static let quiet = [
        NoticeScenario(
            "in quiet hours a warning waits for their end",
            """
            quiet-hours: "12:10-12:40"
            """,
            """
            15m + disk@web1 warning
            = 40m phone morning disk@web1
            ! disk@web1 quiet-hours
            """),
        NoticeScenario(
            "in quiet hours a critical problem is told",
            """
            quiet-hours: "12:10-12:40"
            """,
            """
            15m + unit@web1 critical
            = 15m30s phone new unit@web1
            """),
        NoticeScenario(
            "what came and went in quiet hours is told at their end",
            """
            quiet-hours: "12:10-12:40"
            """,
            """
            15m + disk@web1 warning
            20m - disk@web1
            = 40m phone morning disk@web1
            ! disk@web1 quiet-hours
            """),
        NoticeScenario(
            "the morning's notice is one for all groups",
            """
            quiet-hours: "12:10-12:40"
            """,
            """
            15m + disk@web1 warning
            20m + unit@web2 warning
            = 40m phone morning disk@web1 unit@web2
            """),
        NoticeScenario(
            "a warning's end in quiet hours waits for their end",
            """
            quiet-hours: "12:10-12:40"
            """,
            """
            0s + disk@web1 warning
            15m - disk@web1
            = 30s phone new disk@web1
            = 40m phone resolved disk@web1
            """),
        NoticeScenario(
            "a critical problem's end in quiet hours is told",
            """
            quiet-hours: "12:10-12:40"
            """,
            """
            12m + unit@web1 critical
            20m - unit@web1
            = 12m30s phone new unit@web1
            = 20m phone resolved unit@web1
            """),
        NoticeScenario(
            "quiet-except decides what is told in quiet hours",
            """
            quiet-hours: "12:10-12:40"
            quiet-except: none
            """,
            """
            15m + unit@web1 critical
            = 40m phone morning unit@web1
            """),
        NoticeScenario(
            "a warning that gets critical in quiet hours is told",
            """
            quiet-hours: "12:10-12:40"
            """,
            """
            15m + disk@web1 warning
            20m + disk@web1 critical
            = 20m~30s phone new disk@web1
            """),
    ]
}
