// SPDX-License-Identifier: MIT

extension NoticeScenarios {
    static let grouping = [
        NoticeScenario(
            "a warning is told after group-wait",
            "",
            """
            0s + disk@web1 warning
            = 30s phone new disk@web1
            """),
        NoticeScenario(
            "a critical problem waits for company too",
            "",
            """
            0s + unit@web1 critical
            = 30s phone new unit@web1
            """),
        NoticeScenario(
            "an info is told to nobody",
            "",
            """
            0s + rebooted@web1 info
            ! rebooted@web1 route
            """),
        NoticeScenario(
            "problems of one host within group-wait are one notice",
            "",
            """
            0s + disk@web1 warning
            10s + unit@web1 critical
            = 30s phone new disk@web1 unit@web1
            """),
        NoticeScenario(
            "problems of two hosts are two notices",
            "",
            """
            0s + disk@web1 warning
            0s + disk@web2 warning
            = 30s phone new disk@web1
            = 30s phone new disk@web2
            """),
        NoticeScenario(
            "what joins a group later waits for group-interval",
            "",
            """
            0s + disk@web1 warning
            60s + unit@web1 warning
            = 30s phone new disk@web1
            = 330s phone new unit@web1
            """),
        NoticeScenario(
            "two that join within one interval are one notice",
            "",
            """
            0s + disk@web1 warning
            60s + unit@web1 warning
            120s + log@web1 warning
            = 30s phone new disk@web1
            = 330s phone new unit@web1 log@web1
            """),
        NoticeScenario(
            "what joins long after waits only group-wait",
            "",
            """
            0s + disk@web1 warning
            20m + unit@web1 warning
            = 30s phone new disk@web1
            = 20m30s phone new unit@web1
            """),
        NoticeScenario(
            "group-wait of zero tells at once",
            """
            group-wait: 0s
            """,
            """
            10s + disk@web1 warning
            = 10s phone new disk@web1
            """),
        NoticeScenario(
            "group-wait is a setting",
            """
            group-wait: 2m
            """,
            """
            0s + disk@web1 warning
            90s + unit@web1 warning
            = 2m phone new disk@web1 unit@web1
            """),
        NoticeScenario(
            "group-interval is a setting",
            """
            group-interval: 10m
            """,
            """
            0s + disk@web1 warning
            60s + unit@web1 warning
            = 30s phone new disk@web1
            = 630s phone new unit@web1
            """),
        NoticeScenario(
            "an empty group-by is one group for all",
            """
            group-by: []
            """,
            """
            0s + disk@web1 warning
            10s + disk@nas warning
            = 30s phone new disk@web1 disk@nas
            """),
        NoticeScenario(
            "grouping by kind joins hosts",
            """
            group-by: [kind]
            """,
            """
            0s + disk@web1 warning
            5s + disk@web2 warning
            5s + unit@web2 warning
            = 30s phone new disk@web1 disk@web2
            = 35s phone new unit@web2
            """),
        NoticeScenario(
            "grouping by severity parts them",
            """
            group-by: [severity]
            """,
            """
            0s + disk@web1 warning
            0s + unit@web1 critical
            = 30s phone new disk@web1
            = 30s phone new unit@web1
            """),
        NoticeScenario(
            "grouping by group joins its hosts",
            """
            group-by: [group]
            """,
            """
            0s + disk@web1 warning
            0s + disk@web2 warning
            0s + disk@nas warning
            = 30s phone new disk@web1 disk@web2
            = 30s phone new disk@nas
            """),
        NoticeScenario(
            "a problem that goes within group-wait is told to nobody",
            "",
            """
            0s + disk@web1 warning
            20s - disk@web1
            """),
    ]
}
