# A machine that is only observed: no sudo rules at all, and from any address.
# expect: account "keys":\["restrict ssh-ed25519 
# expect: sudoers ^$
{
  security.sudo.enable = false;
  services.macha-host = {
    enable = true;
    sudo = false;
    authorizedKeys = [ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGJlZmVlZmVlZmVlZmVlZmVlZmVlZmVlZmVlZmVlZmVl macha@controller" ];
  };
}
