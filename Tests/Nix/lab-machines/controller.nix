# host1 of the lab: looks after host2, and after itself.
{
  networking.hostName = "host1";
  services.macha = {
    enable = true;
    self.enable = true;
    sshKeyFile = "/etc/macha-ssh-key";
    operators = [ "lily" ];
    inventory = {
      defaults.check-interval = "10s";
      defaults.known-hosts = "/etc/ssh/ssh_known_hosts";
      hosts.host2 = {
        address = builtins.getEnv "MACHA_LAB_HOST2";
        user = "macha";
        autonomy = "suggest";
        managed-units = [ "demo-web" ];
      };
    };
  };
}
