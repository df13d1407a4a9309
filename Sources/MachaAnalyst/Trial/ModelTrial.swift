// SPDX-License-Identifier: MIT
import MachaModel

/// The question of `models test`: as long as an analysis, with one line among many that shows a failing disk.
///
/// A short question says nothing of what an analysis needs: that the prompt is read whole, that the right line is cited, and
/// how long reading takes.
enum ModelTrial {
    /// What a model has to find.
    static let planted = EvidenceLine(
        "fqdse",
        "04:11:09 ×6 kernel: EXT4-fs error (device sda1): ext4_find_entry: reading directory lblock 0")
    /// Tokens of an analysis of one host, as it is asked for on most machines.
    static let analysis = 3_300
    static let answerLimit = 300

    static func request(in context: Int) -> (request: ChatRequest, shape: JSONSchema) {
        let room = max(
            300, min(analysis, context - answerLimit - TokenEstimate.margin(in: context) - 64))
        let frame = TokenEstimate.tokens(in: PromptText.analysis) + 120
        let lines = lines(tokens: max(160, room - frame))
        // A small context gets the data without the rules: what must be long is what has to be read.
        let system =
            room > 2 * frame
            ? PromptText.analysis : "You are a careful Linux administrator. Answer with JSON."
        let text = lines.map { $0.line + "\n" }.joined()
        let request = ChatRequest(
            [
                .system(system),
                .user(
                    text
                        + "This is a test. One of these lines shows trouble that a person has to look at. Answer with its id as the only evidence, its severity, and one sentence on what it means.\n"
                ),
            ], answerLimit: answerLimit)
        let shape = JSONSchema.object([
            .init(
                "evidence",
                .lenient(
                    sent: .array(of: .choice(lines.map(\.id)), atLeast: 1, atMost: 1),
                    accepted: .array(of: .string(atMost: 40), atMost: 8))),
            .init("severity", .choice(Severity.allCases.map(\.rawValue))),
            .init("explanation", .string(atMost: 300)),
        ])
        return (request, shape)
    }

    private static let ordinary = [
        "systemd: Started Session % of User anna.",
        "systemd: Finished Daily cleanup of temporary directories.",
        "sshd: Accepted publickey for anna from 192.168.1.% port 50312 ssh2",
        "nginx: 192.168.1.% - GET /status 200", "dhcpcd: eth0: renewed lease of 192.168.1.%",
        "chronyd: Selected source 192.0.2.%", "nix-daemon: accepted connection from pid %",
        "smartd: Device /dev/sda, Temperature changed to % Celsius",
        "cron: (root) CMD (run-parts /etc/cron.hourly) %",
        "systemd-logind: New session % of user anna.",
    ]

    /// Ordinary lines with the planted one among them, at about three fifths.
    private static func lines(tokens: Int) -> [EvidenceLine] {
        var lines: [EvidenceLine] = []
        var used = TokenEstimate.tokens(in: planted.line)
        while used < tokens, lines.count < 160 {
            let index = lines.count
            let text = ordinary[index % ordinary.count].replacing("%", with: "\(10 + index)")
            let line = EvidenceLine(id(index), "03:\(10 + index % 50):00 \(text)")
            used += TokenEstimate.tokens(in: line.line) + 1
            lines.append(line)
        }
        lines.insert(planted, at: lines.count * 3 / 5)
        return lines
    }

    /// Five letters, as the lines of a journal have.
    private static func id(_ index: Int) -> String {
        String(
            [7_919, 104_729, 1_299_709, 15_485_863, 32_452_843].map { factor in
                Character(Unicode.Scalar(UInt8(97 + (index + 3) * factor % 1_009 % 26)))
            }) + (index > 99 ? ".\(index)" : "")
    }
}

/// Five questions of a person, each of which one tool answers: what `ask` needs of a model.
enum RoutingTrial {
    private static let hosts = ["nas", "web1", "gw"]
    private static let tools: [(name: String, what: String, fields: [JSONSchema.Property])] = [
        ("host_status", "how one machine is", [.init("host", .choice(hosts))]),
        ("logs", "the last lines that a machine logged", [.init("host", .choice(hosts))]),
        (
            "problems", "all problems of one severity",
            [.init("severity", .choice(["warning", "critical"]))]
        ),
        ("approvals", "what waits for the person's approval", []),
        ("none", "nothing is asked", []),
    ]

    /// A question, the tool that answers it, and its argument.
    private static let questions: [(text: String, tool: String, argument: String?)] = [
        ("How is nas?", "host_status", "nas"),
        ("What did web1 log last?", "logs", "web1"),
        ("Which critical problems are there?", "problems", "critical"),
        ("Is there anything that I have to approve?", "approvals", nil),
        ("Thank you, that was all.", "none", nil),
    ]

    static var count: Int { questions.count }

    private static let system =
        "You choose the tool that answers a question about machines. Answer with one JSON document.\nTools:\n"
        + tools.map { "- \($0.name): \($0.what)\n" }.joined() + """
            Examples:
            "Is gw all right?" {"tool":"host_status","host":"gw"}
            "Show me the log of nas" {"tool":"logs","host":"nas"}
            "Any warnings?" {"tool":"problems","severity":"warning"}
            "What am I asked for?" {"tool":"approvals"}
            "Good morning" {"tool":"none"}
            """

    private static let shape = JSONSchema.either(
        tools.map { tool in .object([.init("tool", .choice([tool.name]))] + tool.fields) })

    /// How many of the questions the model sends to the right tool when the shape of its answer is given.
    static func routed(_ model: any LanguageModel) async throws(ModelError) -> Int {
        var right = 0
        for question in questions {
            let request = ChatRequest([.system(system), .user(question.text)], answerLimit: 80)
            do throws(ModelError) {
                let value = try await model.answer(request, as: shape, repairs: 0).value
                if value["tool"]?.string == question.tool, fits(value, question.argument) { right += 1 }
            } catch {
                guard case .unusable = error.code else { throw error }
            }
        }
        return right
    }

    /// The same with the server's own calling of tools.
    static func native(_ model: any LanguageModel) async throws(ModelError) -> Int {
        var right = 0
        for question in questions {
            var request = ChatRequest(
                [.system("Answer questions about machines with the tools."), .user(question.text)],
                answerLimit: 120)
            request.tools = tools.filter { $0.name != "none" }.map {
                ToolOffer($0.name, $0.what, parameters: .object($0.fields))
            }
            do throws(ModelError) {
                let calls = try await model.chat(request).toolCalls
                let isRight =
                    question.tool == "none"
                    ? calls.isEmpty
                    : calls.first.map { $0.name == question.tool && fits($0.arguments, question.argument) }
                if isRight == true { right += 1 }
            } catch {
                guard !error.blamesEndpoint, error.code != .cancelled else { throw error }
            }
        }
        return right
    }

    private static func fits(_ value: JSONValue, _ argument: String?) -> Bool {
        argument == nil || [value["host"], value["severity"]].contains { $0?.string == argument }
    }
}
