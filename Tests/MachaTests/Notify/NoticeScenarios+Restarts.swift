// SPDX-License-Identifier: MIT

extension NoticeScenarios {
    static let restarts = [
        NoticeScenario(
            "after a restart nothing is told twice",
            "",
            """
            0s + disk@web1 warning
            2m off
            5m on
            = 30s phone new disk@web1
            """),
        NoticeScenario(
            "what began while the controller was down is told",
            "",
            """
            0s off
            10s + disk@web1 warning
            10m on
            = 10m phone new disk@web1
            """),
        NoticeScenario(
            "what ended while the controller was down is told",
            "",
            """
            0s + disk@web1 warning
            2m off
            5m - disk@web1
            20m on
            = 30s phone new disk@web1
            = 20m phone resolved disk@web1
            """),
        NoticeScenario(
            "a restart within group-wait loses nothing",
            "",
            """
            0s + disk@web1 warning
            10s off
            20s on
            = 30s phone new disk@web1
            """),
        NoticeScenario(
            "a restart keeps the group's interval",
            "",
            """
            0s + disk@web1 warning
            60s + unit@web1 warning
            70s off
            100s on
            = 30s phone new disk@web1
            = 330s phone new unit@web1
            """),
        NoticeScenario(
            "a clock that is set back an hour delays nothing for an hour",
            "",
            """
            0s + disk@web1 warning
            10m clock -1h
            15m + unit@web1 warning
            = 30s phone new disk@web1
            = 15m30s phone new unit@web1
            """),
        NoticeScenario(
            "a clock that is set forward is no storm",
            "",
            """
            0s + disk@web1 warning
            10m clock 1h
            20m + unit@web1 warning
            = 30s phone new disk@web1
            = 20m30s phone new unit@web1
            """),
        NoticeScenario(
            "a suspend of eight hours repeats nothing early",
            "",
            """
            0s + disk@web1 warning
            10m off
            10m clock 8h
            11m on
            = 30s phone new disk@web1
            """),
        NoticeScenario(
            "a process that ends waits for nothing",
            "",
            """
            once
            0s + disk@web1 warning
            5s + unit@web1 warning
            = 0s phone new disk@web1
            = 5s phone new unit@web1
            """),
        NoticeScenario(
            "once more from cron tells nothing twice",
            "",
            """
            once
            every 300s
            0s + disk@web1 warning
            30m - disk@web1
            = 0s phone new disk@web1
            = 30m phone resolved disk@web1
            """),
    ]
}
