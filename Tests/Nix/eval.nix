# SPDX-License-Identifier: MIT
# A case evaluated as NixOS would: what the modules make of it, or why it is refused.
#
#   nix-instantiate --eval --strict --json eval.nix --arg libPath …/lib --arg case ./good/… -A …
{
  libPath,
  case,
  macha ? null,
}:
let
  lib = import libPath;
  pkgs = import ./pkgs.nix { inherit lib macha; };

  system = lib.evalModules {
    modules = [
      ./stub.nix
      ../../nix/modules
      { _module.args = { inherit pkgs; }; }
      case
    ];
  };
  inherit (system) config;

  failed = map (a: a.message) (lib.filter (a: !a.assertion) config.assertions);
  checked =
    value:
    if failed == [ ] then value else throw "Failed assertions:\n${lib.concatMapStrings (m: "- ${m}\n") failed}";

  # Units as NixOS writes them.
  text = value: if builtins.isBool value then lib.boolToString value else toString value;
  lines =
    name: value:
    if builtins.isList value then
      if value == [ ] then "" else lib.concatMapStrings (v: "${name}=${text v}\n") value
    else
      "${name}=${text value}\n";
  section =
    name: values: "[${name}]\n" + lib.concatStrings (lib.mapAttrsToList lines (lib.filterAttrs (_: v: v != [ ]) values));
  head =
    unit:
    section "Unit" (
      {
        Description = unit.description;
        Documentation = unit.documentation;
        Wants = unit.wants;
        Requires = unit.requires;
        After = unit.after;
        Before = unit.before;
        X-Reload-Triggers = map toString unit.reloadTriggers;
      }
      // unit.unitConfig
    );
  # NixOS makes the links itself; here the section says the same.
  install = unit: section "Install" { WantedBy = unit.wantedBy; Alias = unit.aliases; };
  service =
    unit:
    head unit
    + section "Service" (
      {
        Environment = lib.mapAttrsToList (name: value: ''"${name}=${value}"'') (
          lib.filterAttrs (_: v: v != null) unit.environment
        ) ++ lib.optional (unit.path != [ ]) ''"PATH=${lib.makeBinPath unit.path}:/usr/bin:/bin"'';
      }
      // unit.serviceConfig
    )
    + install unit;
  socket = unit: head unit + section "Socket" unit.socketConfig + install unit;
in
rec {
  units = checked (
    lib.mapAttrs' (name: unit: lib.nameValuePair "${name}.service" (service unit)) config.systemd.services
    // lib.mapAttrs' (name: unit: lib.nameValuePair "${name}.socket" (socket unit)) config.systemd.sockets
  );
  users = checked config.users.users;
  groups = checked config.users.groups;
  sudo = checked config.security.sudo.extraConfig;
  etc = checked (lib.mapAttrs (_: file: file.source) config.environment.etc);
  packages = checked config.environment.systemPackages;
  inherit (config) warnings;

  # Everything that needs a build, in one.
  built = pkgs.runCommand "machine" { } (
    ''
      mkdir -p "$out"/units "$out"/etc "$out"/bin
      cp ${pkgs.writeText "sudo" sudo} "$out"/sudoers
    ''
    + lib.concatStrings (lib.mapAttrsToList (name: unit: "cp ${pkgs.writeText "unit" unit} \"$out\"/units/${name}\n") units)
    + lib.concatStrings (lib.mapAttrsToList (name: source: "ln -s ${source} \"$out\"/etc/${name}\n") etc)
    + lib.concatMapStrings (package: "for file in ${package}/bin/macha*; do if [ -e \"$file\" ]; then ln -sf \"$file\" \"$out\"/bin/; fi; done\n") packages
  );

  # The options as they are documented.
  documentation = map (
    option:
    {
      inherit (option) name type;
      description = option.description.text or option.description or "";
      default = option.default.text or null;
      example = option.example.text or null;
    }
  ) (
    lib.filter (option: lib.hasPrefix "services.macha" option.name && option.visible && !option.internal) (
      lib.optionAttrSetToDocList system.options
    )
  );
}
