# refused: services.macha.inventory is not set
{
  services.macha.enable = true;
}
