// SPDX-License-Identifier: MIT

/// How a program takes a secret among its arguments, where no long name says so.
struct CommandFlags {
    /// The secret is the next word.
    var next: [String] = []
    /// The secret is the rest of the same word: `-pSECRET`.
    var glued: [String] = []
    /// The next word, or the rest of the same, is a user and, behind this sign, the secret: `-u bob:SECRET`.
    var behind: [String: UInt8] = [:]
    /// Only when this word stands before it: `docker login -p`, not `docker run -p`.
    var only: String?
    /// The last word is the secret when this flag is given; an empty one means always.
    var last: String?

    /// Source: each program's manual page.
    static let known: [String: CommandFlags] = {
        var known: [String: CommandFlags] = [:]
        func add(_ programs: String, _ flags: CommandFlags) {
            for program in programs.split(separator: " ") { known[String(program)] = flags }
        }
        add(
            "mysql mysqldump mysqladmin mysqlimport mysqlshow mysqlcheck mysqlpump mysqlslap mariadb mariadb-dump "
                + "mariadb-admin mariadb-import mariadb-check mycli 7z 7za 7zr 7zz",
            CommandFlags(glued: ["-p"]))
        add("rar unrar", CommandFlags(glued: ["-p", "-hp"]))
        add(
            "sshpass mongo mongosh mongodump mongorestore mongoexport mongoimport rdesktop evil-winrm hydra cqlsh impala-shell",
            CommandFlags(next: ["-p"], glued: ["-p"]))
        add(
            "curl",
            CommandFlags(
                next: ["--oauth2-bearer", "--pass", "--proxy-pass", "-b"],
                behind: ["-u": colon, "--user": colon, "-U": colon, "--proxy-user": colon]))
        add("redis-cli valkey-cli keydb-cli", CommandFlags(next: ["-a", "--pass"]))
        add(
            "smbclient rpcclient net smbget smbcacls smbtree smbspool smbcquotas pdbedit winexe",
            CommandFlags(behind: ["-U": UInt8(ascii: "%"), "--user": UInt8(ascii: "%")]))
        add(
            "ldapsearch ldapadd ldapmodify ldapdelete ldapwhoami ldapmodrdn ldapcompare",
            CommandFlags(next: ["-w"], glued: ["-w"]))
        add("ldappasswd", CommandFlags(next: ["-w", "-s", "-a"], glued: ["-w", "-s", "-a"]))
        add("slappasswd", CommandFlags(next: ["-s"]))
        add(
            "zip unzip zipcloak funzip ipmitool mosquitto_pub mosquitto_sub mosquitto_rr sqlcmd bcp",
            CommandFlags(next: ["-P"], glued: ["-P"]))
        add("openssl", CommandFlags(next: ["-k", "-K"]))
        add("snmpget snmpwalk snmpset snmpbulkwalk snmpstatus snmptrap", CommandFlags(next: ["-c", "-A", "-X"]))
        add("xfreerdp xfreerdp3 wlfreerdp", CommandFlags(glued: ["/p:"]))
        add(
            "docker podman nerdctl buildah helm oc az oras crane regctl",
            CommandFlags(next: ["-p"], glued: ["-p"], only: "login"))
        add("skopeo", CommandFlags(behind: ["--creds": colon, "--src-creds": colon, "--dest-creds": colon]))
        add("lftp ncftp", CommandFlags(next: ["-p"], behind: ["-u": UInt8(ascii: ",")]))
        add("influx", CommandFlags(next: ["-password", "-p", "-t"]))
        add("useradd usermod groupadd groupmod doveadm kadmin kadmin.local", CommandFlags(next: ["-p", "-w", "-pw"]))
        add("htpasswd", CommandFlags(last: "b"))
        add("wpa_passphrase mkpasswd", CommandFlags(last: ""))
        return known
    }()

    private static let colon = UInt8(ascii: ":")

    /// Programs whose `-p` is a path, a port, a process or a package, and never a secret.
    static let plain: Set<String> = [
        "mkdir", "cp", "mv", "install", "ps", "ssh", "scp", "sftp", "tar", "nc", "ncat", "nix-shell", "nix-env",
        "systemctl",
        "journalctl", "lsof", "pgrep", "pkill", "ss", "netstat", "python", "python3", "perl", "ruby", "node", "read",
        "patch",
        "rsync", "strace", "gdb", "taskset", "renice", "chrt", "ionice", "iotop", "pidstat", "pmap", "nmap", "git",
    ]

    /// Programs that read a secret from the pipe before them.
    static let readers: Set<String> = [
        "passwd", "chpasswd", "smbpasswd", "cryptsetup", "sudo", "docker", "podman", "gpg", "gpg2", "kinit", "openssl",
        "su",
        "zfs", "restic", "borg", "htpasswd", "saslpasswd2", "wpa_passphrase", "helm", "skopeo", "systemd-creds", "age",
    ]
}
