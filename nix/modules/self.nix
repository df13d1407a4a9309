# SPDX-License-Identifier: MIT
# The controller's own machine as one of the fleet. The service itself is locked in and would see its own small world instead of
# the machine, so it logs in like anywhere else: over SSH, to a server on loopback that serves nobody else.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.services.macha.self;
  host = config.services.macha-host;
  folder = "/var/lib/macha-self";
  key = "/run/credentials/macha.service/self-key";
  address = "127.0.0.1";

  server = pkgs.writeText "macha-self-sshd" ''
    HostKey ${folder}/host-key
    AuthorizedKeysFile ${folder}/authorized_keys
    AuthenticationMethods publickey
    AllowUsers ${host.user}
    PermitRootLogin no
    PasswordAuthentication no
    KbdInteractiveAuthentication no
    UsePAM no
    X11Forwarding no
    PrintMotd no
  '';

  # Keys are made on the machine, once, and never leave it.
  keys = pkgs.writeShellScriptBin "macha-self-keys" ''
    set -eu
    export PATH=${
      lib.makeBinPath [
        pkgs.openssh
        pkgs.coreutils
      ]
    }
    cd ${folder}
    for name in ssh-key host-key; do
      [ -s "$name" ] || ssh-keygen -q -t ed25519 -N "" -C "macha@$name" -f "$name"
    done
    printf 'restrict,from="${address}" %s\n' "$(cat ssh-key.pub)" >authorized_keys
    printf '[${address}]:${toString cfg.port} %s\n' "$(cut -d ' ' -f 1,2 host-key.pub)" >known_hosts
    chmod 644 authorized_keys known_hosts
  '';
in
{
  options.services.macha.self = {
    enable = lib.mkEnableOption ''
      looking after the controller's own machine too. It is reached over SSH on loopback, with keys that are made on the
      machine, and through the account of `services.macha-host`. Your own sshd is neither needed nor changed'';

    port = lib.mkOption {
      type = lib.types.port;
      default = 2260;
      description = "The port on loopback.";
    };
  };

  config = lib.mkIf cfg.enable {
    services.macha-host.enable = true;
    services.macha-host.address = lib.mkDefault address;

    services.macha.credentials.self-key = "${folder}/ssh-key";
    services.macha.inventory.hosts.${config.networking.hostName} = lib.mapAttrs (_: lib.mkDefault) (
      host.entry
      // {
        inherit (cfg) port;
        inherit address;
        identity-file = key;
        known-hosts = "${folder}/known_hosts";
        # What looks after the machine is not repaired by itself.
        protected-units = host.entry.protected-units or [ ] ++ [ "macha.service" ];
      }
    );

    # The server drops its rights to this account before anybody has logged in; NixOS has it where sshd is enabled.
    users.users.sshd = {
      isSystemUser = true;
      group = "sshd";
      description = lib.mkDefault "SSH privilege separation user";
    };
    users.groups.sshd = { };
    # No password, but not locked: sshd without PAM lets nobody into a locked account.
    users.users.${host.user}.hashedPassword = lib.mkDefault "*";

    systemd.services.macha = {
      requires = [ "macha-self-keys.service" ];
      after = [ "macha-self-keys.service" ];
      wants = [ "macha-self.socket" ];
    };

    systemd.services.macha-self-keys = {
      description = "Keys with which Macha logs in to its own machine";
      serviceConfig = {
        Type = "oneshot";
        RemainAfterExit = true;
        ExecStart = lib.getExe keys;
        StateDirectory = "macha-self";
        StateDirectoryMode = "0755";
        UMask = "0077";
        PrivateNetwork = true;
        PrivateTmp = true;
        ProtectHome = true;
        ProtectSystem = "strict";
        NoNewPrivileges = true;
      };
    };

    systemd.sockets.macha-self = {
      description = "Macha's way into its own machine";
      wantedBy = [ "sockets.target" ];
      requires = [ "macha-self-keys.service" ];
      after = [ "macha-self-keys.service" ];
      socketConfig = {
        ListenStream = "${address}:${toString cfg.port}";
        Accept = true;
        MaxConnections = 16;
      };
    };

    # Without a sandbox: what is run here is what `services.macha-host` allows the account, and must see the machine as it is.
    systemd.services."macha-self@" = {
      description = "Macha's session on its own machine";
      restartIfChanged = false;
      serviceConfig = {
        ExecStart = "-${pkgs.openssh}/bin/sshd -i -f ${server}";
        StandardInput = "socket";
        StandardError = "journal";
        KillMode = "process";
      };
    };
  };
}
