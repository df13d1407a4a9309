# Accounts, groups and ports of other names, and the rest of the options.
# expect: units/macha.service ^User=watch$
# expect: units/macha.service ^ExecStart=[^ ]*/bin/macha serve --log-level debug$
# expect: units/macha.service ^LoadCredential=extra:/run/secrets/extra$
# expect: units/macha-operator.socket ^SocketGroup=oncall$
# expect: units/macha-self.socket ^ListenStream=127.0.0.1:2300$
# expect: account "watch":\{
# expect: account "keeper":\{
# expect: etc/macha-autonomous/inventory/inventory.yaml "hall":\{.*"port":2300
# expect: etc/macha-autonomous/inventory/inventory.yaml "protected-units":\["postgresql","macha.service"\]
# expect: etc/macha-autonomous/inventory/inventory.yaml "tags":\["cellar"\]
# expect: etc/macha-autonomous/inventory/inventory.yaml "groups":\["media"\]
# expect: rules ^keeper ALL=\(root\) NOPASSWD: .*/systemctl restart -- navidrome.service$
# expect: rules ^keeper ALL=\(root\) NOPASSWD: .*/systemctl restart -- lamp.service$
let
  playbooks.restart-the-lamp = {
    title = "Restart the lamp";
    description = "The lamp is off now and then.";
    steps = [ { action = "restart-unit"; unit = "lamp.service"; } ];
  };
  groups.media.managed-units = [ "navidrome" ];
in
{
  networking.hostName = "hall";
  services.macha = {
    enable = true;
    user = "watch";
    logLevel = "debug";
    operators = [ "lily" ];
    operatorGroup = "oncall";
    self.enable = true;
    self.port = 2300;
    credentials.extra = "/run/secrets/extra";
    inventory = { inherit groups; };
    inherit playbooks;
  };
  services.macha-host = {
    user = "keeper";
    groups = [ "media" ];
    fleet = { inherit groups; };
    protectedUnits = [ "postgresql" ];
    extraInventory.tags = [ "cellar" ];
    inherit playbooks;
  };
}
