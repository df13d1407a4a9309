// SPDX-License-Identifier: MIT
import MachaAnalyst
import MachaModel
import Testing

/// A server that speaks OpenAI's API in a way of its own, and what a person is shown.
///
/// Each way was seen at a public server or reported in a public issue; docs/models.md lists them in groups.
struct OddServer: Sendable, CustomTestStringConvertible {
    var title: String
    /// Answers to `GET /v1/models`, `POST /v1/chat/completions` and other pages, as `canned_server.py` takes them.
    var pages: [String: [JSONValue]]
    var model = "tiny"
    var sees: Sees

    enum Sees: Sendable {
        /// The answer of ``OddServers/document`` is used.
        case answer
        /// The code's word, and words of the message or its remedy.
        case error(String, saying: String)
    }

    var testDescription: String { title }
}

enum OddServers {
    /// What a good model answers to `diagnosis`.
    static let document: JSONValue = [
        "summary": "sda fails", "severity": "critical", "evidence": ["abcde"], "confidence": 90,
    ]
    static let listed: JSONValue = ["data": [["id": "tiny", "owned_by": "vllm", "max_model_len": 4_096]]]
    static let usage: JSONValue = ["prompt_tokens": 20, "completion_tokens": 30]

    // MARK: pieces of answers

    static func body(_ body: JSONValue, status: Int = 200, headers: JSONValue = [:]) -> JSONValue {
        ["status": .integer(status), "body": body, "headers": headers]
    }

    static func raw(_ lines: [String]) -> JSONValue { ["pieces": .array(lines.map { .string($0) })] }

    static func events(_ events: [JSONValue], end: [String] = ["data: [DONE]\n\n"]) -> JSONValue {
        raw(events.map { "data: \($0.text)\n\n" } + end)
    }

    static func delta(_ members: JSONValue, finish: JSONValue = .null) -> JSONValue {
        ["choices": [["index": 0, "delta": members, "finish_reason": finish]]]
    }

    static func text(_ text: String) -> JSONValue { delta(["content": .string(text)]) }

    static let stop = delta([:], finish: "stop")
    static let counted: JSONValue = ["choices": [], "usage": usage]

    /// The usual stream around one text.
    static func saying(_ words: String) -> JSONValue { events([text(words), stop, counted]) }

    static var wholeMessage: JSONValue { ["role": "assistant", "content": .string(document.text)] }

    /// Each `code` with `message` as OpenAI writes errors.
    static func refusing(_ message: String, status: Int = 400, type: String = "invalid_request_error") -> JSONValue {
        body(
            ["error": ["message": .string(message), "type": .string(type), "param": .null, "code": .null]],
            status: status)
    }

    static func server(_ title: String, _ answers: [JSONValue], _ sees: OddServer.Sees = .answer) -> OddServer {
        OddServer(
            title: title, pages: ["GET /v1/models": [body(listed)], "POST /v1/chat/completions": answers], sees: sees)
    }

    static func server(_ title: String, _ answer: JSONValue, _ sees: OddServer.Sees = .answer) -> OddServer {
        server(title, [answer], sees)
    }

    static let all = framing + endings + errors + refusals + wrapped + usages + names + pages
}

// MARK: how events are framed

extension OddServers {
    private static var good: [JSONValue] { [text(document.text), stop, counted] }
    private static var half: (String, String) {
        let whole = document.text
        return (String(whole.prefix(20)), String(whole.dropFirst(20)))
    }

