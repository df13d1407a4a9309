# refused: one of "observe", "suggest", "auto-safe", "auto-full"
{
  services.macha-autonomous.enable = true;
  services.macha-autonomous.autonomyLevel = "auto_safe";
}
