# SPDX-License-Identifier: MIT
"""asyncssh as a user would write it: run one command on all hosts, so many at a time, and print the output.

With `kept` as its last argument it keeps its connections and runs the command again and again: see client_rounds.py.
"""
import asyncio
import sys

import asyncssh

addresses, key, port, user, known_hosts, width, command, *kept = sys.argv[1:]
hosts = open(addresses).read().split()
connections = {}


def connect(host):
    return asyncssh.connect(host, port=int(port), username=user, client_keys=[key], known_hosts=known_hosts, config=None,
                            agent_path=None)


async def once(host, gate):
    async with gate, connect(host) as connection:
        print((await connection.run(command, check=True)).stdout, end="")


async def again(host, gate):
    async with gate:
        if host not in connections:
            connections[host] = await connect(host)
        return (await connections[host].run(command)).exit_status == 0


async def everywhere(one):
    gate = asyncio.Semaphore(int(width))
    return await asyncio.gather(*(one(host, gate) for host in hosts))


if kept:
    from client_rounds import rounds
    with asyncio.Runner() as runner:
        rounds(lambda: sum(runner.run(everywhere(again))), len(hosts))
else:
    asyncio.run(everywhere(once))
