# refused: must be the absolute path of a file that holds the secret, not the secret itself
{
  services.macha.enable = true;
  services.macha.inventory.hosts.nas.address = "192.168.1.10";
  services.macha.settings.notifications.receivers.phone = {
    kind = "gotify"; url = "https://g.example.org"; token-file = "Axyz123";
  };
}
