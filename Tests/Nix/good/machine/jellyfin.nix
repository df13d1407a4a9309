# A machine named macha that runs a media server.
{
  networking.hostName = "macha";
  systemd.services.jellyfin = {
    wantedBy = [ "multi-user.target" ];
    serviceConfig.ExecStart = "/usr/bin/sleep infinity";
  };
}
