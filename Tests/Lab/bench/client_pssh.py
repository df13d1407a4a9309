# SPDX-License-Identifier: MIT
"""parallel-ssh (libssh2) as a user would write it: run one command on all hosts, print every line.

With `kept` as its last argument it keeps its client, and so the connections, and runs the command again and again: see
client_rounds.py.
"""
import sys

from pssh.clients import ParallelSSHClient

# It has no check of host keys to give known_hosts to.
addresses, key, port, user, _, width, command, *kept = sys.argv[1:]
hosts = open(addresses).read().split()
client = ParallelSSHClient(hosts, user=user, port=int(port), pkey=key, pool_size=int(width), allow_agent=False)


def again():
    output = client.run_command(command)
    for host in output:
        for _ in host.stdout:
            pass
    client.join(output)
    return sum(host.exit_code == 0 for host in output)


if kept:
    from client_rounds import rounds
    rounds(again, len(hosts))
else:
    for host in client.run_command(command):
        for line in host.stdout:
            print(line)
