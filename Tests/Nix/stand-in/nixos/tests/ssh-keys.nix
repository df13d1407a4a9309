# SPDX-License-Identifier: MIT
# What nixpkgs has for tests, in name.
_: {
  snakeOilEd25519PublicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGJlZmVlZmVlZmVlZmVlZmVlZmVlZmVlZmVlZmVlZmVl snakeoil";
  snakeOilEd25519PrivateKey = "/stand-in/key";
}
