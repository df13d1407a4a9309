// SPDX-License-Identifier: MIT
// send(2) for a process that shall meet every way of a socket to have no room: a third of the calls are refused with EAGAIN,
// a third take a part only. For LD_PRELOAD; the same every time, since the dice are the thread's own and start alike.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

static __thread uint32_t dice = 12345;

// xorshift32 (Marsaglia, "Xorshift RNGs", 2003).
static uint32_t roll(void) {
    dice ^= dice << 13;
    dice ^= dice >> 17;
    dice ^= dice << 5;
    return dice;
}

ssize_t send(int descriptor, const void *bytes, size_t count, int flags) {
    static ssize_t (*real)(int, const void *, size_t, int);
    if (!real) real = (ssize_t (*)(int, const void *, size_t, int))dlsym(RTLD_NEXT, "send");
    switch (roll() % 3) {
    case 0: errno = EAGAIN; return -1;
    case 1: if (count > 1) count = 1 + roll() % count;
    }
    return real(descriptor, bytes, count, flags);
}
