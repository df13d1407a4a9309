# refused when built: managed-units
{
  services.macha-host.enable = true;
  services.macha-host.authorizedKeys = [ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGJlZmVlZmVlZmVlZmVlZmVlZmVlZmVlZmVlZmVlZmVl macha@controller" ];
  services.macha-host.managedUnits = [ "*" ];
}
