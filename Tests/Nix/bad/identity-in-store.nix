# refused: set services.macha.sshKeyFile to a file outside of it
{
  services.macha.enable = true;
  services.macha.inventory.hosts.nas.address = "192.168.1.10";
  services.macha.inventory.hosts.nas.identity-file = "${builtins.toFile "key" "not really"}";
}
