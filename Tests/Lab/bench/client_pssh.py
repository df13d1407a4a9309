# SPDX-License-Identifier: MIT
"""parallel-ssh (libssh2) as a user would write it: run one command on all hosts, print every line."""
import sys

from pssh.clients import ParallelSSHClient

addresses, key, port, user, _, width, command = sys.argv[1:]  # it has no check of host keys to give known_hosts to
hosts = open(addresses).read().split()
client = ParallelSSHClient(hosts, user=user, port=int(port), pkey=key, pool_size=int(width), allow_agent=False)
for host in client.run_command(command):
    for line in host.stdout:
        print(line)
