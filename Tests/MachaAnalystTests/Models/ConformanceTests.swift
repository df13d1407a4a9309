// SPDX-License-Identifier: MIT
import HTTP
import MachaAnalyst
import MachaTestSupport
import Testing

@Suite struct ConformanceTests {
    @Test(arguments: LanguageModelConformance.allCases)
    func `a scripted model keeps the contract`(behaviour: LanguageModelConformance) async throws {
        let model = ScriptedModel { request in
            .text(request.schema == nil ? "The disk is full, and has been since noon." : "{\"cause\":\"disk\"}")
        }
        try await behaviour.check(model)
    }

    @Test(.enabled(if: PythonServer.isAvailable, "needs python3"), arguments: LanguageModelConformance.allCases)
    func `Ollama keeps the contract`(behaviour: LanguageModelConformance) async throws {
        let double = try await OllamaDouble(
            rules: """
                {"models": [{"name": "tiny:latest", "context_length": 8192,
                             "capabilities": ["completion", "tools", "embedding"]}],
                 "default": {"reply": "The disk is full, and has been since noon.", "ms_per_token": 2}}
                """)
        try await behaviour.check(At.ollama(double.url))
    }

    @Test(
        .enabled(if: LlamaServer.isAvailable, "needs the wheel of llama.cpp's server: script/bootstrap"),
        arguments: LanguageModelConformance.allCases, [false, true])
    func `llama.cpp's own server keeps the contract`(
        behaviour: LanguageModelConformance, embeds: Bool
    ) async throws {
        // An embedding server holds what fits into one batch; chat works with it as well.
        guard !embeds || behaviour == .embeddings else { return }
        let llama = try await LlamaServer(["--parallel", "2"] + (embeds ? ["--embedding"] : []))
        try await behaviour.check(At.openAI(llama.url))
    }
}
