// SPDX-License-Identifier: MIT

extension NoticeScenarios {
    static let muting = [
        NoticeScenario(
            "what is acknowledged is not told",
            "",
            """
            0s + disk@web1 warning
            5s mute disk@web1 acknowledged
            ! disk@web1 muted
            """),
        NoticeScenario(
            "what is silenced from the first is not told",
            "",
            """
            0s + disk@web1 warning
            0s mute disk@web1 silenced
            ! disk@web1 muted
            """),
        NoticeScenario(
            "a host under maintenance is not told",
            "",
            """
            0s + down@web1 critical
            0s mute down@web1 maintenance
            ! down@web1 muted
            """),
        NoticeScenario(
            "the end of what was muted is told to nobody",
            "",
            """
            0s + disk@web1 warning
            10m mute disk@web1 acknowledged
            20m - disk@web1
            = 30s phone new disk@web1
            ! disk@web1 ended
            """),
        NoticeScenario(
            "what was acknowledged comes back when the time is over",
            "",
            """
            0s + disk@web1 warning
            10m mute disk@web1 acknowledged
            40m unmute disk@web1
            = 30s phone new disk@web1
            = 40m phone new disk@web1
            """),
        NoticeScenario(
            "what was silenced from the first is told when the silence ends",
            "",
            """
            0s + disk@web1 warning
            0s mute disk@web1 silenced
            30m unmute disk@web1
            = 30m phone new disk@web1
            """),
        NoticeScenario(
            "maintenance ends silently if nothing changed",
            "",
            """
            0s + disk@web1 warning
            10m mute disk@web1 maintenance
            40m unmute disk@web1
            = 30s phone new disk@web1
            """),
        NoticeScenario(
            "what began during maintenance is told at its end",
            "",
            """
            0s + disk@web1 warning
            0s mute disk@web1 maintenance
            40m unmute disk@web1
            = 40m phone new disk@web1
            """),
        NoticeScenario(
            "a silence of one leaves the other alone",
            "",
            """
            0s + disk@web1 warning
            0s mute disk@web1 silenced
            0s + unit@web1 warning
            = 30s phone new unit@web1
            ! disk@web1 muted
            """),
        NoticeScenario(
            "a silence stops the repetition",
            """
            repeat-interval: 1h
            """,
            """
            0s + disk@web1 warning
            30m mute disk@web1 silenced
            every 30s
            end 3h
            = 30s phone new disk@web1
            """),
        NoticeScenario(
            "a fault of Macha is never muted",
            "",
            """
            0s + macha-store@ctl critical
            0s mute macha-store@ctl silenced
            = 30s phone new macha-store@ctl
            """),
        NoticeScenario(
            "what comes and goes is held back",
            "",
            """
            0s + unit@web1 warning
            0s settle unit@web1
            ! unit@web1 flapping
            """),
        NoticeScenario(
            "what comes and goes and then stays is told",
            "",
            """
            0s + unit@web1 warning
            0s settle unit@web1
            10m unsettle unit@web1
            = 10m phone new unit@web1
            ! unit@web1 flapping
            """),
        NoticeScenario(
            "what was told and flaps still ends",
            "",
            """
            0s + unit@web1 warning
            10m settle unit@web1
            20m - unit@web1
            = 30s phone new unit@web1
            = 20m phone resolved unit@web1
            """),
    ]
}