    static let framing: [OddServer] = [
        server("the usual stream", events(good)),
        server("CR LF", raw(good.map { "data: \($0.text)\r\n\r\n" } + ["data: [DONE]\r\n\r\n"])),
        server("CR alone", raw(good.map { "data: \($0.text)\r\r" } + ["data: [DONE]\r\r"])),
        server("no blank lines between events", raw(good.map { "data: \($0.text)\n" } + ["data: [DONE]\n"])),
        server("no blank after the colon", raw(good.map { "data:\($0.text)\n\n" })),
        server("a byte order mark", raw(["\u{feff}"] + good.map { "data: \($0.text)\n\n" })),
        server("comments and keep-alives", raw([": ping\n\n"] + good.map { "data: \($0.text)\n\n: ping\n\n" })),
        server("event, id and retry lines", raw(good.map { "event: message\nid: 1\nretry: 5\ndata: \($0.text)\n\n" })),
        server(
            "data over several lines",
            raw(
                good.map { event in
                    event.text.replacing(",\"", with: ",\n\"").split(separator: "\n").map { "data: \($0)\n" }.joined()
                        + "\n"
                })),
        server("pieces cut within a line", raw(good.flatMap { cut("data: \($0.text)\n\n") })),
        server(
            "a document where a stream was asked for",
            body([
                "choices": [["message": wholeMessage, "finish_reason": "stop"]], "usage": usage,
            ])),
        server(
            "a pretty document",
            raw([
                "{\n \"choices\": [\n  {\"message\": \(wholeMessage.text),\n",
                "   \"finish_reason\": \"stop\"}\n ]\n}\n",
            ])),
        server(
            "content as a list of parts",
            events([
                delta(["content": [["type": "text", "text": .string(half.0)]]]),
                delta(["content": [["type": "text", "text": .string(half.1)]]]), stop,
            ])),
        server(
            "thinking as a part",
            events([
                delta(["content": [["type": "thinking", "thinking": [["type": "text", "text": "hm {"]]]]]),
                text(document.text), stop,
            ])),
        server("reasoning beside the content", events([delta(["reasoning_content": "hm {"])] + good)),
        server("reasoning, as vLLM says now", events([delta(["reasoning": "hm {", "content": .null])] + good)),
        server("an empty first choice", events([["choices": []]] + good)),
        server("content null in the first event", events([delta(["role": "assistant", "content": .null])] + good)),
        server(
            "a message instead of a delta", events([["choices": [["message": wholeMessage, "finish_reason": "stop"]]]])),
        server("text instead of a delta", events([["choices": [["text": .string(document.text)]]], stop])),
        server("a usage event without choices", events([text(document.text), stop, ["usage": usage]])),
        server(
            "choices null in the usage event", events([text(document.text), stop, ["choices": .null, "usage": usage]])),
        server("a ping event of its own", events([["type": "ping"]] + good)),
        server("usage null in every event", events(good.map { with($0, "usage", .null) })),
        server("error null in every event", events(good.map { with($0, "error", .null) })),
        server("an empty error in every event", events(good.map { with($0, "error", "") })),
    ]

    private static func cut(_ text: String) -> [String] { [String(text.prefix(9)), String(text.dropFirst(9))] }

    private static func with(_ event: JSONValue, _ name: String, _ value: JSONValue) -> JSONValue {
        .object((event.members ?? []).filter { $0.name != name } + [.init(name, value)])
    }
}

// MARK: how answers end

extension OddServers {
    private static func ending(_ reason: JSONValue, half: Bool = false) -> JSONValue {
        events([text(half ? String(document.text.prefix(20)) : document.text), delta([:], finish: reason), counted])
    }

    static let endings: [OddServer] = [
        server("no [DONE]", events([text(document.text), stop], end: [])),
        server("[DONE] without a reason", events([text(document.text)])),
        server("a reason of null throughout", events([text(document.text), delta([:])])),
        server("an empty reason", ending("")),
        server("STOP in capitals", ending("STOP")),
        server("end_turn", ending("end_turn")),
        server("eos", ending("eos")),
        server(
            "a reason in the event of the text", events([delta(["content": .string(document.text)], finish: "stop")])),
        server(
            "neither reason nor [DONE]", events([text(document.text)], end: []),
            .error("connection-lost", saying: "stopped in the middle")),
        server("length", ending("length", half: true), .error("cut-short", saying: "raise answer-limit")),
        server("max_tokens", ending("max_tokens", half: true), .error("cut-short", saying: "raise answer-limit")),
        server("MAX_TOKENS", ending("MAX_TOKENS", half: true), .error("cut-short", saying: "raise answer-limit")),
        server(
            "no reason and a full budget",
            events([text(String(document.text.prefix(20))), ["choices": [], "usage": ["completion_tokens": 256]]]),
            .error("cut-short", saying: "raise answer-limit")),
        server("error", ending("error", half: true), .error("server-failed", saying: "broke off its answer")),
        server("abort", ending("abort", half: true), .error("server-failed", saying: "broke off its answer")),
        server("content_filter", ending("content_filter", half: true), .error("filtered", saying: "content filter")),
        server("SAFETY", ending("SAFETY", half: true), .error("filtered", saying: "content filter")),
        server("an empty answer", events([stop, counted]), .error("empty", saying: "empty answer")),
        server(
            "only thoughts", events([delta(["reasoning_content": "hm"]), stop]),
            .error("empty", saying: "set thinking of the endpoint")),
        server("nothing at all", raw([]), .error("connection-lost", saying: "stopped in the middle")),
        server("only [DONE]", raw(["data: [DONE]\n\n"]), .error("connection-lost", saying: "stopped in the middle")),
        server(
            "events of another protocol", events([["type": "message_start"], ["type": "message_stop"]]),
            .error("malformed", saying: "has choices")),
    ]
}

