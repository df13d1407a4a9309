# refused: services.macha.inventori
{
  services.macha.enable = true;
  services.macha.inventori.hosts.nas = { };
}
