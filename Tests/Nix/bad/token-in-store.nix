# refused: notifications.receivers.phone.token-file` is in the Nix store
{
  services.macha.enable = true;
  services.macha.inventory.hosts.nas.address = "192.168.1.10";
  services.macha.settings.notifications.receivers.phone = {
    kind = "gotify"; url = "https://g.example.org"; token-file = builtins.storeDir + "/xyz-token";
  };
}
