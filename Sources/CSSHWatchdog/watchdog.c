// SPDX-License-Identifier: MIT
// How a call is ended: a timer that counts the processor time of the thread sends it a signal, and the handler leaves the call
// by siglongjmp(3). That is sound only while nothing but libssh2 itself is running: its code has no locks and no state outside of
// the session, which is given up. So the handler leaves only from an instruction of libssh2's own, never from malloc(3), from
// libcrypto or from a callback of ours, which may hold a lock; it comes back soon in that case. Hence also no limit for honest work:
// what takes a processor's time in a handshake are libcrypto's large numbers.
#define _GNU_SOURCE
#include "watchdog.h"

#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#ifndef sigev_notify_thread_id  // glibc before 2.38 has the field and not its name
#define sigev_notify_thread_id _sigev_un._tid
#endif

/// The code of the library that libssh2 was loaded from. Written once, before the first timer.
static uintptr_t code_begin, code_end;

static _Thread_local sigjmp_buf way_out;
static _Thread_local volatile sig_atomic_t is_inside;
/// Counts the calls of this thread; only whether it has changed matters, so it may begin again at 0.
static _Thread_local volatile unsigned call;
/// The call that the last tick has seen.
static _Thread_local unsigned seen;
static _Thread_local timer_t timer;
static _Thread_local struct itimerspec interval;

/// Where the thread was when the signal came, or 0 where that cannot be told. The thread sanitizer hands a signal on when it suits
/// it, with a context of the past, and does not follow a jump out of it.
static uintptr_t instruction(const void *context) {
#if __has_feature(thread_sanitizer)
    (void)context;
    return 0;
#elif defined(__x86_64__)
    return (uintptr_t)((const ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
    return (uintptr_t)((const ucontext_t *)context)->uc_mcontext.pc;
#else
    (void)context;
    return 0;
#endif
}

static int is_library_code(uintptr_t address) { return address >= code_begin && address < code_end; }

static void tick(int number, siginfo_t *information, void *context) {
    (void)number, (void)information;
    if (!is_inside) return;
    if (seen != call) {
        seen = call;
        return;
    }
    if (is_library_code(instruction(context))) {
        is_inside = 0;
        siglongjmp(way_out, 1);
    }
    // Overdue, but in a function that libssh2 has called: look again in a moment.
    int error = errno;
    struct itimerspec soon = interval;
    soon.it_value = (struct timespec){.tv_nsec = 1000000};
    timer_settime(timer, 0, &soon, NULL);
    errno = error;
}

/// Notes where the object that `info` describes has its code, if libssh2 is in it.
static int find_code(struct dl_phdr_info *info, size_t size, void *address) {
    (void)size;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
        uintptr_t begin = info->dlpi_addr + segment->p_vaddr;
        if (segment->p_type != PT_LOAD || !(segment->p_flags & PF_X)) continue;
        if ((uintptr_t)address < begin || (uintptr_t)address >= begin + segment->p_memsz) continue;
        code_begin = begin;
        code_end = begin + segment->p_memsz;
        return 1;
    }
    return 0;
}

int macha_ssh2_watch_this_thread(int milliseconds) {
    ucontext_t here;
    if (getcontext(&here) != 0 || instruction(&here) == 0) return ENOTSUP;
    // Not the name itself: in a program at a fixed place that is a stub of the program's.
    void *address = dlsym(RTLD_DEFAULT, "libssh2_init");
    if (!address || !dl_iterate_phdr(find_code, address)) return ENOTSUP;
    // In a program that contains libssh2, its code could not be told from the callbacks'.
    if (is_library_code((uintptr_t)tick)) return ENOTSUP;

    struct sigaction action = {.sa_sigaction = tick, .sa_flags = SA_SIGINFO | SA_RESTART | SA_NODEFER};
    if (sigaction(SIGVTALRM, &action, NULL) != 0) return errno;
    // A thread that was begun by one of Dispatch's has its mask, which blocks nearly all signals.
    sigset_t ours;
    sigemptyset(&ours);
    sigaddset(&ours, SIGVTALRM);
    int error = pthread_sigmask(SIG_UNBLOCK, &ours, NULL);
    if (error != 0) return error;
    struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGVTALRM};
    event.sigev_notify_thread_id = gettid();
    if (timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &timer) != 0) return errno;
    interval.it_interval = (struct timespec){.tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * 1000000L};
    interval.it_value = interval.it_interval;
    return timer_settime(timer, 0, &interval, NULL) == 0 ? 0 : errno;
}

