# SPDX-License-Identifier: MIT
"""asyncssh as a user would write it: run one command on all hosts, so many at a time, and print the output."""
import asyncio
import sys

import asyncssh

addresses, key, port, user, known_hosts, width, command = sys.argv[1:]


async def one(host, gate):
    async with gate, asyncssh.connect(host, port=int(port), username=user, client_keys=[key], known_hosts=known_hosts,
                                      config=None, agent_path=None) as connection:
        print((await connection.run(command, check=True)).stdout, end="")


async def main():
    gate = asyncio.Semaphore(int(width))
    await asyncio.gather(*(one(host, gate) for host in open(addresses).read().split()))


asyncio.run(main())
