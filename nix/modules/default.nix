# SPDX-License-Identifier: MIT
# All modules. Importing them changes nothing; each has an `enable`.
{
  imports = [
    ./controller.nix
    ./host.nix
  ];
}
