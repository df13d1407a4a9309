// SPDX-License-Identifier: MIT
// Linux readiness calls that the Glibc overlay does not expose. See epoll(7), eventfd(2).
#ifndef MACHA_CEPOLL_SHIM_H
#define MACHA_CEPOLL_SHIM_H

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

// poll(2) shows it under _GNU_SOURCE only; it has EPOLLRDHUP's value.
#ifndef POLLRDHUP
#define POLLRDHUP 0x2000
#endif

/// Arms `descriptor` for one event that carries `id`. Answers 0 or an errno.
static inline int macha_epoll_arm(int epoll, int descriptor, int reads, int writes, uint64_t id) {
    struct epoll_event event = {0};
    event.events = EPOLLONESHOT | (reads ? EPOLLIN | EPOLLRDHUP : 0) | (writes ? EPOLLOUT : 0);
    event.data.u64 = id;
    if (epoll_ctl(epoll, EPOLL_CTL_MOD, descriptor, &event) == 0) return 0;
    if (errno != ENOENT) return errno;
    return epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) == 0 ? 0 : errno;
}

/// Watches `descriptor` for input for as long as it is open; its events carry id 0.
static inline int macha_epoll_watch(int epoll, int descriptor) {
    struct epoll_event event = {0};
    event.events = EPOLLIN;
    return epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) == 0 ? 0 : errno;
}

/// Waits `milliseconds` at most and stores the ids of ready descriptors. Answers their number; 0 on a signal.
static inline int macha_epoll_wait(int epoll, uint64_t *ids, int capacity, int milliseconds) {
    struct epoll_event events[256];
    if (capacity > 256) capacity = 256;
    int count = epoll_wait(epoll, events, capacity, milliseconds);
    for (int i = 0; i < count; i++) ids[i] = events[i].data.u64;
    return count < 0 ? 0 : count;
}

/// Whether the peer of a connection has closed it, or the connection has failed.
static inline int macha_is_hung_up(int descriptor) {
    struct pollfd entry = {.fd = descriptor, .events = POLLRDHUP};
    return poll(&entry, 1, 0) > 0;
}

/// Ends both directions of a connection. The Glibc overlay hides SHUT_RDWR.
static inline void macha_shutdown(int descriptor) { shutdown(descriptor, SHUT_RDWR); }

#endif
