// SPDX-License-Identifier: MIT

extension NoticeScenarios {
    static let routes = [
        NoticeScenario(
            "a route by group takes its hosts",
            """
            routes:
              - { receivers: [mail], hosts: "@web" }
            """,
            """
            0s + disk@web1 warning
            0s + disk@nas warning
            = 30s mail new disk@web1
            = 30s phone new disk@nas
            """),
        NoticeScenario(
            "a route by severity takes what is severe enough",
            """
            routes:
              - { receivers: [mail], severity: critical }
            """,
            """
            0s + disk@web1 warning
            0s + unit@web1 critical
            = 30s phone new disk@web1
            = 30s mail new unit@web1
            """),
        NoticeScenario(
            "a route may ask for info",
            """
            routes:
              - { receivers: [mail], severity: info }
            """,
            """
            0s + rebooted@web1 info
            = 30s mail new rebooted@web1
            """),
        NoticeScenario(
            "a route by kind takes patterns",
            """
            routes:
              - { receivers: [mail], kinds: [disk*] }
            """,
            """
            0s + disk-space@web1 warning
            0s + unit@web1 warning
            = 30s mail new disk-space@web1
            = 30s phone new unit@web1
            """),
        NoticeScenario(
            "the first route that fits counts",
            """
            routes:
              - { receivers: [mail], kinds: [disk*] }
              - { receivers: [phone] }
            """,
            """
            0s + disk@web1 warning
            = 30s mail new disk@web1
            """),
        NoticeScenario(
            "a route that continues tries the next as well",
            """
            routes:
              - { receivers: [mail], kinds: [disk*], continue: true }
              - { receivers: [phone] }
            """,
            """
            0s + disk@web1 warning
            = 30s mail new disk@web1
            = 30s phone new disk@web1
            """),
        NoticeScenario(
            "a route to nobody tells nobody",
            """
            routes:
              - { receivers: [], kinds: [disk*] }
            """,
            """
            0s + disk@web1 warning
            ! disk@web1 route
            """),
        NoticeScenario(
            "a route counts at its hours only",
            """
            routes:
              - { receivers: [mail], hours: "12:30-13:00" }
            """,
            """
            0s + disk@web1 warning
            40m + unit@web2 warning
            end 59m
            = 30s phone new disk@web1
            = 30m mail new disk@web1
            = 40m30s mail new unit@web2
            """),
        NoticeScenario(
            "a route has timing of its own",
            """
            routes:
              - { receivers: [mail], hosts: web1, group-wait: 5m }
            """,
            """
            0s + disk@web1 warning
            0s + disk@web2 warning
            = 5m mail new disk@web1
            = 30s phone new disk@web2
            """),
        NoticeScenario(
            "a selector that fits no host falls through to the fallback",
            """
            routes:
              - { receivers: [mail], hosts: nobody-of-this-name }
            """,
            """
            0s + disk@web1 warning
            = 30s phone new disk@web1
            """),
        NoticeScenario(
            "a receiver named by two routes is told once",
            """
            routes:
              - { receivers: [phone], kinds: [disk*], continue: true }
              - { receivers: [phone, mail] }
            """,
            """
            0s + disk@web1 warning
            = 30s phone new disk@web1
            = 30s mail new disk@web1
            """),
    ]
}
