# SPDX-License-Identifier: MIT
# The options of NixOS that the modules write to or read, in the form that NixOS gives them and no others: a misspelt one fails.
{ lib, ... }:
let
  inherit (lib) mkOption types;
  texts = types.listOf types.str;
  of = type: default: mkOption { inherit type default; };

  # Values of a unit: what NixOS takes (lib/systemd-unit-options.nix).
  value = types.oneOf [
    types.bool
    types.int
    types.str
    types.path
    (types.listOf types.str)
  ];
  unit = {
    description = of types.str "";
    documentation = of texts [ ];
    wantedBy = of texts [ ];
    requiredBy = of texts [ ];
    wants = of texts [ ];
    requires = of texts [ ];
    after = of texts [ ];
    before = of texts [ ];
    aliases = of texts [ ];
    unitConfig = of (types.attrsOf value) { };
    restartTriggers = of (types.listOf types.raw) [ ];
    reloadTriggers = of (types.listOf types.raw) [ ];
  };
  enabling = options: types.submodule { options = { enable = of types.bool false; } // options; };
in
{
  options = {
    assertions = of (types.listOf types.raw) [ ];
    warnings = of texts [ ];

    networking.hostName = of types.str "nixos";

    environment.systemPackages = of (types.listOf types.package) [ ];
    environment.etc = of (types.attrsOf (
      types.submodule {
        options = {
          source = of types.path null;
          mode = of types.str "symlink";
        };
      }
    )) { };

    users.groups = of (types.attrsOf (types.submodule { options.members = of texts [ ]; })) { };
    users.users = of (types.attrsOf (
      types.submodule {
        options = {
          isSystemUser = of types.bool false;
          isNormalUser = of types.bool false;
          uid = of (types.nullOr types.int) null;
          group = of types.str "";
          extraGroups = of texts [ ];
          home = of types.path "/var/empty";
          createHome = of types.bool false;
          description = of types.str "";
          useDefaultShell = of types.bool false;
          hashedPassword = of (types.nullOr types.str) null;
          openssh.authorizedKeys.keys = of texts [ ];
        };
      }
    )) { };

    security.sudo = {
      enable = of types.bool true;
      execWheelOnly = of types.bool false;
      extraConfig = of types.lines "";
    };

    systemd.services = of (types.attrsOf (
      types.submodule {
        options = unit // {
          path = of (types.listOf types.raw) [ ];
          environment = of (types.attrsOf (types.nullOr types.str)) { };
          restartIfChanged = of types.bool true;
          serviceConfig = of (types.attrsOf value) { };
        };
      }
    )) { };
    systemd.tmpfiles.rules = of texts [ ];
    systemd.sockets = of (types.attrsOf (
      types.submodule { options = unit // { socketConfig = of (types.attrsOf value) { }; }; }
    )) { };

    services.openssh = of (enabling {
      settings = of (types.attrsOf types.raw) { };
    }) { };
    services.ollama = of (enabling {
      port = of types.port 11434;
      loadModels = of texts [ ];
    }) { };
    services.gotify = of (enabling { environment = of (types.attrsOf types.raw) { }; }) { };
    services.ntfy-sh = of (enabling { settings = of (types.attrsOf types.raw) { }; }) { };
  };
}
