# High autonomy, as the first Macha's examples have it.
# expect: etc/macha-autonomous/inventory/inventory.yaml "autonomy":"auto-full"
# expect: etc/macha-autonomous/inventory/inventory.yaml "check-interval":"300s"
# expect: etc/macha-autonomous/config.json "models":\["llama3\.1:70b"\],"url":"http://localhost:11434"
# expect: etc/macha-autonomous/inventory/inventory.yaml "macha":\{"address":"127.0.0.1"
# expect: units/macha.service ^Alias=macha-autonomous.service$
# expect: rules ^macha ALL=\(root\) NOPASSWD: /run/current-system/sw/bin/systemctl restart -- jellyfin.service$
{
  imports = [ ./machine/jellyfin.nix ];
  services.macha-autonomous = {
    enable = true;
    autonomyLevel = "auto-full";
    checkInterval = 300;
    model = "llama3.1:70b";
  };
}
