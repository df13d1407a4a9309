# A development machine, as the first Macha's examples have it.
# expect: etc/macha-autonomous/inventory/inventory.yaml "autonomy":"observe"
# expect: etc/macha-autonomous/inventory/inventory.yaml "check-interval":"600s"
# expect: etc/macha-autonomous/config.json "models":\["llama3\.1:8b"\],"url":"http://localhost:11434"
# expect: etc/macha-autonomous/inventory/inventory.yaml "macha":\{"address":"127.0.0.1"
# expect: units/macha.service ^Alias=macha-autonomous.service$
{
  imports = [ ./machine/jellyfin.nix ];
  services.macha-autonomous = {
    enable = true;
    autonomyLevel = "observe";
    checkInterval = 600;
    model = "llama3.1:8b";
  };
}
