# Critical production, as the first Macha's examples have it.
# expect: etc/macha-autonomous/inventory/inventory.yaml "autonomy":"suggest"
# expect: etc/macha-autonomous/inventory/inventory.yaml "check-interval":"120s"
# expect: etc/macha-autonomous/config.json "models":\["llama3\.1:70b"\],"url":"http://localhost:11434"
# expect: etc/macha-autonomous/inventory/inventory.yaml "macha":\{"address":"127.0.0.1"
# expect: units/macha.service ^Alias=macha-autonomous.service$
# expect: rules ^macha ALL=\(root\) NOPASSWD: /run/current-system/sw/bin/systemctl restart -- jellyfin.service$
{
  imports = [ ./machine/jellyfin.nix ];
  services.macha-autonomous = {
    enable = true;
    autonomyLevel = "suggest";
    checkInterval = 120;
    model = "llama3.1:70b";
  };
}
