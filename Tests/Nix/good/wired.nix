# expect: etc/macha-autonomous/config.json "url":"http://127.0.0.1:11434"
# expect: etc/macha-autonomous/config.json "models":\["qwen3:8b"\]
# expect: etc/macha-autonomous/config.json "topic":"machines"
# expect: etc/macha-autonomous/config.json "url":"https://ntfy.example.org"
# expect: etc/macha-autonomous/inventory/inventory.yaml address: 192.168.1.10
# expect: units/macha.service ^ExecStart=[^ ]*/bin/macha serve --log-level info --no-act$
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
