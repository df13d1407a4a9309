# SPDX-License-Identifier: MIT
# A fleet in one flake: the inventory from the machines themselves.
{ lib }:
{
  # The inventory of all machines of `configurations` (such as self.nixosConfigurations) that have services.macha-host enabled.
  # `more` is what else the inventory is to say: defaults, groups, and machines that are not yours to build.
  inventory =
    configurations: more:
    let
      hosts = lib.filterAttrs (_: machine: machine.config.services.macha-host.enable or false) configurations;
      entry = name: machine: {
        name = machine.config.networking.hostName;
        value = machine.config.services.macha-host.entry // lib.optionalAttrs (name != machine.config.networking.hostName) {
          flake-attr = name;
        };
      };
      # A group that is only named still has to be there.
      groups = lib.genAttrs (lib.concatMap (host: host.groups or [ ]) (lib.attrValues found)) (_: { });
      found = lib.mapAttrs' entry hosts;
      twice = lib.attrNames hosts != [ ] && lib.length (lib.attrNames found) != lib.length (lib.attrNames hosts);
    in
    if twice then
      throw "lib.inventory: two machines have the same networking.hostName; the inventory needs names of their own"
    else
      lib.recursiveUpdate { inherit groups; hosts = found; } more;
}
