# SPDX-License-Identifier: MIT
# services.macha-host: a machine that is looked after. An account with exact rights, and nothing that runs.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.services.macha-host;
  files = import ../inventory.nix { inherit lib pkgs; };
  schema = import ../schema.nix { inherit lib; };
  name = config.networking.hostName;

  isPublicKey = key: builtins.match "(ssh|ecdsa|sk)-[^ ]+ [A-Za-z0-9+/=]+( .*)?" key != null;
  # No forwarding, no terminal, no user's rc file; and from the controller only, where its address is known.
  options' = "restrict" + lib.optionalString (cfg.from != [ ]) '',from="${lib.concatStringsSep "," cfg.from}"'';

  # This machine alone: its groups have to be there, other machines do not.
  inventory = {
    defaults = cfg.fleet.defaults or { };
    groups = lib.genAttrs cfg.entry.groups or [ ] (_: { }) // cfg.fleet.groups or { };
    hosts.${name} = removeAttrs cfg.entry [
      "jump"
      "depends-on"
    ];
  };

  # The sudo rules come from the program: the one place that knows what its playbooks and actions send.
  rules =
    pkgs.runCommand "macha-sudoers"
      {
        nativeBuildInputs = [
          cfg.package
          pkgs.sudo
        ];
        preferLocalBuild = true;
      }
      ''
        cp -r ${files.inventory inventory} inventory
        ${lib.optionalString (cfg.playbooks != null) "cp -r ${files.playbooks cfg.playbooks} playbooks"}
        chmod -R u+w,go-w .
        export HOME=$PWD
        macha hosts sudoers ${lib.escapeShellArg name} --plain --inventory inventory \
          ${lib.optionalString (cfg.playbooks != null) "--playbooks playbooks"} >"$out"
        [ -s "$out" ]
        visudo -cf "$out"
        # An asterisk of sudoers matches spaces and further options too.
        if grep -n '[*]' "$out"; then echo "a sudo rule contains a wildcard" >&2; exit 1; fi
      '';