/// Makes a call; the statement behind is for one that had to be ended. SA_NODEFER lets the signals' mask stay as it is, so it
/// is not saved.
#define WATCHED(statement)               \
    if (sigsetjmp(way_out, 0) == 0) {    \
        call++;                          \
        atomic_signal_fence(memory_order_seq_cst); \
        is_inside = 1;                   \
        statement;                       \
        is_inside = 0;                   \
    } else

int macha_ssh2_handshake(LIBSSH2_SESSION *session, libssh2_socket_t socket) {
    int status;
    WATCHED(status = libssh2_session_handshake(session, socket)) return MACHA_SSH2_STUCK;
    return status;
}

int macha_ssh2_userauth_sign(LIBSSH2_SESSION *session, const char *user, const unsigned char *public_key, size_t length,
                             macha_ssh2_sign sign, void **abstract) {
    int status;
    WATCHED(status = libssh2_userauth_publickey(session, user, public_key, length, sign, abstract)) return MACHA_SSH2_STUCK;
    return status;
}

static LIBSSH2_CHANNEL *open_channel(LIBSSH2_SESSION *session, const char *type, int *status) {
    LIBSSH2_CHANNEL *channel;
    unsigned int length = (unsigned int)strlen(type);
    WATCHED(channel = libssh2_channel_open_ex(session, type, length, LIBSSH2_CHANNEL_WINDOW_DEFAULT,
                                              LIBSSH2_CHANNEL_PACKET_DEFAULT, NULL, 0)) {
        *status = MACHA_SSH2_STUCK;
        return NULL;
    }
    *status = 0;
    return channel;
}

LIBSSH2_CHANNEL *macha_ssh2_open_session_channel(LIBSSH2_SESSION *session, int *status) {
    return open_channel(session, "session", status);
}

LIBSSH2_CHANNEL *macha_ssh2_open_unknown(LIBSSH2_SESSION *session, int *status) {
    return open_channel(session, "ping@macha.invalid", status);
}

LIBSSH2_CHANNEL *macha_ssh2_open_forward(LIBSSH2_SESSION *session, const char *host, int port, int *status) {
    LIBSSH2_CHANNEL *channel;
    WATCHED(channel = libssh2_channel_direct_tcpip_ex(session, host, port, "127.0.0.1", 0)) {
        *status = MACHA_SSH2_STUCK;
        return NULL;
    }
    *status = 0;
    return channel;
}

int macha_ssh2_exec(LIBSSH2_CHANNEL *channel, const char *command, unsigned int length) {
    int status;
    WATCHED(status = libssh2_channel_process_startup(channel, "exec", 4, command, length)) return MACHA_SSH2_STUCK;
    return status;
}

ssize_t macha_ssh2_write(LIBSSH2_CHANNEL *channel, const char *bytes, size_t length) {
    ssize_t count;
    WATCHED(count = libssh2_channel_write_ex(channel, 0, bytes, length)) return MACHA_SSH2_STUCK;
    return count;
}

ssize_t macha_ssh2_read(LIBSSH2_CHANNEL *channel, int stream, char *buffer, size_t length) {
    ssize_t count;
    WATCHED(count = libssh2_channel_read_ex(channel, stream, buffer, length)) return MACHA_SSH2_STUCK;
    return count;
}

int macha_ssh2_send_eof(LIBSSH2_CHANNEL *channel) {
    int status;
    WATCHED(status = libssh2_channel_send_eof(channel)) return MACHA_SSH2_STUCK;
    return status;
}

int macha_ssh2_wait_closed(LIBSSH2_CHANNEL *channel) {
    int status;
    WATCHED(status = libssh2_channel_wait_closed(channel)) return MACHA_SSH2_STUCK;
    return status;
}

int macha_ssh2_close(LIBSSH2_CHANNEL *channel) {
    int status;
    WATCHED({
        status = libssh2_channel_close(channel);
        if (status == 0) status = libssh2_channel_wait_closed(channel);
    }) return MACHA_SSH2_STUCK;
    return status;
}

int macha_ssh2_channel_free(LIBSSH2_CHANNEL *channel) {
    int status;
    WATCHED(status = libssh2_channel_free(channel)) return MACHA_SSH2_STUCK;
    return status;
}

int macha_ssh2_disconnect(LIBSSH2_SESSION *session, const char *reason) {
    int status;
    WATCHED(status = libssh2_session_disconnect_ex(session, SSH_DISCONNECT_BY_APPLICATION, reason, "")) return MACHA_SSH2_STUCK;
    return status;
}

int macha_ssh2_session_free(LIBSSH2_SESSION *session) {
    int status;
    WATCHED(status = libssh2_session_free(session)) return MACHA_SSH2_STUCK;
    return status;
}
