# SPDX-License-Identifier: MIT
# All modules. Importing them changes nothing; each has an `enable`.
{
  imports = [
    ./autonomous.nix
    ./controller.nix
    ./host.nix
    ./self.nix
  ];
}
