# SPDX-License-Identifier: MIT
# services.macha: the controller, which looks after the fleet.
{
  config,
  lib,
  options,
  pkgs,
  ...
}:
let
  cfg = config.services.macha;
  schema = lib.importJSON ../config.schema.json;
  schemaTypes = import ../schema.nix { inherit lib; };
  secrets = import ../secrets.nix { inherit lib; };
  files = import ../inventory.nix { inherit lib pkgs; };
  folder = "/var/lib/macha-autonomous";

  credentials =
    cfg.credentials
    // secrets.files settings
    // lib.optionalAttrs (cfg.sshKeyFile != null) { ssh-key = cfg.sshKeyFile; };

  # An inventory that names no key takes the service's own.
  inventory =
    if cfg.sshKeyFile != null && builtins.isAttrs cfg.inventory then
      lib.recursiveUpdate { defaults.identity-file = cfg.keyPath; } cfg.inventory
    else
      cfg.inventory;

  # What is wired to a service of this machine, but was given no model or token, is not used.
  settings =
    let
      pruned = schemaTypes.prune cfg.settings;
      isUsable = receiver: receiver.kind or "" != "gotify" || receiver ? token-file || receiver ? token-credential;
    in
    pruned
    // lib.optionalAttrs (pruned ? model-endpoints) {
      model-endpoints = lib.filterAttrs (_: endpoint: endpoint.models or [ ] != [ ]) pruned.model-endpoints;
    }
    // lib.optionalAttrs (pruned ? notifications.receivers) {
      notifications = pruned.notifications // {
        receivers = lib.filterAttrs (_: isUsable) pruned.notifications.receivers;
      };
    };

  # The folder /etc/macha-autonomous, which every command of the program finds by itself. It is checked by the program as it
  # is built, so that a mistake ends the build with file and line and never reaches the machine.
  etc =
    pkgs.runCommand "macha-autonomous-etc"
      {
        nativeBuildInputs = [ cfg.package ];
        preferLocalBuild = true;
      }
      ''
        mkdir "$out"
        cp ${pkgs.writeText "config.json" (builtins.toJSON (secrets.point settings))} "$out"/config.json
        ${lib.optionalString (inventory != null) ''cp -r ${files.inventory inventory} "$out"/inventory''}
        ${lib.optionalString (cfg.playbooks != null) ''cp -r ${files.playbooks cfg.playbooks} "$out"/playbooks''}
        chmod -R u+w,go-w "$out"

        # The program trusts files of its own user only, and in a sandbox the store belongs to nobody.
        cp -r "$out" checked
        export HOME=$PWD CREDENTIALS_DIRECTORY=$PWD/credentials
        mkdir -m 700 "$CREDENTIALS_DIRECTORY"
        for name in ${lib.escapeShellArgs (lib.attrNames credentials)}; do
          (umask 077 && echo checked >"$CREDENTIALS_DIRECTORY/$name")
        done
        macha config show --config checked/config.json >/dev/null
        if [ -e checked/inventory ]; then
          macha hosts list --config checked/config.json --inventory checked/inventory >/dev/null
        fi
        if [ -e checked/playbooks ]; then macha playbooks validate checked/playbooks; fi
      '';

  arguments = [
    "--log-level"
    cfg.logLevel
  ]
  ++ lib.optional (!cfg.act) "--no-act";
