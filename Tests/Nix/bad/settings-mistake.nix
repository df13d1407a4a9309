# refused when built: endpoint 'desk' has no 'url'
{
  services.macha.enable = true;
  services.macha.inventory.hosts.nas.address = "192.168.1.10";
  services.macha.settings.model-endpoints.desk = { kind = "ollama"; models = [ "a" ]; };
}
