// SPDX-License-Identifier: MIT
import MachaModel

/// Collects what the files of an inventory set, layer by layer, and every mistake in them.
struct InventoryReader {
    /// What `~` stands for.
    let home: String
    var mistakes: [Mistake] = []
    /// False once something that may define groups or hosts could not be read: a name that is missing then is no mistake.
    var isComplete = true
    private(set) var silences: [ReadSilence] = []
    private(set) var groups: [String: InventoryLayer] = [:]
    private(set) var hosts: [(name: String, layer: InventoryLayer)] = []
    private var defaultsEntries: [YAMLEntry] = []
    /// Where each group, host and key of the defaults came first; the kind is part of the name.
    private var first: [String: SourcePosition] = [:]

    init(home: String) { self.home = home }

    /// The defaults of all files together.
    mutating func defaults() -> InventoryLayer {
        for entry in defaultsEntries { checkRepetition(entry, of: "key") }
        return layer(defaultsEntries, .defaults)
    }

    mutating func read(_ text: String, file: String) {
        let document = YAMLDocument(text, file: file)
        mistakes += document.mistakes
        guard document.isComplete else { return isComplete = false }
        let start = SourcePosition(file: file, line: 1, column: 1)
        guard let root = document.root, !root.isNull else {
            isComplete = false
            let message = "the file is empty; an inventory has 'hosts:' with a name below it"
            return mistakes.append(Mistake(message, at: start))
        }
        for section in entries(root, "an inventory") {
            switch section.key {
            case "defaults": defaultsEntries += entries(section.value, "defaults")
            case "groups":
                for entry in entries(section.value, "groups") { readGroup(entry) }
            case "hosts":
                for entry in entries(section.value, "hosts") { readHost(entry) }
            case "silences": silences += silences(section.value)
            default:
                isComplete = false
                let known = ["defaults", "groups", "hosts", "silences"]
                mistakes.append(.unknownKey(section, "at the top level", known: known))
            }
        }
    }

    private mutating func readGroup(_ entry: YAMLEntry) {
        checkName(entry, "group")
        checkRepetition(entry, of: "group")
        let level = InventoryLevel.group(entry.key)
        let layer = layer(entries(entry.value, level.title), level)
        if groups[entry.key] == nil { groups[entry.key] = layer }
    }

    private mutating func readHost(_ entry: YAMLEntry) {
        checkName(entry, "host")
        let level = InventoryLevel.host(entry.key)
        var layer = layer(entries(entry.value, level.title), level)
        layer.position = entry.position
        checkLocal(layer)
        checkRepetition(entry, of: "host")
        hosts.append((entry.key, layer))
    }

    private mutating func checkName(_ entry: YAMLEntry, _ what: String) {
        do throws(ValueValidationError) {
            _ = try InventoryValue.name(entry.key)
        } catch {
            mistakes.append(Mistake("\(what) name: \(error.description)", at: entry.position))
        }
    }

    /// Finds what two files say. What one file says twice is among the mistakes of its document.
    private mutating func checkRepetition(_ entry: YAMLEntry, of what: String) {
        let name = "\(what) \(entry.key)"
        guard let earlier = first[name] else { return first[name] = entry.position }
        guard earlier.file != entry.position.file else { return }
        let message = "\(what) \(entry.key.quoted) is given twice; the first is at \(earlier)"
        mistakes.append(Mistake(message, at: entry.position))
    }

    private mutating func checkLocal(_ layer: InventoryLayer) {
        guard layer.connection?.value == .local else { return }
        for key in layer.keysForSSH {
            let name = key.value.rawValue.quoted
            let message = "\(layer.level.title) is local, so \(name) has no effect; remove it, or 'connection: local'"
            mistakes.append(Mistake(message, at: key.position))
        }
    }

    /// The keys below `node`; nothing written means no keys.
    private mutating func entries(_ node: YAMLNode, _ what: @autoclosure () -> String) -> [YAMLEntry] {
        if case .mapping(let entries) = node.kind { return entries }
        if node.isNull { return [] }
        isComplete = false
        let message = "\(what()) must be a mapping of keys to values, not \(node.kindName)"
        mistakes.append(Mistake(message, at: node.position))
        return []
    }
}
