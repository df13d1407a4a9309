# SPDX-License-Identifier: MIT
# People who may approve and reject, over a socket and without sudo. Who it was is what the kernel says of the connection.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.services.macha;
  socket = "/run/macha/operator.sock";
  script = name: text: pkgs.writeShellScriptBin name text;
  client = script "macha-operator" ''
    export MACHA_OPERATOR_SOCKET=${socket} PATH=${lib.makeBinPath [ pkgs.socat pkgs.coreutils pkgs.gnused ]}
    ${builtins.readFile ../operator/client.sh}
  '';
  server = script "macha-operator-serve" ''
    export PATH=${lib.makeBinPath [ cfg.package pkgs.coreutils pkgs.getent pkgs.openssh ]}
    ${builtins.readFile ../operator/server.sh}
  '';
in
{
  options.services.macha = {
    operatorGroup = lib.mkOption {
      type = lib.types.str;
      default = "macha-operators";
      description = "The group whose members may use `macha-operator`.";
    };

    operators = lib.mkOption {
      type = lib.types.listOf lib.types.str;
      default = [ ];
      example = [ "lily" ];
      description = ''
        Accounts that may see the fleet's state, approve, reject, acknowledge, silence, pause and resume, by
        `macha-operator` and without sudo. The record says who it was. None of these commands takes a file, a host key or a
        command line of theirs.
      '';
    };
  };

  config = lib.mkIf (cfg.enable && cfg.operators != [ ]) {
    users.groups.${cfg.operatorGroup}.members = cfg.operators;
    environment.systemPackages = [ client ];

    systemd.sockets.macha-operator = {
      description = "Orders of Macha's operators";
      wantedBy = [ "sockets.target" ];
      socketConfig = {
        ListenStream = socket;
        Accept = true;
        SocketMode = "0660";
        SocketGroup = cfg.operatorGroup;
        MaxConnections = 16;
        DirectoryMode = "0755";
      };
    };

    systemd.services."macha-operator@" = {
      description = "An order of one of Macha's operators";
      serviceConfig = import ../hardening.nix // {
        ExecStart = "${lib.getExe server} %i";
        StandardInput = "socket";
        StandardOutput = "socket";
        StandardError = "journal";
        # Root, so that the record believes the name; it may only reach the state directory, and no network.
        CapabilityBoundingSet = [
          "CAP_CHOWN"
          "CAP_DAC_OVERRIDE"
        ];
        PrivateUsers = false;
        PrivateNetwork = true;
        RestrictAddressFamilies = [ "AF_UNIX" ];
        SystemCallFilter = [
          "@system-service"
          "~@resources"
          "setpriority"
        ];
        ReadWritePaths = [ "-/var/lib/macha-autonomous" ];
        RuntimeMaxSec = 60;
      };
    };
  };
}
