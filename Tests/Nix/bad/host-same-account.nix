# refused: must not be the controller's own account
{
  services.macha.enable = true;
  services.macha.inventory.hosts.nas.address = "192.168.1.10";
  services.macha-host.enable = true;
  services.macha-host.user = "macha-autonomous";
  services.macha-host.authorizedKeys = [ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGJlZmVlZmVlZmVlZmVlZmVlZmVlZmVlZmVlZmVlZmVl macha@controller" ];
}
