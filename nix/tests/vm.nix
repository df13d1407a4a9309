# SPDX-License-Identifier: MIT
# A controller and a host as virtual machines. What is tried is in scenario.sh, which runs against the lab's hosts as well.
{ self, pkgs }:
let
  keys = import (pkgs.path + "/nixos/tests/ssh-keys.nix") pkgs;
in
pkgs.testers.runNixOSTest {
  name = "macha";

  nodes.host = {
    imports = [ self.nixosModules.host ];
    services.openssh.enable = true;
    services.macha-host = {
      enable = true;
      authorizedKeys = [ keys.snakeOilEd25519PublicKey ];
      managedUnits = [ "demo-web" ];
      autonomy = "suggest";
    };
    systemd.services.demo-web = {
      wantedBy = [ "multi-user.target" ];
      serviceConfig.ExecStart = "${pkgs.coreutils}/bin/sleep infinity";
    };
  };

  nodes.controller = {
    imports = [ self.nixosModules.controller ];
    users.users.lily.isNormalUser = true;
    environment.systemPackages = [ pkgs.jq ];
    # A key of a test, known to everybody: what may never be done with one of your own.
    systemd.tmpfiles.rules = [ "C /run/macha-ssh-key 0600 root root - ${keys.snakeOilEd25519PrivateKey}" ];
    services.macha = {
      enable = true;
      sshKeyFile = "/run/macha-ssh-key";
      operators = [ "lily" ];
      inventory = {
        defaults.known-hosts = "/var/lib/macha-autonomous/known_hosts";
        hosts.host = {
          address = "host";
          user = "macha";
          check-interval = "10s";
          managed-units = [ "demo-web" ];
        };
      };
    };
  };

  testScript = ''
    start_all()
    host.wait_for_unit("sshd.service")
    host.wait_for_unit("demo-web.service")
    controller.wait_for_unit("macha.service")
    controller.succeed(
        "ssh-keyscan -t ed25519 host >/var/lib/macha-autonomous/known_hosts",
        "chown macha-autonomous /var/lib/macha-autonomous/known_hosts",
    )
    scenario = "bash ${./scenario.sh} host demo-web"
    operator = "runuser -u lily -- macha-operator"
    controller.succeed(f"{scenario} healthy {operator}")
    host.succeed("systemctl kill -s KILL demo-web.service")
    host.wait_until_succeeds("systemctl is-failed demo-web.service")
    controller.succeed(f"{scenario} repair {operator}")
    host.wait_for_unit("demo-web.service")
    controller.succeed(f"{scenario} recorded {operator}")
  '';
}
