# host2 of the lab: is looked after.
{
  networking.hostName = "host2";
  services.macha-host = {
    enable = true;
    authorizedKeys = [ (builtins.getEnv "MACHA_LAB_KEY") ];
    from = [ (builtins.getEnv "MACHA_LAB_HOST1") ];
    managedUnits = [ "demo-web" ];
  };
}
