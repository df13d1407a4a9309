// SPDX-License-Identifier: MIT

/// The commands of the first Macha: each was a program of its own. docs/first-macha.md lists them all.
enum FirstMacha {
    /// The program's other names, and the words that each stands for. Packages make a link for each of them.
    static let programs = [
        "macha-ai": ["ai"], "macha-approve": ["approve"], "macha-ask": ["ask"], "macha-chat": ["chat"],
        "macha-check": ["check"], "macha-configs": ["configs"], "macha-configs-read": ["configs-read"],
        "macha-issues": ["issues"], "macha-knowledge": ["knowledge"], "macha-logs": ["logs"],
        "macha-notify": ["notify"], "macha-systems": ["hosts"],
    ]

    /// What to type instead of a command that this Macha does not have; `nil` when `words` begin with no such command.
    static func instead(of words: [String]) -> String? { words.first.flatMap { replaced[$0] } }

    private static let replaced = [
        "ai": "the daemon is 'macha serve', and one maintenance cycle is 'macha check'",
        "ask":
            "Macha takes no questions yet; 'macha status HOST' shows what is known of a host, its analysis included",
        "chat":
            "Macha has no conversation yet; 'macha approve discuss ID' shows all that is known of an action",
        "configs":
            "Macha keeps no copy of your configuration files; search them where they are, with 'grep -r WORD FOLDER'",
        "configs-read": "Macha keeps no copy of your configuration files; read them where they are, with 'less FILE'",
        "knowledge":
            "Macha keeps no knowledge base; 'macha issues list --all' shows what happened before",
    ]
}
