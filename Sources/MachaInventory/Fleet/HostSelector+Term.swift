// SPDX-License-Identifier: MIT
import MachaModel

extension HostSelector {
    /// One part of a selector.
    struct Term: Hashable, Sendable {
        enum Subject: Hashable, Sendable {
            case all
            case name(Pattern)
            case group(Pattern)
            case tag(Pattern)
        }

        /// As written, without `!` and spaces.
        let text: String
        let isExclusion: Bool
        let subject: Subject
    }

    /// A name, or a pattern over names.
    enum Pattern: Hashable, Sendable {
        case exactly(String)
        case fits(Glob)

        func matches(_ text: String) -> Bool {
            switch self {
            case .exactly(let name): name == text
            case .fits(let glob): glob.matches(text)
            }
        }
    }
}

extension HostSelector.Term {
    init(_ part: String) throws(SelectorError) {
        var rest = part.trimmed
        isExclusion = rest.first == "!"
        if isExclusion { rest = String(rest.dropFirst()).trimmed }
        text = rest
        guard !rest.isEmpty else {
            let problem = part.trimmed.isEmpty ? "is empty" : "has nothing after '!'"
            throw SelectorError(["a selector's part \(problem); write a host, a pattern, '@group', 'tag:x' or 'all'"])
        }
        if rest == "all" {
            subject = .all
        } else if rest.hasPrefix("@") {
            subject = .group(try Self.pattern(String(rest.dropFirst()), in: rest))
        } else if rest.hasPrefix("tag:") {
            subject = .tag(try Self.pattern(String(rest.dropFirst(4)), in: rest))
        } else {
            subject = .name(try Self.pattern(rest, in: rest))
        }
    }

    private static func pattern(_ name: String, in term: String) throws(SelectorError) -> HostSelector.Pattern {
        guard !name.isEmpty else { throw SelectorError(["selector part \(term.quoted) has no name"]) }
        guard !name.contains(where: \.isWhitespace) else {
            throw SelectorError(["selector part \(term.quoted) contains a space; separate hosts with commas"])
        }
        guard Glob.isPattern(name) else { return .exactly(name) }
        guard let glob = Glob(name) else {
            throw SelectorError(["selector part \(term.quoted) is not a valid pattern; write a set as [a-z]"])
        }
        return .fits(glob)
    }

    func matches(_ host: FleetHost) -> Bool {
        switch subject {
        case .all: true
        case .name(let pattern): pattern.matches(host.name)
        case .group(let pattern): host.groups.contains { pattern.matches($0) }
        case .tag(let pattern): host.tags.contains { pattern.matches($0) }
        }
    }

    /// Why it is a mistake that this term fits no host; `nil` when it is none.
    func complaint(about hosts: [FleetHost]) -> String? {
        switch subject {
        case .all: return "there is no host"
        case .name(.exactly(let name)):
            if hosts.contains(where: { $0.groups.contains(name) }) {
                return complaint("unknown host \(name.quoted)", nearest: name, prefix: "@")
            }
            if hosts.contains(where: { $0.tags.contains(name) }) {
                return complaint("unknown host \(name.quoted)", nearest: name, prefix: "tag:")
            }
            return complaint("unknown host \(name.quoted)", nearest: name.nearest(in: hosts.map(\.name)), prefix: "")
        case .group(.exactly(let name)):
            let nearest = name.nearest(in: Set(hosts.flatMap(\.groups)).sorted())
            return complaint("no host is in group \(name.quoted)", nearest: nearest, prefix: "@")
        case .tag(.exactly(let name)):
            let nearest = name.nearest(in: Set(hosts.flatMap(\.tags)).sorted())
            return complaint("no host has the tag \(name.quoted)", nearest: nearest, prefix: "tag:")
        case .name(.fits), .group(.fits), .tag(.fits):
            return isExclusion ? nil : "no host matches \(text.quoted)"
        }
    }

    private func complaint(_ message: String, nearest: String?, prefix: String) -> String {
        message + (nearest.map { "; did you mean \((prefix + $0).quoted)?" } ?? "")
    }
}

extension HostSelector.Term: CustomStringConvertible {
    var description: String { (isExclusion ? "!" : "") + text }
}

extension String {
    fileprivate var trimmed: String {
        var text = drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