in
{
  imports = [ ./operators.nix ];

  options.services.macha = {
    enable = lib.mkEnableOption "Macha, which looks after a fleet of NixOS machines";

    package = lib.mkOption {
      type = lib.types.package;
      default =
        pkgs.macha
          or (throw "services.macha.package is not set: import the flake's nixosModules, or add its overlay to nixpkgs");
      defaultText = lib.literalExpression "pkgs.macha";
      description = "The package with the program.";
    };

    user = lib.mkOption {
      type = lib.types.str;
      default = "macha-autonomous";
      description = "The account of the service. It has no login and no rights on this machine.";
    };

    settings = lib.mkOption {
      type = lib.types.submodule { options = schemaTypes.options schema; };
      default = { };
      example = lib.literalExpression ''
        {
          model-endpoints.desk = { kind = "ollama"; url = "http://desk:11434"; models = [ "qwen3:8b" ]; };
          notifications.receivers.phone = {
            kind = "gotify"; url = "https://gotify.example.org"; token-file = "/run/secrets/gotify";
          };
        }
      '';
      description = ''
        The configuration, as `macha config schema` describes it. Keys of secrets name a file outside of the store; the
        service gets a copy as a credential of systemd.
      '';
    };

    inventory = lib.mkOption {
      type = lib.types.nullOr (lib.types.either lib.types.path (lib.types.attrsOf (pkgs.formats.json { }).type));
      default = null;
      example = lib.literalExpression ''
        {
          defaults.user = "macha";
          groups.media.autonomy = "auto-safe";
          hosts.nas = { address = "192.168.1.10"; groups = [ "media" ]; };
        }
      '';
      description = ''
        The machines: a value with the keys of the inventory, or a YAML file, or a folder of them.
        `lib.inventory` of the flake makes the value from your `nixosConfigurations`.
      '';
    };

    playbooks = lib.mkOption {
      type = lib.types.nullOr (lib.types.either lib.types.path (lib.types.attrsOf (pkgs.formats.json { }).type));
      default = null;
      example = lib.literalExpression "./playbooks";
      description = "Playbooks of your own, beside the built-in ones: a folder, a file, or values by their id.";
    };

    sshKeyFile = lib.mkOption {
      type = lib.types.nullOr (lib.types.either lib.types.path lib.types.str);
      default = null;
      example = "/run/secrets/macha-ssh-key";
      description = ''
        The private key for the hosts, outside of the store. The inventory's `defaults.identity-file` is set to the
        service's copy of it where the inventory is a value that names none.
      '';
    };

    credentials = lib.mkOption {
      type = lib.types.attrsOf (lib.types.either lib.types.path lib.types.str);
      default = { };
      example = {
        gotify = "/run/secrets/gotify";
      };
      description = "Files that the service gets as credentials of systemd, for `credential:NAME` in the settings.";
    };

    act = lib.mkOption {
      type = lib.types.bool;
      default = true;
      description = "Whether it repairs and requests approvals. Without, it only observes, whatever the inventory says.";
    };

    logLevel = lib.mkOption {
      type = lib.types.enum [
        "trace"
        "debug"
        "info"
        "notice"
        "warning"
        "error"
        "critical"
      ];
      default = "info";
      description = "The least that is logged.";
    };

    keyPath = lib.mkOption {
      type = lib.types.str;
      internal = true;
      readOnly = true;
      default = "/run/credentials/macha.service/ssh-key";
      description = "Where the service's copy of `sshKeyFile` is.";
    };
  };

  config = lib.mkIf cfg.enable {
    assertions =
      secrets.assertions "services.macha.settings" credentials settings
      ++ secrets.assertions "services.macha.inventory" credentials (
        lib.optionalAttrs (builtins.isAttrs cfg.inventory) cfg.inventory
      )
      ++ lib.mapAttrsToList (name: file: {
        assertion = secrets.isOutside file;
        message = "services.macha: the secret ${name} must be a file outside of the Nix store, which everybody can read; name it as a text, such as \"/run/secrets/${name}\".";
      }) (removeAttrs credentials (lib.attrNames (secrets.files settings)))
      ++ [
        {
          assertion = cfg.inventory != null;
          message = "services.macha.inventory is not set: name the machines to look after, such as { hosts.nas.address = \"192.168.1.10\"; }.";
        }
      ];

    services.macha.settings = import ../wiring.nix { inherit config lib options; };

    environment.etc."macha-autonomous".source = etc;
    environment.systemPackages = [ cfg.package ];

    users.users.${cfg.user} = {
      isSystemUser = true;
      group = cfg.user;
      home = folder;
      description = "Macha, the controller";
    };
    users.groups.${cfg.user} = { };

    systemd.services.macha = {
      description = "Macha looks after the fleet";
      wantedBy = [ "multi-user.target" ];
      wants = [ "network-online.target" ];
      after = [ "network-online.target" ];
      aliases = [ "macha-autonomous.service" ];
      # A changed file is read again by the running service; only a changed program restarts it.
      reloadTriggers = [ etc ];
      path = [ pkgs.openssh ];
      serviceConfig = import ../hardening.nix // {
        Type = "notify";
        NotifyAccess = "main";
        ExecStart = "${lib.getExe cfg.package} serve ${lib.escapeShellArgs arguments}";
        ExecReload = "${pkgs.coreutils}/bin/kill -HUP $MAINPID";
        User = cfg.user;
        Group = cfg.user;
        StateDirectory = "macha-autonomous";
        StateDirectoryMode = "0700";
        LoadCredential = lib.mapAttrsToList (name: file: "${name}:${toString file}") credentials;
        WatchdogSec = 60;
        Restart = "always";
        RestartSec = 5;
        TimeoutStopSec = 10;
      };
    };
  };
}
