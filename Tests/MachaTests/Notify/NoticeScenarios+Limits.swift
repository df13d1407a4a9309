// SPDX-License-Identifier: MIT

extension NoticeScenarios {
    static let limits = [
        NoticeScenario(
            "more notices than the rate limit are held back",
            """
            rate-limit: 2
            group-wait: 0s
            """,
            """
            0s + a@web1 warning
            5s + a@web2 warning
            10s + a@nas warning
            end 50m
            = 0s phone new a@web1
            = 5s phone new a@web2
            ! a@nas rate-limit
            """),
        NoticeScenario(
            "what was held back is told when there is room",
            """
            rate-limit: 2
            group-wait: 0s
            """,
            """
            0s + a@web1 warning
            5s + a@web2 warning
            10s + a@nas warning
            end 70m
            = 0s phone new a@web1
            = 5s phone new a@web2
            = 1h phone new a@nas
            """),
        NoticeScenario(
            "critical problems may be twice as many",
            """
            rate-limit: 1
            group-wait: 0s
            """,
            """
            0s + a@web1 warning
            5s + a@web2 critical
            10s + a@nas critical
            end 50m
            = 0s phone new a@web1
            = 5s phone new a@web2
            ! a@nas rate-limit
            """),
        NoticeScenario(
            "the most severe goes first",
            """
            rate-limit: 1
            group-wait: 0s
            """,
            """
            0s + a@nas warning
            0s + a@web1 warning
            0s + b@web2 critical
            end 50m
            = 0s phone new b@web2
            ! a@nas rate-limit
            ! a@web1 rate-limit
            """),
        NoticeScenario(
            "an approval is told, reminded of once and warned of once",
            "",
            """
            0s + approval@nas warning
            4h revise approval@nas 1
            19h12m revise approval@nas 2
            every 60s
            end 23h
            = 60s phone new approval@nas
            = 4h phone reminder approval@nas
            = 19h12m phone reminder approval@nas
            """),
        NoticeScenario(
            "an approval that was decided is told to nobody",
            "",
            """
            0s + approval@nas warning
            10m - approval@nas
            = 30s phone new approval@nas
            ! approval@nas ended
            """),
        NoticeScenario(
            "an approval is not repeated",
            """
            repeat-interval: 1h
            """,
            """
            0s + approval@nas warning
            every 60s
            end 5h
            = 60s phone new approval@nas
            """),
    ]
}