// MARK: errors within an answer of status 200

extension OddServers {
    private static func failing(_ error: JSONValue) -> JSONValue { events([text("{"), error]) }

    static let errors: [OddServer] = [
        server(
            "an error event", failing(["error": ["code": 500, "message": "CUDA error"]]),
            .error("server-failed", saying: "CUDA error")),
        server(
            "a code as text", failing(["error": ["code": "429", "message": "slow down"]]),
            .error("busy", saying: "slow down")),
        server(
            "an error of text", failing(["error": "model crashed"]), .error("server-failed", saying: "model crashed")),
        server(
            "object: error", failing(["object": "error", "message": "gone", "code": 500]),
            .error("server-failed", saying: "gone")),
        server(
            "type: error", failing(["type": "error", "message": "overloaded here", "code": "503"]),
            .error("busy", saying: "overloaded here")),
        server(
            "event: error", raw(["event: error\ndata: {\"message\":\"worker died\"}\n\n"]),
            .error("server-failed", saying: "worker died")),
        server(
            "an error line of llama.cpp", raw(["error: {\"code\":500,\"message\":\"slot failed\"}\n\n"]),
            .error("server-failed", saying: "slot failed")),
        server(
            "a document with an error", body(["error": "No model loaded"]),
            .error("server-failed", saying: "No model loaded")),
        server(
            "a document with an error object", body(["error": ["message": "Model unloaded", "code": 503]]),
            .error("busy", saying: "Model unloaded")),
        server(
            "an error with a status", failing(["error": ["status": 503, "message": "loading soon"]]),
            .error("loading", saying: "loading soon")),
        server(
            "too long, within the stream",
            failing([
                "error": [
                    "code": 400, "type": "exceed_context_size_error", "message": "too much", "n_prompt_tokens": 9_000,
                    "n_ctx": 4_096,
                ]
            ]), .error("prompt-too-long", saying: "too much")),
        server(
            "an event that is no JSON", raw(["data: {\"choices\":\n\ndata: [DONE]\n\n"]),
            .error("malformed", saying: "not JSON")),
        server("a text page", ["body": "hello", "type": "text/plain"], .error("wrong-server", saying: "hello")),
    ]
}

// MARK: refusals, and members that a server does not take

extension OddServers {
    private static func mended(_ title: String, _ message: String, status: Int = 400) -> OddServer {
        server(title, [refusing(message, status: status), saying(document.text)])
    }

