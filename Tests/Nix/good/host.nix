# expect: sudoers ^@include /.*-macha-sudoers$
# expect: rules ^macha ALL=\(root\) NOPASSWD: /run/current-system/sw/bin/systemctl restart -- jellyfin.service$
# expect: rules ^macha ALL=\(root\) NOPASSWD: /run/current-system/sw/bin/systemctl restart -- navidrome.service$
# expect: account "keys":\["restrict,from=\\"192.168.1.2\\" ssh-ed25519 
# expect: account "extraGroups":\["systemd-journal"\]
# A machine that is looked after.
{
  networking.hostName = "nas";
  services.openssh.enable = true;
  services.macha-host = {
    enable = true;
    authorizedKeys = [ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGJlZmVlZmVlZmVlZmVlZmVlZmVlZmVlZmVlZmVlZmVl macha@controller" ];
    from = [ "192.168.1.2" ];
    address = "192.168.1.10";
    groups = [ "media" ];
    managedUnits = [ "jellyfin" "navidrome.service" ];
    protectedUnits = [ "postgresql" ];
    autonomy = "auto-safe";
  };
}
