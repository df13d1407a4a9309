// SPDX-License-Identifier: MIT
import MachaJournal
import Testing

/// One line of a form and what it says.
struct Form: Sendable, CustomTestStringConvertible {
    var name: String
    var text: String
    var message: String
    var source = ""
    var priority: UInt8?
    var time: String?

    var testDescription: String { name }
}

private let ten = "2026-03-01 10:00:00"

private let forms: [Form] = [
    Form(name: "object of a logger", text: #"{"level":"error","msg":"disk full"}"#, message: "disk full", priority: 3),
    Form(name: "object with MESSAGE alone", text: #"{"MESSAGE":"disk full"}"#, message: "disk full"),
    Form(
        name: "pino",
        text: #"{"level":50,"time":1772359200000,"pid":1,"msg":"lost","err":{"message":"boom","stack":"a\n b"}}"#,
        message: "lost err.message=boom\nerr.stack=a\n b", priority: 3, time: ten),
    Form(
        name: "bunyan",
        text:
            #"{"name":"shop","hostname":"box","pid":1,"level":60,"msg":"lost","time":"2026-03-01T10:00:00.000Z","v":0}"#,
        message: "lost", source: "shop", priority: 2, time: ten),
    Form(
        name: "ECS",
        text:
            #"{"@timestamp":"2026-03-01T10:00:00Z","log.level":"warn","message":"slow","ecs.version":"1.2.0","service.name":"shop"}"#,
        message: "slow", source: "shop", priority: 4, time: ten),
    Form(
        name: "ECS, nested", text: #"{"@timestamp":"2026-03-01T10:00:00Z","log":{"level":"error"},"message":"slow"}"#,
        message: "slow", priority: 3, time: ten),
    Form(
        name: "tracing of Rust",
        text:
            #"{"timestamp":"2026-03-01T10:00:00Z","level":"ERROR","fields":{"message":"refused","port":5},"target":"net"}"#,
        message: "refused fields.port=5", source: "net", priority: 3, time: ten),
    Form(
        name: "OpenTelemetry",
        text: #"{"timeUnixNano":"1772359200000000000","severityNumber":17,"body":{"stringValue":"export failed"}}"#,
        message: "export failed", priority: 3, time: ten),
    Form(
        name: "Python", text: #"{"asctime":"2026-03-01 10:00:00,000","levelno":40,"name":"jobs","message":"died"}"#,
        message: "died", source: "jobs", priority: 3, time: ten),
    Form(
        name: "zap", text: #"{"level":"fatal","ts":1772359200.5,"msg":"no leader","error":"timeout"}"#,
        message: "no leader error=timeout", priority: 2, time: ten),
    Form(
        name: "hclog", text: #"{"@level":"warn","@message":"sealed","@timestamp":"2026-03-01T10:00:00.0Z"}"#,
        message: "sealed", priority: 4, time: ten),
    Form(
        name: "Serilog", text: #"{"@t":"2026-03-01T10:00:00Z","@mt":"disk {Disk} full","@l":"Error","Disk":"sda"}"#,
        message: "disk {Disk} full Disk=sda", priority: 3, time: ten),
    Form(
        name: "nextcloud",
        text: #"{"reqId":"X","level":3,"time":"2026-03-01T10:00:00+00:00","app":"index","message":"no file"}"#,
        message: "no file reqId=X", source: "index", priority: 3, time: ten),
    Form(
        name: "caddy",
        text:
            #"{"level":"error","ts":1772359200,"msg":"handled request","request":{"method":"GET","uri":"/x"},"status":502}"#,
        message: #"handled request "GET /x" status=502"#, priority: 3, time: ten),
    Form(
        name: "traefik",
        text:
            #"{"DownstreamStatus":502,"RequestMethod":"GET","RequestPath":"/api","level":"info","msg":"","time":"2026-03-01T10:00:00Z"}"#,
        message: #""GET /api" status=502"#, priority: 6, time: ten),
    Form(
        name: "object without a message", text: #"{"id":"24896","type":"Create"}"#,
        message: #"{"id":"24896","type":"Create"}"#),
    Form(
        name: "docker json-file", text: #"{"log":"GET / 200\n","stream":"stdout","time":"2026-03-01T10:00:00.1Z"}"#,
        message: "GET / 200", time: ten),
    Form(
        name: "an object in docker json-file",
        text: #"{"log":"{\"level\":\"error\",\"msg\":\"inner\"}\n","stream":"stderr","time":"2026-03-01T10:00:00.1Z"}"#,
        message: "inner", priority: 3, time: ten),
    Form(name: "CRI", text: "2026-03-01T10:00:00.123456789Z stderr F panic: boom", message: "panic: boom", time: ten),
    Form(
        name: "an object in CRI", text: #"2026-03-01T10:00:00.1Z stdout F {"level":"warn","msg":"inner"}"#,
        message: "inner",
        priority: 4, time: ten),
    Form(
        name: "klog", text: "E0301 10:00:00.123456   12345 reflector.go:9] watch failed",
        message: "reflector.go:9] watch failed",
        priority: 3, time: "2025-03-01 10:00:00"),
    Form(
        name: "logfmt", text: #"ts=2026-03-01T10:00:00.123Z caller=main.go:1 level=error msg="no space left""#,
        message: #"caller=main.go:1 level=error msg="no space left""#, priority: 3, time: ten),
    Form(
        name: "logfmt with the time last", text: "level=warning msg=slow time=2026-03-01T10:00:00Z",
        message: "level=warning msg=slow time=2026-03-01T10:00:00Z", priority: 4, time: ten),
    Form(
        name: "RFC 5424", text: #"<11>1 2026-03-01T10:00:00.003Z box app 123 ID47 [ex@1 iut="3" q="a]b"] cannot write"#,
        message: "cannot write", source: "app", priority: 3, time: ten),
    Form(
        name: "RFC 5424 in a file", text: "1 2026-03-01T11:00:00.003+01:00 box app - - - started", message: "started",
        source: "app",
        time: ten),
    Form(
        name: "access log", text: #"1.2.3.4 - joe [01/Mar/2026:11:00:00 +0100] "GET / HTTP/1.1" 502 12 "-" "curl""#,
        message: #"1.2.3.4 - joe [01/Mar/2026:11:00:00 +0100] "GET / HTTP/1.1" 502 12 "-" "curl""#, time: ten),
    Form(
        name: "short-full", text: "Sun 2026-03-01 10:00:00 UTC box svc[12]: full", message: "full", source: "svc",
        time: ten),
    Form(name: "short-unix", text: "1772359200.123456 box svc[12]: full", message: "full", source: "svc", time: ten),
    Form(name: "short-monotonic", text: "[   12.345678] box svc[12]: full", message: "full", source: "svc"),
    Form(
        name: "short-iso", text: "2026-03-01T10:00:00+0000 box svc[12]: full", message: "full", source: "svc", time: ten
    ),
    Form(
        name: "short-precise", text: "Mar 01 10:00:00.123456 box svc[12]: full", message: "full", source: "svc",
        time: "2025-03-01 10:00:00"),
    Form(
        name: "a level behind the time", text: "2026-03-01 10:00:00,123 ERROR main: broke",
        message: "ERROR main: broke", priority: 3, time: ten),
    Form(
        name: "a zone behind the time", text: "2026-03-01 10:00:00.1 UTC [12] LOG: ready", message: "[12] LOG: ready",
        time: ten),
    Form(
        name: "a comma behind the time", text: "2026-03-01 10:00:00, Error CBS broke", message: "Error CBS broke",
        priority: 3, time: ten),
    Form(
        name: "day first", text: "01-Mar-2026 10:00:00.123 SEVERE [main] broke", message: "SEVERE [main] broke",
        priority: 3, time: ten),
    Form(
        name: "docker compose", text: #"web-1  | {"level":"error","msg":"x"}"#, message: "x", source: "web-1",
        priority: 3),
    Form(
        name: "a container without a number",
        text: #"caddy  | {"level":"warn","ts":1772359200.5,"msg":"skipped"}"#, message: "skipped", source: "caddy",
        priority: 4, time: ten),
    Form(
        name: "MongoDB", text: #"{"t":{"$date":"2026-03-01T10:00:00.4+00:00"},"s":"W","c":"STORAGE","msg":"unclean"}"#,
        message: "unclean c=STORAGE", priority: 4, time: ten),
    Form(
        name: "cloudflare",
        text:
            #"{"ClientRequestMethod":"HEAD","ClientRequestURI":"/","EdgeResponseStatus":502,"EdgeStartTimestamp":"2026-03-01T10:00:00Z"}"#,
        message: #""HEAD /" status=502"#, time: ten),
    Form(
        name: "json-seq",
        text: "\u{1e}{\"MESSAGE\":\"full\",\"PRIORITY\":\"3\",\"__REALTIME_TIMESTAMP\":\"1772359200000000\"}",
        message: "full", priority: 3, time: ten),
    Form(
        name: "json-sse",
        text: "data: {\"MESSAGE\":\"full\",\"PRIORITY\":\"3\",\"__REALTIME_TIMESTAMP\":\"1772359200000000\"}",
        message: "full", priority: 3, time: ten),
    Form(
        name: "json-pretty",
        text:
            "{\n\t\"MESSAGE\" : \"full\",\n\t\"PRIORITY\" : \"3\",\n\t\"__REALTIME_TIMESTAMP\" : \"1772359200000000\"\n}",
        message: "full", priority: 3, time: ten),
    Form(
        name: "verbose",
        text:
            "Sun 2026-03-01 10:00:00.123456 UTC [s=ab;i=1;b=cd;m=1;t=2;x=3]\n    PRIORITY=3\n    SYSLOG_IDENTIFIER=svc\n    MESSAGE=full\n            second\n    _UID=0",
        message: "full\nsecond", source: "svc", priority: 3, time: ten),
]

@Suite struct FormTests {
    @Test(arguments: forms) func `a form is read for what it is`(form: Form) throws {
        try check(try #require(entries(Array((form.text + "\n").utf8)).first), form)
    }

    /// Every form stands between plain lines, in one stream that is cut anywhere.
    @Test(arguments: [1, 7, 1 << 18]) func `a line is read the same whatever its neighbours are`(piece: Int) throws {
        let text = forms.map { "plain before \($0.name)\n\($0.text)\n" }.joined()
        let found = entries(Array(text.utf8), piece: piece)
        #expect(found.count == forms.count * 2)
        for (index, form) in forms.enumerated() where found.count == forms.count * 2 {
            #expect(found[index * 2].message == "plain before \(form.name)")
            try check(found[index * 2 + 1], form)
        }
    }

    private func check(_ found: Seen, _ form: Form) throws {
        #expect(found.message == form.message)
        #expect(found.identifier == form.source)
        #expect(found.priority == form.priority)
        let time = try form.time.map { try #require(Stamp.read($0)) }
        #expect(found.time.map { $0 / 1_000_000 } == time.map { $0 / 1_000_000 })
    }

    @Test func `an export is read behind a line that is none, and text behind an export`() {
        let text =
            "-- odd --\n__CURSOR=a\n__REALTIME_TIMESTAMP=1772359200000000\nMESSAGE=one\n\n__CURSOR=b\nMESSAGE=two\n\n"
        let found = entries(Array((text + "2026-03-01T10:00:00Z box svc[1]: three\n").utf8))
        #expect(found.map(\.message) == ["-- odd --", "one", "two", "three"])
        #expect(found.map(\.line) == [1, 2, 3, 4])
        #expect(found.last?.identifier == "svc")
    }

    @Test func `text that is to be plain stays as it is`() {
        let line = #"{"level":"error","msg":"disk full"}"#
        #expect(entries(Array(line.utf8), format: .plain).map(\.message) == [line])
    }

    @Test func `an odd line with a time does not fold the indented lines of a build`() {
        let text = "2026-03-01 10:00:00 started\nbuilding\n  a.c\n  b.c\n  c.c\ndone\n"
        #expect(entries(Array(text.utf8)).count == 6)
    }

    @Test(arguments: [false, true]) func `UTF-16 is text`(bigEndian: Bool) {
        let bytes = "\u{feff}ümlaut 😀 one\r\ntwo\r\n".utf16.flatMap { unit in
            bigEndian ? [UInt8(unit >> 8), UInt8(unit & 255)] : [UInt8(unit & 255), UInt8(unit >> 8)]
        }
        for piece in [1, 3, 1000] {
            #expect(entries(bytes, piece: piece).map(\.message) == ["ümlaut 😀 one", "two"])
        }
    }

    @Test(arguments: [
        ("\u{1b}[1;31merror:\u{1b}[0m disk full", "error: disk full"),
        ("[32m[0/6000][0m building", "[0/6000] building"),
        ("\u{1b}]0;title\u{7}ready", "ready"), ("\u{1b}]8;;http://a\u{1b}\\link\u{1b}]8;;\u{1b}\\ here", "link here"),
        ("\u{1b}(B\u{1b}[mplain", "plain"), ("rate[5m] is high", "rate[5m] is high"),
        ("[5m] is a span", "[5m] is a span"),
        ("\u{1b}[2m2026-03-01T10:00:00Z\u{1b}[0m \u{1b}[31mERROR\u{1b}[0m broke", "ERROR broke"),
    ]) func `control sequences go whole`(text: String, shown: String) throws {
        let digest = digest(try engine(text + "\n")).text
        #expect(digest.split(separator: "\n").dropFirst(2).first?.hasSuffix(" " + shown) == true, "\(digest)")
    }

    @Test func `5xx responses stand out among thousands`() throws {
        var lines = (0..<20_000).map { second in
            #"10.0.0.\#(second % 200) - - [01/Mar/2026:0\#(second / 3600):\#(10 + second / 60 % 50):\#(10 + second % 50) +0000] "GET /img/\#(second * 7 % 999).webp HTTP/1.1" 200 \#(second * 13 % 9999) "-" "curl""#
        }
        for at in 9000..<9040 { lines[at].replace("\" 200 ", with: "\" 503 ") }
        let text = digest(try engine(lines.joined(separator: "\n") + "\n"), tokens: 500).text
        let first = try #require(text.split(separator: "\n").dropFirst(2).first)
        #expect(first.contains("\" 503 ") && first.contains("×40"), "\(text)")
    }

    @Test func `5xx responses stand out in the log of HAProxy`() throws {
        var lines = (0..<6_000).map { second in
            "Mar  1 10:\(10 + second / 60 % 50):\(10 + second % 50) lb haproxy[9]: 10.0.0.\(second % 200):5000 [x] in app/s1 0/0/1/\(second % 9)/6 200 \(second * 13 % 9999) - - ---- 1/1/0/0/0 0/0"
        }
        for at in 3000..<3040 { lines[at].replace("/6 200 ", with: "/6 502 ") }
        let text = digest(try engine(lines.joined(separator: "\n") + "\n"), tokens: 500).text
        let first = try #require(text.split(separator: "\n").dropFirst(2).first)
        #expect(first.contains("/6 502 ") && first.contains("×40"), "\(text)")
    }

    @Test(arguments: ["\r", "\0", "\n"], [7, 1 << 18])
    func `lines may end with a carriage return or a zero`(end: String, piece: Int) throws {
        let text = (0..<500).map { "2026-03-01 10:00:00 INFO job \($0) done\(end)" }.joined() + "ERROR disk full\(end)"
        let entries = entries(Array(text.utf8), piece: piece)
        #expect(entries.count == 501 && entries.last?.message.contains("disk full") == true)
    }

    @Test(arguments: [",", ", ", ",\n", "\n ,"], [1, 7, 1 << 18])
    func `an array of objects is an entry for each`(between: String, piece: Int) throws {
        let objects = (0..<40).map {
            #"{"level":"info","msg":"a, [b]: {\#($0)} \"q\"","tags":["x","y"],"at":{"n":1}}"#
        }
        let text = "[" + (objects + [#"{"level":"error","msg":"disk full"}"#]).joined(separator: between) + "]\n"
        let entries = entries(Array(text.utf8), piece: piece)
        #expect(entries.count == 41 && entries.last?.message == "disk full" && entries.last?.priority == 3)
        #expect(entries.first?.message.hasPrefix(#"a, [b]: {0} "q""#) == true)
    }

    @Test func `a status class is a word for ranking and one statement for grouping`() throws {
        let lines = (0..<60).map { "GET /a status: \([200, 201, 404, 503][$0 % 4]) len: \($0)" }
        #expect(Set(templates(try engine(lines.joined(separator: "\n") + "\n"))).count == 1)
        #expect(Set(templates(try engine("job 1 exit status 101\njob 2 exit status 201\n"))).count == 1)
    }

    @Test func `lines without text are counted and not shown`() throws {
        let blank = digest(try engine("\n\n   \n"))
        #expect(blank.isBlank && blank.countedLines == 3)
        let some = digest(try engine("\n\nword\n"))
        #expect(!some.isBlank && some.shownGroups == 1)
    }
}
