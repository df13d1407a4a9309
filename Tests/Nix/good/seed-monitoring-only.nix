# Only monitoring, as the first Macha's examples have it.
# expect: etc/macha-autonomous/inventory/inventory.yaml "autonomy":"observe"
# expect: etc/macha-autonomous/inventory/inventory.yaml "check-interval":"60s"
# expect: etc/macha-autonomous/config.json "models":\["qwen3:8b\-fp16"\],"url":"http://localhost:11434"
# expect: etc/macha-autonomous/inventory/inventory.yaml "macha":\{"address":"127.0.0.1"
# expect: units/macha.service ^Alias=macha-autonomous.service$
{
  imports = [ ./machine/jellyfin.nix ];
  services.macha-autonomous = {
    enable = true;
    autonomyLevel = "observe";
    checkInterval = 60;
    model = "qwen3:8b-fp16";
  };
}
