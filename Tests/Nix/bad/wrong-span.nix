# refused: services.macha.settings.daemon.heartbeat-interval
{
  services.macha.enable = true;
  services.macha.inventory.hosts.nas.address = "192.168.1.10";
  services.macha.settings.daemon.heartbeat-interval = "five minutes";
}
