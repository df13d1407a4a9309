# A controller of two machines, with a cloud model and a receiver whose secrets are files, and two operators.
{
  services.macha = {
    enable = true;
    sshKeyFile = "/run/secrets/macha-ssh-key";
    operators = [ "lily" "tom" ];
    inventory = {
      defaults.user = "macha";
      groups.media.autonomy = "auto-safe";
      hosts.nas = { address = "192.168.1.10"; groups = [ "media" ]; managed-units = [ "jellyfin" ]; };
      hosts.web.address = "192.168.1.11";
    };
    playbooks.restart-the-lamp = {
      title = "Restart the lamp";
      description = "The lamp is off now and then.";
      steps = [ { action = "restart-unit"; unit = "lamp.service"; } ];
    };
    settings = {
      model-endpoints.cloud = {
        kind = "openai"; url = "https://llm.example.org"; models = [ "big" ]; api-key-file = "/run/secrets/llm";
      };
      notifications.receivers.phone = {
        kind = "gotify"; url = "https://gotify.example.org"; token-file = "/run/secrets/gotify";
      };
      daemon.heartbeat-interval = "2m";
    };
  };
}
