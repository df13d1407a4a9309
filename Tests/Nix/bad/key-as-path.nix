# refused: the secret ssh-key must be a file outside of the Nix store
{
  services.macha.enable = true;
  services.macha.inventory.hosts.nas.address = "192.168.1.10";
  services.macha.sshKeyFile = ./key-as-path.nix;
}