    static let refusals: [OddServer] = [
        mended("json_schema is refused", "'response_format.type' must be 'json_object' or 'text'"),
        server(
            "every response_format is refused",
            [
                refusing("unknown field response_format"), refusing("unknown field response_format"),
                saying(document.text),
            ]),
        mended("max_tokens is refused", "Unsupported parameter: 'max_tokens' is not supported with this model."),
        mended("temperature is refused", "'temperature' does not support 0 with this model."),
        mended("seed is refused", "extra fields not permitted: seed"),
        mended("stream_options is refused", "stream_options: Extra inputs are not permitted", status: 422),
        mended("there is no system role", "System role not supported"),
        mended("roles must alternate", "Conversation roles must alternate user/assistant/user/assistant/..."),
        server(
            "three members are refused, one after the other",
            [
                refusing("unknown parameter: seed"), refusing("unknown parameter: temperature"),
                refusing("unknown parameter: stream_options"), saying(document.text),
            ]),
        server(
            "a refusal that names nothing", refusing("bad request"), .error("invalid-request", saying: "bad request")),
        server(
            "a member that is refused again", refusing("unknown parameter: seed"),
            .error("invalid-request", saying: "unknown parameter: seed")),
        server("a wrong key", refusing("Invalid API Key", status: 401), .error("refused", saying: "api-key-file")),
        server(
            "no quota", refusing("You exceeded your current quota", status: 429, type: "insufficient_quota"),
            .error("refused", saying: "quota")),
        server(
            "payment required", refusing("Insufficient credits", status: 402),
            .error("refused", saying: "Insufficient credits")),
        server(
            "too many requests", body(["error": ["message": "slow down"]], status: 429, headers: ["Retry-After": "17"]),
            .error("busy", saying: "wait 17 s")),
        server(
            "a wait without end",
            body(["error": ["message": "slow down"]], status: 429, headers: ["Retry-After": "inf"]),
            .error("busy", saying: "wait 24 h")),
        server(
            "a wait beyond all numbers",
            body(["error": ["message": "slow down"]], status: 429, headers: ["Retry-After": "1e300"]),
            .error("busy", saying: "wait 24 h")),
        server(
            "a wait that is no number",
            body(["error": ["message": "slow down"]], status: 429, headers: ["Retry-After": "nan"]),
            .error("busy", saying: "slow down")),
        server(
            "a proxy that packs everything", body(["choices": []], headers: ["Content-Encoding": "gzip"]),
            .error("wrong-server", saying: "compresses its responses (gzip)")),
        server(
            "a proxy that packs its refusals",
            body(["error": ["message": "busy"]], status: 503, headers: ["Content-Encoding": "br"]),
            .error("wrong-server", saying: "turn off compression")),
        server(
            "a wait of years",
            body(["error": ["message": "slow down"]], status: 429, headers: ["Retry-After": "99999999999"]),
            .error("busy", saying: "asks to wait 24 h")),
        server(
            "a page of nginx", body("<html><head><title>502 Bad Gateway</title></head></html>", status: 502),
            .error("busy", saying: "502 Bad Gateway")),
        server(
            "a page without a title", body("<!DOCTYPE html><html></html>", status: 504),
            .error("busy", saying: "a web page")),
        server(
            "loading", body(["error": ["message": "Loading model", "code": 503]], status: 503),
            .error("loading", saying: "Loading model")),
        server(
            "a moved server", body("", status: 307, headers: ["Location": "https://ai.lan/v1/"]),
            .error("wrong-server", saying: "it redirects to https://ai.lan/v1/")),
        server(
            "LM Studio: too long",
            refusing(
                "Trying to keep the first 5120 tokens when context the overflows. However, the model is loaded with context length of 4096 tokens"
            ), .error("prompt-too-long", saying: "larger context")),
        server(
            "vLLM: too long", refusing("This model's maximum context length is 4096 tokens."),
            .error("prompt-too-long", saying: "larger context")),
        server(
            "a crash", body(["detail": "Internal Server Error"], status: 500),
            .error("server-failed", saying: "Internal Server Error")),
        server("an empty 500", body("", status: 500), .error("server-failed", saying: "status 500")),
    ]
}

// MARK: what stands around the JSON

extension OddServers {
    private static func wrapped(_ title: String, _ before: String, _ after: String = "") -> OddServer {
        server(title, saying(before + document.text + after))
    }

    private static func varied(_ title: String, _ value: JSONValue) -> OddServer { server(title, saying(value.text)) }

