// SPDX-License-Identifier: MIT

extension NoticeScenarios {
    static let inhibition = [
        NoticeScenario(
            "a host that is down silences its services",
            "",
            """
            0s + unreachable@web1 critical
            0s + unit@web1 critical
            = 30s phone new unreachable@web1
            ! unit@web1 inhibited
            """),
        NoticeScenario(
            "a router that is down silences the hosts behind it",
            "",
            """
            0s + unreachable@router critical
            0s + unreachable@cam critical
            0s + unreachable@bulb critical
            = 30s phone new unreachable@router
            ! unreachable@cam inhibited
            ! unreachable@bulb inhibited
            """),
        NoticeScenario(
            "a machine that is down silences its guests",
            "",
            """
            0s + unreachable@nas critical
            0s + unit@guest warning
            = 30s phone new unreachable@nas
            ! unit@guest inhibited
            """),
        NoticeScenario(
            "another host is not silenced",
            "",
            """
            0s + unreachable@web1 critical
            0s + unit@web2 warning
            = 30s phone new unreachable@web1
            = 30s phone new unit@web2
            """),
        NoticeScenario(
            "a host down that is silenced silences its services all the same",
            "",
            """
            0s + unreachable@web1 critical
            0s mute unreachable@web1 maintenance
            0s + unit@web1 critical
            ! unit@web1 inhibited
            ! unreachable@web1 muted
            """),
        NoticeScenario(
            "a changed host key is never inhibited",
            "",
            """
            0s + unreachable@router critical
            0s + untrusted-host-key@cam critical
            = 30s phone new unreachable@router
            = 30s phone new untrusted-host-key@cam
            """),
        NoticeScenario(
            "a controller without network silences the hosts it cannot reach",
            "",
            """
            0s + no-default-route@ctl critical
            0s + unreachable@web1 critical
            0s + unreachable@nas critical
            = 30s phone new no-default-route@ctl
            ! unreachable@web1 inhibited
            ! unreachable@nas inhibited
            """),
        NoticeScenario(
            "a web server without route silences nobody else",
            "",
            """
            0s + no-default-route@web1 critical
            0s + unreachable@nas critical
            = 30s phone new no-default-route@web1
            = 30s phone new unreachable@nas
            """),
        NoticeScenario(
            "one notice stands for many hosts",
            "",
            """
            0s + unreachable@* critical web1,web2,nas
            0s + unreachable@web1 critical
            0s + unreachable@web2 critical
            0s + unreachable@nas critical
            = 30s phone new unreachable@*
            ! unreachable@web1 inhibited
            """),
        NoticeScenario(
            "what the cause leaves behind is told one interval later",
            "",
            """
            0s + unreachable@router critical
            0s + unreachable@cam critical
            10m - unreachable@router
            = 30s phone new unreachable@router
            = 10m phone resolved unreachable@router
            = 15m~65s phone new unreachable@cam
            """),
        NoticeScenario(
            "what ends with its cause is told to nobody",
            "",
            """
            0s + unreachable@router critical
            0s + unreachable@cam critical
            10m - unreachable@router
            12m - unreachable@cam
            = 30s phone new unreachable@router
            = 10m phone resolved unreachable@router
            """),
        NoticeScenario(
            "what was told before its host went down is not told twice",
            "",
            """
            0s + unit@web1 warning
            10m + unreachable@web1 critical
            20m - unreachable@web1
            end 40m
            = 30s phone new unit@web1
            = 10m30s phone new unreachable@web1
            = 20m phone resolved unreachable@web1
            """),
    ]
}
