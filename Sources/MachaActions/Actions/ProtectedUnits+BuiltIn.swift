// SPDX-License-Identifier: MIT

extension ProtectedUnits {
    /// By name without suffix, so that a service, its socket and its instances are all meant: every way in, what resolves
    /// names, what filters packets, and what the system itself stands on. Sources: the services of nixpkgs
    /// (`nixos/modules/services/networking`) and the unit names that Debian and upstream use.
    static let builtIn: [(pattern: String, what: String)] = [
        all(
            "access",
            "sshd sshd@* sshd-* sshd.* ssh ssh@* ssh.* dropbear* tinysshd* teleport* xrdp* cockpit* telnet* "
                + "amazon-ssm-agent* google-guest-agent* qemu-guest-agent* waagent walinuxagent vmtoolsd open-vm-tools"),
        all(
            "access",
            "x11vnc* vncserver* tigervnc* wayvnc* rustdesk* anydesk* teamviewer* meshagent* guacd guacamole* ttyd* "
                + "shellinabox* gotty* wetty*"),
        all("the system", "systemd-* init dbus* messagebus polkit* logind* elogind* udev* eudev* cloud-init*"),
        all(
            "a login",
            "user@* user-runtime-dir@* *getty* autovt@* kmscon* display-manager* greetd* gdm* sddm* lightdm* "
                + "lxdm* xdm* ly sssd* nslcd* winbind* ypbind"),
        all(
            "the network",
            "NetworkManager* ModemManager* network-* networking network *-netdev wpa_supplicant* iwd* "
                + "hostapd* dhcpcd* dhclient* connman* pppd* ppp@* pppoe* netctl* wicked* ifup* ifplugd* netplan* ovs-* ovsdb* "
                + "openvswitch* keepalived* radvd* dhcpd* kea-* odhcp* bird bird2 frr babeld"),
        all(
            "name resolution",
            "resolvconf* openresolv nscd nsncd unbound* dnsmasq* kresd* kres-* knot* blocky* adguardhome* "
                + "pihole* coredns* named* bind bind9 stubby* dnscrypt-proxy* dnsdist* pdns* technitium* maradns* deadwood* nsd "
                + "smartdns* dnsproxy* ctrld* https-dns-proxy* doh-* avahi-daemon"),
        all(
            "the firewall",
            "firewall* nftables* iptables* ip6tables* ipset* ebtables* arptables* ufw* fail2ban* shorewall* "
                + "ferm* crowdsec* sshguard* opensnitch* netfilter-persistent"),
        all(
            "the way in",
            "tailscaled* wg-quick* wireguard* openvpn* zerotier* nebula* netbird* tinc* strongswan* ipsec* "
                + "charon* swanctl* libreswan* pluto cloudflared* headscale* softether* vpnserver* ocserv* openconnect* n2n* "
                + "innernet* netmaker* netclient* firezone* twingate* pritunl* yggdrasil* cjdns* logmein-hamachi* autossh*"
        ),
        all(
            "the way in",
            "frp frpc* frps* rathole* chisel* ngrok* inlets* stunnel* shadowsocks* xl2tpd* pptpd* vpnc* mullvad* "
                + "fastd* tor tor@* i2pd*"),
        all("every build", "nix-daemon*"),
        all("a running switch", "nixos-rebuild*"), all("which system runs", "nixos-upgrade*"),
        all("the disks", "zfs-* lvm2-* mdmonitor* mdadm* multipathd* iscsi* open-iscsi* cryptsetup*"),
        all("the record of what happened", "auditd*"), all("Macha itself", "macha*"),
    ].flatMap(\.self)

    private static func all(_ what: String, _ patterns: String) -> [(pattern: String, what: String)] {
        patterns.split(separator: " ").map { (String($0), what) }
    }
}
