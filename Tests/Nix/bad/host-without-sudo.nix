# refused: services.macha-host.sudo needs security.sudo.enable
{
  services.macha-host.enable = true;
  services.macha-host.authorizedKeys = [ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGJlZmVlZmVlZmVlZmVlZmVlZmVlZmVlZmVlZmVlZmVl macha@controller" ];
  security.sudo.enable = false;
}
