# refused: one of "ollama", "openai"
{
  services.macha.enable = true;
  services.macha.inventory.hosts.nas.address = "192.168.1.10";
  services.macha.settings.model-endpoints.desk = { kind = "llama"; url = "http://desk"; models = [ "a" ]; };
}