in
{
  options.services.macha-host = {
    enable = lib.mkEnableOption "the account through which Macha looks after this machine";

    package = lib.mkOption {
      type = lib.types.package;
      default =
        pkgs.macha
          or (throw "services.macha-host.package is not set: import the flake's nixosModules, or add its overlay to nixpkgs");
      defaultText = lib.literalExpression "pkgs.macha";
      description = "The package that prints the sudo rules when the system is built. It is not installed.";
    };

    user = lib.mkOption {
      type = lib.types.strMatching "[a-z_][a-z0-9_-]*";
      default = "macha";
      description = "The account. It must not be the controller's own.";
    };

    authorizedKeys = lib.mkOption {
      type = lib.types.listOf lib.types.str;
      default = [ ];
      example = [ "ssh-ed25519 AAAA… macha@controller" ];
      description = "The controller's public keys, without options: `restrict` is added.";
    };

    from = lib.mkOption {
      type = lib.types.listOf (lib.types.strMatching "[^\" ,]+");
      default = [ ];
      example = [ "192.168.1.2" ];
      description = "Addresses that the key counts for, as `from=` of sshd(8) has it; all where the list is empty.";
    };

    address = lib.mkOption {
      type = lib.types.nullOr lib.types.str;
      default = null;
      example = "192.168.1.10";
      description = "The address in the inventory; the machine's name without it.";
    };

    autonomy = lib.mkOption {
      type = lib.types.nullOr (
        lib.types.enum [
          "observe"
          "suggest"
          "auto-safe"
          "auto-full"
        ]
      );
      default = null;
      description = "How far Macha may go on this machine without asking; what the inventory's groups and defaults say without it.";
    };

    groups = lib.mkOption {
      type = lib.types.listOf lib.types.str;
      default = [ ];
      description = "Groups of the inventory that this machine is in.";
    };

    managedUnits = lib.mkOption {
      type = lib.types.listOf lib.types.str;
      default = [ ];
      example = [ "jellyfin" ];
      description = "Units that Macha may restart, start, stop and reset here. The sudo rules name each of them.";
    };

    protectedUnits = lib.mkOption {
      type = lib.types.listOf lib.types.str;
      default = [ ];
      description = "Units that no automatic decision touches; sshd and its like never are.";
    };

    sudo = lib.mkOption {
      type = lib.types.bool;
      default = true;
      description = "Whether the account gets the sudo rules of the repairs. Without, this machine is only observed.";
    };

    playbooks = lib.mkOption {
      type = lib.types.nullOr (lib.types.either lib.types.path (lib.types.attrsOf (pkgs.formats.json { }).type));
      default = null;
      description = "The controller's own playbooks, so that the sudo rules know what they send: as in `services.macha.playbooks`.";
    };

    fleet = lib.mkOption {
      type = lib.types.attrsOf (pkgs.formats.json { }).type;
      default = { };
      example = lib.literalExpression ''{ groups.media.managed-units = [ "jellyfin" ]; }'';
      description = ''
        The inventory's `defaults` and `groups`, where they name managed units or playbooks' values: the same that the
        controller has. `lib.inventory` takes them as its second argument.
      '';
    };

    extraInventory = lib.mkOption {
      type = (pkgs.formats.json { }).type;
      default = { };
      example = {
        check-interval = "1m";
        vars.notify = "family";
      };
      description = "More keys of this machine's entry in the inventory.";
    };

    entry = lib.mkOption {
      type = lib.types.raw;
      readOnly = true;
      internal = true;
      default = schema.prune (
        lib.recursiveUpdate {
          inherit (cfg) user autonomy sudo;
          address = if cfg.address != null then cfg.address else name;
          groups = if cfg.groups == [ ] then null else cfg.groups;
          managed-units = if cfg.managedUnits == [ ] then null else cfg.managedUnits;
          protected-units = if cfg.protectedUnits == [ ] then null else cfg.protectedUnits;
        } cfg.extraInventory
      );
      description = "This machine's entry in the inventory, which `lib.inventory` collects.";
    };
  };

  config = lib.mkIf cfg.enable {
    assertions = [
      {
        assertion = cfg.authorizedKeys != [ ] || (config.services.macha.self.enable or false);
        message = "services.macha-host.authorizedKeys is empty, so the controller cannot log in: put the public half of its key there.";
      }
      {
        assertion = lib.all isPublicKey cfg.authorizedKeys;
        message = "services.macha-host.authorizedKeys takes public keys alone, such as \"ssh-ed25519 AAAA… macha@controller\"; options are added by the module, and a private key never belongs here.";
      }
      {
        assertion = !cfg.sudo || (config.security.sudo.enable or true);
        message = "services.macha-host.sudo needs security.sudo.enable: the rules are written for sudo 1.9.10 or later, which sudo-rs is not.";
      }
      {
        assertion = !cfg.sudo || !(config.security.sudo.execWheelOnly or false);
        message = "services.macha-host.sudo cannot work with security.sudo.execWheelOnly, by which only members of wheel may start sudo; set one of the two to false.";
      }
      {
        assertion = !(config.services.macha.enable or false) || config.services.macha.user != cfg.user;
        message = "services.macha-host.user must not be the controller's own account ${cfg.user}: who gets into one would have the rights of the other.";
      }
      (
        let
          groups = config.users.users.${cfg.user}.extraGroups or [ ];
        in
        {
          assertion = lib.intersectLists groups [ "wheel" "docker" "podman" "libvirtd" "incus-admin" ] == [ ];
          message = "the account ${cfg.user} of services.macha-host is in a group whose members can become root (${lib.concatStringsSep ", " groups}); take it out of there.";
        }
      )
      (
        let
          allowed = config.services.openssh.settings.AllowUsers or null;
        in
        {
          assertion = allowed == null || lib.elem cfg.user allowed;
          message = "services.openssh.settings.AllowUsers does not name ${cfg.user}, so the controller could not log in; add it there.";
        }
      )
    ];

    users.groups.${cfg.user} = { };
    users.users.${cfg.user} = {
      isSystemUser = true;
      group = cfg.user;
      description = "Macha, who looks after this machine";
      # A system user has no shell otherwise, and a command over SSH needs one.
      useDefaultShell = true;
      extraGroups = [ "systemd-journal" ];
      openssh.authorizedKeys.keys = map (key: "${options'} ${key}") cfg.authorizedKeys;
    };

    # By inclusion, so that nothing is built while the system is evaluated.
    security.sudo = lib.mkIf cfg.sudo { extraConfig = "@include ${rules}"; };
  };
}
