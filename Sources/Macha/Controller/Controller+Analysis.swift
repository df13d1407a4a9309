// SPDX-License-Identifier: MIT
package import MachaAnalyst
package import MachaInventory
package import MachaStore

extension Controller {
    /// What a model would be sent about a host; no model is asked. Reads the host's journal, or `journal` instead of it.
    package func prompt(
        about host: FleetHost, for model: any LanguageModel, journal: JournalDigester?
    ) async throws(ControllerError) -> PromptPreview {
        let inquiry = try environment.inquiry()
        let preview: PromptPreview?
        do {
            preview = try await inquiry.preview(host, model, journal: journal)
        } catch let error as StoreError {
            throw ControllerError(error)
        } catch {
            throw ControllerError(.unavailable, "\(error)")
        }
        guard let preview else {
            throw ControllerError(.usage, "\(host.name) was never checked; run: macha check \(host.name)")
        }
        await environment.close()
        return preview
    }

    /// The first model of the configuration that can be described. Throws with the reason of each that cannot.
    package func firstAvailableModel() async throws(ControllerError) -> any LanguageModel {
        var failures: [String] = []
        for model in try environment.requiredModels().models {
            do throws(ModelError) {
                _ = try await model.describe()
                return model
            } catch {
                failures.append("\(error)")
            }
        }
        throw ControllerError(.unavailable, failures + ["name a context with --context to ask no endpoint"])
    }

    /// The queue of work for models.
    package func queue() throws(ControllerError) -> JobQueue { JobQueue(try environment.store()) }
}
