# refused: takes public keys alone
{
  services.macha-host.enable = true;
  services.macha-host.authorizedKeys = [ "no-pty ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGJlZmVlZmVlZmVlZmVlZmVlZmVlZmVlZmVlZmVlZmVl macha@controller" ];
}
