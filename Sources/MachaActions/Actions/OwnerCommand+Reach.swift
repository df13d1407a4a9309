// SPDX-License-Identifier: MIT
import MachaModel

/// What a command can do beside what its first word says. An owner's word that it is harmless counts only where Macha can
/// see by itself what would run.
extension OwnerCommand {
    /// Why it is of high risk whatever its playbook says; `nil` when nothing speaks against the playbook's own word.
    var unseenReach: String? {
        let program = Self.baseName(words[0])
        if program.contains("=") || program.contains(where: \.isWhitespace) {
            return "\(program.quoted) is not a plain program"
        }
        if CommandLineParsing.runsOthers(program) {
            return "\(program.quoted) runs whatever its arguments, its input or a file say"
        }
        if let what = CommandLineParsing.consequences[program] { return "\(program.quoted) \(what)" }
        if let why = CommandLineParsing.objection(toVerbsOf: program, Array(words.dropFirst())) { return why }
        for word in words.dropFirst() {
            if Glob.isPattern(word) {
                return "\(word.quoted) is a pattern, and only the host knows what it matches"
            }
            for token in Self.tokens(of: word).map(Self.baseName) {
                if CommandLineParsing.runsAnything(token) {
                    return "\(token.quoted) among its words can run anything"
                }
                if CommandLineParsing.power.contains(token) { return "\(token.quoted) among its words ends the system" }
            }
        }
        return nil
    }

    /// Every unit that one of its words may name, also within a word: `sh -c "systemctl restart sshd"`, `--unit=sshd`.
    var mentionedUnits: [UnitName] {
        var seen: Set<UnitName> = []
        return words.dropFirst().flatMap(Self.candidates).compactMap { try? UnitName($0) }
            .filter { seen.insert($0).inserted }
    }

    /// The patterns among its words; each may stand for many units.
    var mentionedPatterns: [String] { words.dropFirst().flatMap(Self.candidates).filter(Glob.isPattern) }

    /// The units a program of systemd would be asked to move, which may pull others along.
    var movedUnits: [UnitName] {
        Self.baseName(words[0]) == "systemctl" ? mentionedUnits : []
    }

    /// The parts of a word between blanks, quotes and what a shell reads as the end of a word.
    private static func tokens(of word: String) -> [String] {
        word.split { $0.isWhitespace || "'\"`;|&<>(){}$=,\\".contains($0) }.map(String.init)
    }

    /// What of `word` may be a unit's name: the word, its parts, and a path's last part if it names a kind of unit.
    private static func candidates(_ word: String) -> [String] {
        ([word] + tokens(of: word)).flatMap { part -> [String] in
            let bare = String(part.drop { $0 == "-" })
            let glued = part.hasPrefix("-") && !part.hasPrefix("--") ? String(part.dropFirst(2)) : bare
            guard part.contains("/") else { return [part, bare, glued].filter { !$0.isEmpty } }
            let last = baseName(part)
            return UnitName.Kind.allCases.contains { last.hasSuffix(".\($0.rawValue)") } ? [last] : []
        }
    }

    /// A program's name without its folder; `.foo-wrapped`, as nixpkgs wraps programs, is `foo`.
    private static func baseName(_ text: String) -> String {
        let name = text.split(separator: "/").last.map(String.init) ?? text
        guard name.hasPrefix("."), name.hasSuffix("-wrapped") else { return name }
        return String(name.dropFirst().dropLast("-wrapped".count))
    }
}

/// The words of commands that Macha knows to reach further than they look.
///
/// No such list is ever complete, which is why it can only raise a risk: what it does not know stays what the owner of the
/// fleet, who alone writes commands, has called it.
enum CommandLineParsing {
    static let shells: Set<String> = [
        "sh", "bash", "dash", "ash", "zsh", "ksh", "mksh", "fish", "csh", "tcsh", "nu", "elvish", "xonsh", "rbash",
        "busybox", "toybox", "pwsh", "yash",
    ]

    /// They run their arguments as somebody else, or elsewhere.
    static let asAnother: Set<String> = [
        "sudo", "doas", "su", "runuser", "pkexec", "run0", "ssh", "mosh", "systemd-run", "machinectl", "nsenter",
        "chroot", "unshare", "setpriv", "capsh", "gosu", "su-exec",
    ]

    static let power: Set<String> = [
        "reboot", "poweroff", "halt", "shutdown", "kexec", "telinit", "soft-reboot", "suspend", "hibernate",
        "hybrid-sleep", "suspend-then-hibernate", "pm-suspend", "pm-hibernate", "systemd-sleep",
    ]

    private static let interpreters: Set<String> = [
        "python", "perl", "ruby", "node", "nodejs", "deno", "bun", "lua", "luajit", "php", "tclsh", "wish", "expect",
        "guile", "java", "scala", "groovy", "awk", "gawk", "mawk", "nawk", "sed", "ed", "ex", "vi", "vim", "nvim",
        "emacs",
        "nano", "less", "more", "man", "gdb", "make", "gmake", "ninja", "git", "osascript", "rscript", "julia", "go",
        "cargo", "npm", "npx", "gcc", "cc", "jshell", "racket", "sbcl", "ghci", "runghc", "m4", "bc", "dc", "sqlite",
    ]

