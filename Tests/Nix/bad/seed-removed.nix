# refused: services.ollama.loadModels
{
  services.macha-autonomous.enable = true;
  services.macha-autonomous.preloadModels = true;
}
