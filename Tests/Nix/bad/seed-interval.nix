# refused: services.macha-autonomous.checkInterval
{
  services.macha-autonomous.enable = true;
  services.macha-autonomous.checkInterval = "5m";
}
