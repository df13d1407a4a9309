# refused: Gotify takes nothing without a token
{
  services.macha-autonomous.enable = true;
  services.macha-autonomous.gotifyUrl = "https://gotify.example.org";
}
