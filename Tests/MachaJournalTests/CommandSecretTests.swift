// SPDX-License-Identifier: MIT
import MachaJournal
import Testing

/// Secrets that have no key word before them, in commands somebody typed and in sentences of logs.
@Suite struct CommandSecretTests {
    private func kept(_ words: [String]) -> String {
        var redactor = Redactor()
        return String(decoding: redactor.clean(command: words), as: UTF8.self)
    }

    private func kept(_ line: String) -> String {
        var redactor = Redactor()
        return String(decoding: redactor.clean(Array(line.utf8)), as: UTF8.self)
    }

    @Test(
        arguments: [
            "sometool -p ExecBare99", "sometool -pExecBare99", "mysql -pExecBare99 shop",
            "mysqldump -u root -pExecBare99 shop",
            "mariadb -pExecBare99", "sshpass -p ExecBare99 ssh nas", "sshpass -pExecBare99 ssh nas",
            "curl -u bob:ExecBare99 https://x", "curl -ubob:ExecBare99 https://x", "curl -su bob:ExecBare99 https://x",
            "curl --user bob:ExecBare99 https://x", "curl -x proxy -U bob:ExecBare99 https://x",
            "curl -H Authorization:\u{20}Bearer\u{20}ExecBare99ExecBare99 https://x",
            "redis-cli -a ExecBare99 ping", "valkey-cli --pass ExecBare99", "smbclient //nas/x -U bob%ExecBare99",
            "smbclient //nas/x --user bob%ExecBare99", "rpcclient -Ubob%ExecBare99 nas",
            "mount -t cifs //nas/x /mnt -o username=bob,password=ExecBare99", "psql postgres://bob:ExecBare99@db/shop",
            "psql -c select host=db password=ExecBare99", "env PGPASSWORD=ExecBare99 psql",
            "ldapsearch -D cn=x -w ExecBare99",
            "ldappasswd -s ExecBare99 uid=x", "mongosh -u bob -p ExecBare99", "zip -P ExecBare99 a.zip a",
            "7z a -pExecBare99 a.7z a",
            "openssl enc -aes256 -pass pass:ExecBare99", "openssl rsa -passin pass:ExecBare99",
            "openssl enc -k ExecBare99",
            "htpasswd -b file bob ExecBare99", "htpasswd -nb bob ExecBare99", "wpa_passphrase home ExecBare99",
            "ipmitool -U admin -P ExecBare99 power status", "snmpwalk -v2c -c ExecBare99 switch",
            "xfreerdp /u:bob /p:ExecBare99",
            "docker login -u bob -p ExecBare99 reg.example", "skopeo copy --src-creds bob:ExecBare99 a b",
            "mosquitto_pub -u bob -P ExecBare99 -t x", "lftp -u bob,ExecBare99 nas", "useradd -p ExecBare99 bob",
            "vault login ExecBare99", "vault kv put secret/app key=ExecBare99",
            "aws configure set aws_secret_access_key ExecBare99",
            "nmcli con modify home wifi-sec.psk ExecBare99", "occ config:system:set dbpassword ExecBare99",
            "tailscale up --auth-key ExecBare99", "docker exec db mysql -pExecBare99", "sudo -u db mysql -pExecBare99",
            "sh -c echo\u{20}ExecBare99\u{20}|\u{20}sudo\u{20}-S\u{20}ls",
            "sh -c printf\u{20}bob:ExecBare99\u{20}|\u{20}chpasswd",
            "tool --password=ExecBare99", "tool --password ExecBare99", "tool --api-key ExecBare99",
            "tool --secret-id=ExecBare99",
            "curl https://api.telegram.org/bot123:ExecBare99/getMe",
            "curl https://hooks.slack.com/services/T0/B0/ExecBare99",
            "git clone https://bob:ExecBare99@git.example/x", "tool Kx9ExecBare99fT2qLw8Zb4",
        ])
    func `a secret in a command is not kept`(line: String) {
        #expect(!kept(line.split(separator: " ").map(String.init)).contains("ExecBare99"), "\(line)")
    }

    @Test func `a secret of several words is one`() {
        #expect(!kept(["tool", "--passphrase", "blue horse battery"]).contains("battery"))
        #expect(!kept(["tool", "--password=blue horse battery"]).contains("battery"))
        #expect(!kept(["sh", "-c", "mysql -u root -pblue99 shop"]).contains("blue99"))
        #expect(!kept(["sh", "-c", "sudo sh -c 'mysql -pblue99 shop'"]).contains("blue99"))
    }

    @Test(
        arguments: [
            "systemctl show -p ActiveState nginx.service", "ssh -p 2222 nas uptime", "mkdir -p /srv/media2/photos",
            "ps -p 12345 -o pid", "docker run -p 8080:80 web", "nix-shell -p python311 --run python3",
            "ls -l /etc/nixos",
            "journalctl -u nginx.service -p err -n 50", "uptime", "cp -p a1b2c3d4 e5f6", "mysql -u root shop",
            "curl -s https://x/y",
            "df -P /", "kill -9 1234", "cat /run/secrets/db-password", "mysql -p shop", "tar -xpf backup2026.tar",
            "curl --key /etc/ssl/key.pem https://x", "systemctl restart password-agent.service",
        ])
    func `a command line without secrets is kept verbatim`(line: String) {
        #expect(kept(line.split(separator: " ").map(String.init)) == line)
    }

    @Test(
        arguments: [
            "luks: passphrase is 'blue-horse'", "luks: the passphrase is blue horse battery staple",
            "app: password is swordfish", "app: the password for bob is \"blue horse\"",
            "app: password for bob was set to swordfish",
            "app: password changed to swordfish", "sim: PIN 4711 entered", "sim: pin is 4711",
            "app: your token is opensesame",
            "app: passcode: is `blue-horse`", "app: secret was “blue-horse”", "app: new password 'blue horse'",
            "app: password for user bob at db is swordfish.", "app: recovery code is bluehorse",
            "sudo: bob : COMMAND=/usr/bin/mysql -pswordfish shop",
            "sudo: bob : COMMAND=/usr/bin/sshpass -p swordfish ssh nas",
            "cron: (root) CMD (redis-cli -a swordfish ping)", "audit: proctitle=smbclient //nas/x -U bob%swordfish",
        ])
    func `a sentence that gives a secret away does not leave with it`(line: String) {
        let clean = kept(line)
        for secret in ["blue", "horse", "swordfish", "4711", "opensesame"] {
            #expect(!clean.contains(secret), "\(clean)")
        }
    }

    @Test(
        arguments: [
            "sshd: password is required for bob", "app: the password is incorrect", "app: token is expired",
            "app: token was refreshed",
            "app: secret is stored in /run/secrets", "pinctrl: pin 116 already requested", "app: passphrase is not set",
            "app: password for bob was changed", "parser: unexpected token 'else' in line 4",
            "app: secret 'db-tls' not found",
            "app: password authentication is disabled", "kernel: pin 12 is configured as output",
            "app: your password is too short",
        ])
    func `a sentence about a secret is kept`(line: String) { #expect(kept(line) == line) }
}
