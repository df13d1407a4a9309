# expect: units/macha.service ^LoadCredential=ssh-key:/run/secrets/macha-ssh-key$
# expect: units/macha.service ^LoadCredential=notifications-receivers-phone-token:/run/secrets/gotify$
# expect: units/macha.service ^Alias=macha-autonomous.service$
# expect: units/macha.service ^X-Reload-Triggers=.
# expect: units/macha.service ^Type=notify$
# expect: units/macha.service ^ExecReload=.*/kill -HUP \$MAINPID$
# expect: units/macha-operator.socket ^SocketGroup=macha-operators$
# expect: etc/macha-autonomous/config.json "api-key-file":"credential:model-endpoints-cloud-api-key"
# expect: etc/macha-autonomous/config.json "token-credential":"notifications-receivers-phone-token"
# expect: etc/macha-autonomous/inventory/inventory.yaml "identity-file":"/run/credentials/macha.service/ssh-key"
# expect: etc/macha-autonomous/playbooks/restart-the-lamp.yaml "id":"restart-the-lamp"
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
