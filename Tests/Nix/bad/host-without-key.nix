# refused: services.macha-host.authorizedKeys is empty
{
  services.macha-host.enable = true;
}
