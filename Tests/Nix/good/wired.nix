# Services of the same machine are used without a word; what is set wins.
{
  services.ollama = {
    enable = true;
    loadModels = [ "qwen3:8b" ];
  };
  services.gotify.enable = true;
  services.gotify.environment.GOTIFY_SERVER_PORT = 8080;
  services.ntfy-sh.enable = true;
  services.ntfy-sh.settings.base-url = "https://ntfy.example.org";
  services.macha = {
    enable = true;
    act = false;
    inventory = ./inventory.yaml;
    settings.notifications.receivers.ntfy.topic = "machines";
  };
}
