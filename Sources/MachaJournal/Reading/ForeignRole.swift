// SPDX-License-Identifier: MIT

/// What a field of a foreign log object says, by its name: the names of the loggers in common use.
///
/// Names are compared in lower case without `_`, `-` and `@`, nested ones with dots: `log.level`, `http.response.statusCode`.
enum ForeignRole {
    case time
    case level
    /// `levelno` of Python.
    case pythonLevel
    /// `severityNumber` of OpenTelemetry.
    case telemetryLevel
    /// The message; of several the one with the lowest number.
    case message(Int)
    case source
    case host
    case method
    case path
    case status
    /// What a reader gains nothing from.
    case envelope

    static func of(_ name: [UInt8]) -> ForeignRole? { table[name] }

    private static let table: [[UInt8]: ForeignRole] = {
        let messages = [
            "message", "msg", "mt", "log", "shortmessage", "fields.message", "fields.msg", "jsonpayload.message",
            "textpayload",
            "body.stringvalue", "body", "event", "text", "logmessage", "line", "content", "fullmessage",
            "error.message", "err.message", "error", "err", "exception",
        ]
        let lists: [(ForeignRole, String)] = [
            (
                .time,
                "time ts timestamp t datetime date asctime eventtime startutc createdat timeunixnano observedtimeunixnano time.iso8601 timeiso8601 startedat t.$date instant.epochsecond edgestarttimestamp"
            ),
            (
                .level,
                "level severity lvl levelname loglevel log.level severitytext priority logseverity fields.level fields.lvl s l"
            ),
            (.pythonLevel, "levelno"), (.telemetryLevel, "severitynumber"),
            (
                .source,
                "logger loggername name app application service service.name servicename component container containername target syslogidentifier kubernetes.containername appname program"
            ),
            (.host, "hostname host host.name source.host"),
            (
                .method,
                "method request.method requestmethod http.request.method httpmethod req.method verb clientrequestmethod"
            ),
            (
                .path,
                "uri path url request.uri requestpath requesturi http.request.uri url.path url.original req.url http.url httptarget request.url clientrequesturi"
            ),
            (
                .status,
                "status statuscode downstreamstatus originstatus response.status response.statuscode http.response.statuscode http.statuscode httpstatus res.statuscode httpstatuscode edgeresponsestatus"
            ),
            (
                .envelope,
                "v pid stream version ecs.version log.logger process.pid traceid spanid threadid span.id trace.id"
            ),
        ]
        var table: [[UInt8]: ForeignRole] = [:]
        for (rank, name) in messages.enumerated() { table[Array(name.utf8)] = .message(rank) }
        for (role, list) in lists { for name in list.split(separator: " ") { table[Array(name.utf8)] = role } }
        return table
    }()
}
