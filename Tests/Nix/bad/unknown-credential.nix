# refused: is the credential llm, which nobody hands to the service
{
  services.macha.enable = true;
  services.macha.inventory.hosts.nas.address = "192.168.1.10";
  services.macha.settings.model-endpoints.cloud = {
    kind = "openai"; url = "https://llm.example.org"; models = [ "a" ]; api-key-file = "credential:llm";
  };
}