    static let wrapped: [OddServer] = [
        wrapped("a fence", "```json\n", "\n```"),
        wrapped("a fence with prose around", "Here you are:\n```\n", "\n```\nAnything else?"),
        wrapped("prose before", "Sure! Here is the JSON: "),
        wrapped("prose after", "", "\n\nI hope that helps."),
        wrapped("thinking in the text", "<think>is it {\"a\": 1}?</think>\n"),
        wrapped("the end of thinking only", "is it {\"a\": 1}?\n</think>\n\n"),
        wrapped("thinking spelt out", "<thinking>hm</thinking>"),
        wrapped(
            "channels of harmony",
            "<|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>final<|message|>"),
        wrapped("a byte order mark before the JSON", "\u{feff}"),
        wrapped("braces in the prose", "I use {braces} here: "),
        server("JSON twice", saying(document.text + "\n" + document.text)),
        varied(
            "a choice in capitals",
            [
                "summary": "x", "severity": "CRITICAL", "evidence": ["abcde"], "confidence": 90,
            ]),
        varied(
            "one member too many",
            [
                "summary": "x", "severity": "critical", "evidence": ["abcde"], "confidence": 90, "notes": "y",
            ]),
        varied(
            "a number beyond its bounds",
            [
                "summary": "x", "severity": "critical", "evidence": ["abcde"], "confidence": 950,
            ]),
        varied(
            "null for an empty list",
            [
                "summary": "x", "severity": "critical", "evidence": .null, "confidence": 90,
            ]),
        server("the schema is ignored, then kept", [saying("All is well."), saying(document.text)]),
        server("the schema is ignored for good", saying("All is well."), .error("not-json", saying: "a larger model")),
        server("another shape for good", saying("{\"answer\": 42}"), .error("wrong-schema", saying: "a larger model")),
    ]
}

// MARK: usage, names, pages

extension OddServers {
    private static func counting(_ title: String, _ usage: JSONValue) -> OddServer {
        server(title, events([text(document.text), stop, ["choices": [], "usage": usage]]))
    }

    static let usages: [OddServer] = [
        server("no usage", events([text(document.text), stop])),
        counting("usage of zero", ["prompt_tokens": 0, "completion_tokens": 0]),
        counting("usage as text", ["prompt_tokens": "20", "completion_tokens": "30"]),
        counting("usage with a fraction", ["prompt_tokens": 20.0, "completion_tokens": 30.0]),
        counting("usage without members", [:]),
        server(
            "usage in every event",
            events(
                [text(document.text), stop].map { .object(($0.members ?? []) + [.init("usage", usage)]) })),
    ]

    private static func listing(
        _ title: String, _ ids: [String], model: String = "tiny", _ sees: OddServer.Sees = .answer
    ) -> OddServer {
        let entries = ids.map { id -> JSONValue in ["id": .string(id), "max_model_len": 4_096] }
        return OddServer(
            title: title,
            pages: [
                "GET /v1/models": [body(["data": .array(entries)])],
                "POST /v1/chat/completions": [saying(document.text)],
            ], model: model, sees: sees)
    }

    static let names: [OddServer] = [
        listing("a name behind a provider's prefix", ["openai/tiny"]),
        listing("a name in another case", ["Tiny"]),
        listing("a wildcard", ["*"]),
        listing("a provider's wildcard", ["openai/*"], model: "openai/gpt-5"),
        listing("another model", ["other"], .error("model-not-found", saying: "it serves other")),
        listing("another provider's wildcard", ["openai/*"], .error("model-not-found", saying: "openai/*")),
        listing("no model", [], .error("model-not-found", saying: "it serves none")),
    ]

    static let pages: [OddServer] = [
        OddServer(
            title: "pages without /v1",
            pages: ["GET /models": [body(listed)], "POST /chat/completions": [saying(document.text)]], sees: .answer),
        OddServer(
            title: "a web interface at this URL",
            pages: ["GET /v1/models": [body("<!doctype html><html><title>Open WebUI</title></html>")]],
            sees: .error("wrong-server", saying: "Open WebUI")),
        OddServer(
            title: "nothing there", pages: [:], sees: .error("wrong-server", saying: "check the URL")),
        OddServer(
            title: "a list of another form", pages: ["GET /v1/models": [body(["models": []])]],
            sees: .error("malformed", saying: "lists no models")),
        OddServer(
            title: "a list that is no JSON", pages: ["GET /v1/models": [body("ok")]],
            sees: .error("malformed", saying: "not JSON")),
        OddServer(
            title: "a list that moved",
            pages: ["GET /v1/models": [body("", status: 301, headers: ["Location": "https://ai.lan/v1/models"])]],
            sees: .error("wrong-server", saying: "it redirects to https://ai.lan")),
    ]
}
