# refused: whose members can become root
{
  services.macha-host.enable = true;
  services.macha-host.authorizedKeys = [ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGJlZmVlZmVlZmVlZmVlZmVlZmVlZmVlZmVlZmVlZmVl macha@controller" ];
  users.users.macha.extraGroups = [ "wheel" ];
}
