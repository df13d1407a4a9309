// SPDX-License-Identifier: MIT
// The floor: libssh2 as C and epoll give it, one thread, nothing else. It checks no host key, bounds nothing and stops at the
// first error, so nobody should use it; it says how much of a client's cost is the library's and the kernel's own.
//
//   client_bare ADDRESSES KEY PORT USER KNOWN_HOSTS WIDTH COMMAND [kept]
//
// As the clients beside it: runs COMMAND on every address and prints what comes; with `kept` it keeps the connections, runs it
// again for each line of standard input, and prints a line of JSON a round.
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <libssh2.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum stage { CONNECT, HANDSHAKE, LOGIN, OPEN, EXECUTE, END_INPUT, READ, CLOSE, WAIT, FREE, DONE };

struct host {
    char address[64];
    int socket;
    enum stage stage;
    LIBSSH2_SESSION *session;
    LIBSSH2_CHANNEL *channel;
};

static const char *key, *user, *command;
static int port, kept, poller;
static char buffer[32768];

static void fail(const struct host *host, const char *what) {
    fprintf(stderr, "%s: %s failed\n", host->address, what);
    exit(1);
}

// The methods that macha offers with each version (Sources/SSH/Algorithms.swift).
static void prefer(LIBSSH2_SESSION *session) {
    int gcm = libssh2_version(0x010b00) != NULL;
    const char *cipher = gcm ? "aes256-gcm@openssh.com" : "aes256-ctr";
    libssh2_session_method_pref(session, LIBSSH2_METHOD_KEX, "curve25519-sha256");
    libssh2_session_method_pref(session, LIBSSH2_METHOD_CRYPT_CS, cipher);
    libssh2_session_method_pref(session, LIBSSH2_METHOD_CRYPT_SC, cipher);
    if (gcm) return;
    libssh2_session_method_pref(session, LIBSSH2_METHOD_MAC_CS, "hmac-sha2-256");
    libssh2_session_method_pref(session, LIBSSH2_METHOD_MAC_SC, "hmac-sha2-256");
}

static void begin(struct host *host) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
    int yes = 1;
    if (inet_pton(AF_INET, host->address, &to.sin_addr) != 1) fail(host, "the address");
    host->socket = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    setsockopt(host->socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (connect(host->socket, (struct sockaddr *)&to, sizeof to) < 0 && errno != EINPROGRESS) fail(host, "connecting");
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = host};
    epoll_ctl(poller, EPOLL_CTL_ADD, host->socket, &event);
    host->session = libssh2_session_init();
    libssh2_session_set_blocking(host->session, 0);
    prefer(host->session);
    host->stage = HANDSHAKE;
}

// Goes on until the host would block. Answers whether its round is over.
static int step(struct host *host) {
    for (;;) {
        int status = 0;
        switch (host->stage) {
        case CONNECT: begin(host); return 0;
        case HANDSHAKE: status = libssh2_session_handshake(host->session, host->socket); break;
        case LOGIN:
            status = libssh2_userauth_publickey_fromfile_ex(host->session, user, strlen(user), NULL, key, NULL);
            break;
        case OPEN:
            host->channel = libssh2_channel_open_session(host->session);
            if (!host->channel) status = libssh2_session_last_errno(host->session);
            break;
        case EXECUTE: status = libssh2_channel_exec(host->channel, command); break;
        case END_INPUT: status = libssh2_channel_send_eof(host->channel); break;
        case READ: {
            ssize_t count;
            for (int stream = 0; stream < 2; stream++)
                while ((count = libssh2_channel_read_ex(host->channel, stream, buffer, sizeof buffer)) > 0)
                    if (!kept) fwrite(buffer, 1, count, stdout);
            if (count < 0 && count != LIBSSH2_ERROR_EAGAIN) fail(host, "reading");
            status = libssh2_channel_eof(host->channel) ? 0 : LIBSSH2_ERROR_EAGAIN;
            break;
        }
        case CLOSE: status = libssh2_channel_close(host->channel); break;
        case WAIT: status = libssh2_channel_wait_closed(host->channel); break;
        case FREE:
            if (libssh2_channel_get_exit_status(host->channel)) fail(host, "the command");
            status = libssh2_channel_free(host->channel);
            break;
        case DONE: return 1;
        }
        if (status == LIBSSH2_ERROR_EAGAIN) return 0;
        if (status < 0) fail(host, "a call of libssh2");
        host->stage++;
    }
}

static void ask(struct host *hosts, int count, int width) {
    struct epoll_event events[256];
    int begun = 0, done = 0;
    while (done < count) {
        while (begun < count && begun - done < width) done += step(&hosts[begun++]);
        int ready = epoll_wait(poller, events, 256, -1);
        for (int i = 0; i < ready; i++) {
            struct host *host = events[i].data.ptr;
            if (host->stage != DONE) done += step(host);
        }
    }
}

static double seconds(struct timeval time) { return time.tv_sec + time.tv_usec / 1e6; }

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

int main(int count, char **words) {
    if (count < 8) return 64;
    FILE *file = fopen(words[1], "r");
    struct host *hosts = calloc(10000, sizeof *hosts);
    int all = 0;
    if (!file || !hosts) return 66;
    while (all < 10000 && fscanf(file, "%63s", hosts[all].address) == 1) all++;
    fclose(file);
    key = words[2], port = atoi(words[3]), user = words[4], command = words[7], kept = count > 8;
    poller = epoll_create1(EPOLL_CLOEXEC);
    libssh2_init(0);
    for (;;) {
        struct rusage before, after;
        double began = now();
        getrusage(RUSAGE_SELF, &before);
        ask(hosts, all, atoi(words[6]));
        getrusage(RUSAGE_SELF, &after);
        if (!kept) return 0;
        long pages = 0;
        FILE *statm = fopen("/proc/self/statm", "r");
        if (!statm || fscanf(statm, "%*d %ld", &pages) != 1) return 1;
        fclose(statm);
        printf("{\"wall\":%.6f,\"cpu\":%.6f,\"answers\":%d,\"hosts\":%d,\"resident\":%ld,\"peak\":%ld}\n", now() - began,
               seconds(after.ru_utime) + seconds(after.ru_stime) - seconds(before.ru_utime) - seconds(before.ru_stime), all, all,
               pages * sysconf(_SC_PAGESIZE) / 1024, after.ru_maxrss);
        fflush(stdout);
        if (getchar() == EOF) return 0;
        for (int i = 0; i < all; i++) hosts[i].stage = OPEN;
    }
}
