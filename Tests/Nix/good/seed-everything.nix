# Every option of the first Macha.
# expect: etc/macha-autonomous/inventory/inventory.yaml "nas.lan":\{\}
# expect: etc/macha-autonomous/config.json "token-credential":"notifications-receivers-gotify-token"
# expect: etc/macha-autonomous/config.json "configRepo":"https://git.example.org/machines.git"
# expect: units/macha.service ^LoadCredential=notifications-receivers-gotify-token:/run/secrets/gotify$
# expect: units/macha.service ^LoadCredential=ssh-key:/var/lib/macha-self/ssh-key$
# expect: account "uid":2501
# expect: warnings gotifyTokenFile now
{
  imports = [ ./machine/jellyfin.nix ];
  services.macha-autonomous = {
    enable = true;
    autonomyLevel = "auto-safe";
    checkInterval = 120;
    ollamaHost = "http://desk:11434";
    model = "llama3.1:8b";
    uid = 2501;
    gotifyUrl = "https://gotify.example.org";
    gotifyToken = "/run/secrets/gotify";
    remoteSystems = [ "nas.lan" "10.0.0.5" ];
    configRepo = "https://git.example.org/machines.git";
    configBranch = "production";
  };
}
