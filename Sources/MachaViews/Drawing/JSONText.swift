// SPDX-License-Identifier: MIT
import Foundation
import MachaModel

/// JSON as every command writes it: sorted keys, ISO 8601 times in UTC with whole seconds, one document, one line feed.
package enum JSONText {
    /// `value` as one document.
    package static func document(_ value: some Encodable) throws(OutputError) -> String {
        let encoder = DocumentJSON.encoder(isPretty: true)
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        do {
            return inert(String(decoding: try encoder.encode(value), as: UTF8.self)) + "\n"
        } catch {
            throw OutputError("cannot encode the answer as JSON: \(error)")
        }
    }

    /// `json` with every character that could steer a terminal written as `\uXXXX`.
    ///
    /// The encoder escapes U+0000…001F only. DEL, the C1 controls (U+009B opens an escape sequence on its own),
    /// bidirectional overrides and other format characters are valid in JSON and would reach the terminal. They occur
    /// inside of strings only, where the escaped form means the same.
    package static func inert(_ json: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in json.unicodeScalars {
            if isActive(scalar) {
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16)
                    result.append(
                        contentsOf: "\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".unicodeScalars)
                }
            } else {
                result.append(scalar)
            }
        }
        return String(result)
    }

    private static func isActive(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control: scalar != "\n"  // the only one between values; in strings the encoder has escaped it
        case .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: true
        default: false
        }
    }
}
