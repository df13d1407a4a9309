# refused: holds a password or a private key
{
  services.macha.enable = true;
  services.macha.inventory.hosts.nas.address = "192.168.1.10";
  services.macha.settings.model-endpoints.desk = {
    kind = "ollama"; url = "https://me:secret@desk.example.org"; models = [ "a" ];
  };
}
