# The name that the first Macha had before its own.
# expect: etc/macha-autonomous/inventory/inventory.yaml "autonomy":"observe"
# expect: warnings services.ai-sysadmin.autonomyLevel
{
  imports = [ ./machine/jellyfin.nix ];
  services.ai-sysadmin.enable = true;
  services.ai-sysadmin.autonomyLevel = "observe";
}