    private static let wrappers: Set<String> = [
        "env", "nice", "ionice", "chrt", "taskset", "timeout", "xargs", "parallel", "nohup", "setsid", "stdbuf", "time",
        "watch", "flock", "script", "unbuffer", "exec", "eval", "command", "coreutils", "strace", "ltrace", "perf",
        "valgrind", "fakeroot", "proot", "bwrap", "firejail", "cgexec", "numactl", "prlimit", "chpst", "softlimit",
        "start-stop-daemon", "daemonize", "systemd-inhibit", "systemd-cat", "systemd-nspawn", "nixos-container",
        "nixos-enter", "nix", "nix-shell", "nix-build", "nix-instantiate", "nixos-rebuild", "switch-to-configuration",
        "nixos-install", "home-manager", "docker", "podman", "nerdctl", "kubectl", "crictl", "ctr", "runc", "crun",
        "lxc",
        "incus", "virsh", "at", "batch", "crontab", "busctl", "dbus-send", "gdbus", "qdbus", "socat", "nc", "ncat",
        "netcat", "telnet", "rsync", "scp", "sftp", "tar", "cpio", "zip", "screen", "tmux", "dtach", "ld.so", "entr",
        "ansible", "salt-call", "puppet", "chef-client", "apt", "apt-get", "dpkg", "dnf", "yum", "rpm", "pacman", "apk",
        "s6-svc", "sv", "rc-service", "service", "initctl", "run-parts", "runsv",
    ]

    /// Programs of high risk by what they are for, with what that is.
    static let consequences: [String: String] = {
        func all(_ names: String, _ what: String) -> [(String, String)] {
            names.split(separator: " ").map { (String($0), what) }
        }
        let known =
            power.map { ($0, "ends the system") } + [("init", "ends the system")]
            + all("kill pkill killall killall5 skill fuser", "ends processes by number or pattern")
            + all(
                "ip ifconfig route ifup ifdown ifquery nmcli nmtui networkctl wg wg-quick tailscale netbird zerotier-cli "
                    + "nft iptables ip6tables iptables-restore ip6tables-restore ipset ebtables arptables ufw firewall-cmd "
                    + "tc bridge brctl iw iwctl iwconfig wpa_cli rfkill ethtool dhclient dhcpcd ipsec swanctl openvpn",
                "can cut the connection to the host")
            + all(
                "passwd chpasswd usermod useradd userdel groupmod groupdel gpasswd visudo chsh vipw",
                "changes who may log in")
            + all(
                "dd mkfs wipefs fdisk sfdisk cfdisk gdisk sgdisk parted blkdiscard cryptsetup lvremove vgremove pvremove "
                    + "lvreduce mdadm zpool zfs btrfs umount mount swapoff fsck e2fsck resize2fs hdparm nvme shred",
                "works on disks")
            + all(
                "bootctl efibootmgr grub-install grub-mkconfig update-grub fwupdmgr flashrom modprobe rmmod insmod sysctl "
                    + "nix-env nixos-generate-config",
                "decides what runs or boots")
        return Dictionary(known, uniquingKeysWith: { first, _ in first })
    }()

    /// Whether a command that names `token` anywhere may well run it: names that are words of a language too are left out.
    static func runsAnything(_ token: String) -> Bool {
        shells.contains(token) || asAnother.contains(token)
            || ["python", "python3", "perl", "ruby", "env", "xargs", "nohup", "setsid", "eval"].contains(token)
    }

    static func runsOthers(_ program: String) -> Bool {
        // python3.12, bash-5.2, lua5.4
        let plain = String(
            program.lowercased().prefix { !$0.isNumber }.reversed().drop { "-._".contains($0) }.reversed())
        return [program, plain].contains { name in
            shells.contains(name) || asAnother.contains(name) || interpreters.contains(name) || wrappers.contains(name)
        } || program.hasPrefix("ld-linux") || program.hasPrefix("ld-musl") || program.hasPrefix("mkfs.")
            || program.hasPrefix("fsck.")
    }

    /// What the programs of systemd may be told without more; anything else they are told is of high risk.
    private static let verbs: [String: Set<String>] = [
        "systemctl": [
            "start", "stop", "restart", "try-restart", "reload", "reload-or-restart", "try-reload-or-restart",
            "reset-failed", "clean", "status", "show", "cat", "help", "is-active", "is-failed", "is-enabled",
            "is-system-running", "list-units", "list-unit-files", "list-timers", "list-sockets", "list-jobs",
            "list-dependencies", "list-machines", "list-paths", "daemon-reload", "get-default", "show-environment",
        ],
        "loginctl": ["list-sessions", "list-users", "list-seats", "show-session", "show-user", "session-status"],
        "resolvectl": ["flush-caches", "reset-server-features", "reset-statistics", "statistics", "status", "query"],
        "timedatectl": ["status", "show", "timesync-status", "show-timesync", "list-timezones"],
        "hostnamectl": ["status"],
        "journalctl": [],
    ]
    private static let systemctlFar: Set<String> = [
        "-H", "--host", "-M", "--machine", "--root", "--image", "-f", "--force",
    ]
    private static let findActions: Set<String> = [
        "-exec", "-execdir", "-ok", "-okdir", "-fprint", "-fprint0", "-fprintf", "-fls",
    ]

    static func objection(toVerbsOf program: String, _ words: [String]) -> String? {
        if program == "find", let action = words.first(where: findActions.contains) {
            return "'find' with \(action.quoted) runs or writes something else"
        }
        guard let allowed = verbs[program], !allowed.isEmpty else { return nil }
        for option in words where option.hasPrefix("-") {
            let name = option.hasPrefix("--") ? String(option.prefix { $0 != "=" }) : String(option.prefix(2))
            if systemctlFar.contains(name) { return "\(program) \(option.quoted) reaches further than its verb" }
        }
        guard let verb = words.first(where: { !$0.hasPrefix("-") }) else { return nil }
        return allowed.contains(verb) ? nil : "\(program) \(verb.quoted) can stop the system or a part of it"
    }
}
