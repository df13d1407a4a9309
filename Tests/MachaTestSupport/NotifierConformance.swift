// SPDX-License-Identifier: MIT
package import MachaModel
package import MachaNotify
import Synchronization

import struct Foundation.Date

/// What every ``Notifier`` does, whatever is behind it. Each behaviour throws ``Mismatch`` when the notifier lacks it.
package enum NotifierConformance: String, CaseIterable, Sendable, CustomStringConvertible {
    case takes = "a message arrives whole"
    case takesNothingMuch = "a message without lines arrives"
    case takesHostile = "words of hosts arrive and are no markup"
    case takesMuch = "a message of any length arrives"
    case inOrder = "messages arrive in the order they are sent"

    /// The notifier does not do what its protocol promises.
    package struct Mismatch: Error, CustomStringConvertible {
        package var description: String
    }

    package var description: String { rawValue }

    /// What hosts say to those who would believe it.
    package static let hostile =
        "[reset](https://evil.example) ![x](https://evil.example/x.png) <script>alert(1)</script> @everyone"

    /// What the other end has of one message.
    package struct Arrived: Sendable {
        /// Its words.
        package var text: String
        /// The part that is drawn as Markdown or HTML; empty where all is shown as the text it is.
        package var markup: String

        package init(text: String, markup: String) {
            self.text = text
            self.markup = markup
        }
    }

    /// Tries this behaviour; `arrived` returns what the other end has.
    package func check(
        _ notifier: any Notifier, arrived: @Sendable () async throws -> [Arrived]
    ) async throws {
        let before = try await arrived().count
        switch self {
        case .takes:
            try await notifier.send(
                Self.message("disk on nas", [.init(.item, "disk is full"), .init(.evidence, "91 %")]))
            let texts = try await arrived()
            try expect(texts.count == before + 1, "one message became \(texts.count - before)")
            for part in ["disk on nas", "disk is full", "91 %"] {
                try expect(texts[before].text.contains(part), "“\(part)” is missing in \(texts[before].text)")
            }
        case .takesNothingMuch:
            try await notifier.send(Self.message("only a title", []))
            try expect(try await arrived().count == before + 1, "it did not arrive")
        case .takesHostile:
            try await notifier.send(
                Self.message(
                    Self.hostile, [.init(.item, Self.hostile), .init(.evidence, "\r\nBcc: evil@evil.example")]))
            let texts = try await arrived()
            try expect(texts.count == before + 1, "it did not arrive")
            for part in ["](https://", "<script", "<img", "href=\"https://evil"] {
                try expect(!texts[before].markup.contains(part), "“\(part)” stands in \(texts[before].markup)")
            }
            try expect(texts[before].text.contains("alert(1)"), "what the host said is missing")
        case .takesMuch:
            let lines = (0..<400).map {
                NoticeMessage.Line(.item, "problem \($0) " + String(repeating: "ä€", count: 150))
            }
            try await notifier.send(Self.message("many", lines))
            try expect(try await arrived().count == before + 1, "it did not arrive")
        case .inOrder:
            for number in 1...5 { try await notifier.send(Self.message("number \(number)", [])) }
            let texts = try await arrived().suffix(5)
            for (number, text) in zip(1..., texts) {
                try expect(text.text.contains("number \(number)"), "\(text.text) came as number \(number)")
            }
        }
    }

    package static func message(_ title: String, _ lines: [NoticeMessage.Line]) -> NoticeMessage {
        NoticeMessage(
            id: "id\(title.count)", title: title, lines: lines, priority: .high, tags: ["new"],
            click: "https://macha.lan/issues", at: Date(timeIntervalSince1970: 1_780_315_200))
    }

    private func expect(_ holds: Bool, _ message: String) throws {
        guard holds else { throw Mismatch(description: "\(self): \(message)") }
    }
}

/// A receiver in memory: it keeps what it is told, and fails as it is asked to.
package final class RecordingNotifier: Notifier {
    package let name: String
    private let state: Mutex<(messages: [NoticeMessage], errors: [NotifierError])>

    /// `failing` are the ends of the first attempts, in order.
    package init(name: String, failing errors: [NotifierError] = []) {
        self.name = name
        state = Mutex(([], errors))
    }

    package var messages: [NoticeMessage] { state.withLock { $0.messages } }

    package func send(_ message: NoticeMessage) async throws(NotifierError) {
        let error = state.withLock { state -> NotifierError? in
            if !state.errors.isEmpty { return state.errors.removeFirst() }
            state.messages.append(message)
            return nil
        }
        if let error { throw error }
    }
}
