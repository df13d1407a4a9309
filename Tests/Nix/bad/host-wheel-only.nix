# refused: by which only members of wheel may start sudo
{
  services.macha-host.enable = true;
  services.macha-host.authorizedKeys = [ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGJlZmVlZmVlZmVlZmVlZmVlZmVlZmVlZmVlZmVlZmVl macha@controller" ];
  security.sudo.execWheelOnly = true;
}
