# refused when built: restart-the-lamp.yaml
{
  services.macha.enable = true;
  services.macha.inventory.hosts.nas.address = "192.168.1.10";
  services.macha.playbooks.restart-the-lamp.title = "Restart the lamp";
}
