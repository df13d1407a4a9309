# refused: gotifyToken is written in the configuration, and everybody could read it
{
  services.macha-autonomous.enable = true;
  services.macha-autonomous.gotifyUrl = "https://gotify.example.org";
  services.macha-autonomous.gotifyToken = "Axyz123";
}
