// SPDX-License-Identifier: MIT
import MachaInventory
import MachaProbes

/// One kind of trouble on a host that was reached. It speaks only of readings that are known.
protocol Detector: Sendable {
    static func findings(in snapshot: Snapshot, _ thresholds: Thresholds) -> [Finding]
}

extension String {
    /// This text as one word of a command line that a person may copy from a remedy, in quotes where a shell wants them;
    /// `placeholder` when it could be taken for anything else or does not show what it is. Hosts choose their unit and
    /// folder names: `mnt-usb\x20disk.mount`, `backup@größe.service`.
    func asArgument(_ placeholder: String) -> String {
        guard !isEmpty, count <= 100, first != "-" else { return placeholder }
        var isPlain = true
        for scalar in unicodeScalars {
            let isWord = scalar.properties.isAlphabetic || scalar.properties.numericType != nil
            if scalar.isASCII && (isWord || "/._-:@".unicodeScalars.contains(scalar)) { continue }
            isPlain = false
            let isQuotable = scalar.isASCII ? "\\ +,=~%#[]{}".unicodeScalars.contains(scalar) : isWord
            guard isQuotable else { return placeholder }
        }
        return isPlain ? self : "'\(self)'"
    }
}
