# refused when built: unknown key 'adress'
{
  services.macha.enable = true;
  services.macha.inventory.hosts.nas.adress = "192.168.1.10";
}
