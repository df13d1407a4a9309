// SPDX-License-Identifier: MIT
import MachaModel
import MachaProbes

extension Check.Kind {
    package static let diskBelow = Self(DiskBelow.self)
}

extension Check {
    package static func diskBelow(_ path: FolderPath, _ limit: Percent) -> Check {
        Check(DiskBelow(path: path, limit: limit))
    }
}

/// At most this share of the file system is in use, in percent.
private struct DiskBelow: CheckDefinition {
    static let name = "disk-below"
    private static let folder = Parameter("path", example: "/", FolderPath.init)
    private static let percent = Parameter("percent", example: "80", Percent.init)
    static let parameters = [folder.required, percent.required]
    static let needsOneAnswer = true

    let path: FolderPath
    let limit: Percent

    init(path: FolderPath, limit: Percent) {
        self.path = path
        self.limit = limit
    }

    init?(_ reader: inout ParameterReader) {
        let path = reader.required(Self.folder)
        let limit = reader.required(Self.percent)
        guard let path, let limit else { return nil }
        self.init(path: path, limit: limit)
    }

    var values: [String: ActionValue] { ["path": .text(path.description), "percent": .text("\(limit.number)")] }
    var sentence: String { "\(path) is at most \(limit) full" }
    var command: Command? { Command("df", ["-P", "-k", "--", path.description], outputLimit: 16 << 10) }

    func judge(_ answers: CheckAnswers) -> CheckVerdict {
        guard let row = answers.now.wholeLines?.last, let share = Self.share(in: row) else { return answers.unclear }
        return CheckVerdict(share <= limit.number, "\(share) % in use")
    }

    /// The fifth column of `df -P`, whose mount point may hold spaces but stands behind it.
    private static func share(in row: String) -> Int? {
        let columns = ProbeText.words(row)
        guard columns.count >= 6, columns[4].hasSuffix("%") else { return nil }
        return Int(columns[4].dropLast())
    }
}
