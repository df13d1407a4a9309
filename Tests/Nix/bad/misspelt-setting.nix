# refused: services.macha.settings.notifications.quiet-hour
{
  services.macha.enable = true;
  services.macha.inventory.hosts.nas.address = "192.168.1.10";
  services.macha.settings.notifications.quiet-hour = "22:00-07:00";
}
