// SPDX-License-Identifier: MIT
// Typed wrappers for libssh2's macros and renamed functions. Documentation: https://libssh2.org/docs.html
#ifndef MACHA_CLIBSSH2_SHIM_H
#define MACHA_CLIBSSH2_SHIM_H

#include <libssh2.h>
#include <malloc.h>
#include <stdint.h>
#include <sys/socket.h>

/// The signature libssh2 expects of a replacement for recv(2): bytes read, or a negated errno.
typedef ssize_t (*macha_ssh2_receive)(libssh2_socket_t socket, void *buffer, size_t length, int flags, void **abstract);

/// The signature libssh2 expects of a replacement for send(2): bytes sent, or a negated errno.
typedef ssize_t (*macha_ssh2_send)(libssh2_socket_t socket, const void *buffer, size_t length, int flags, void **abstract);

/// The signature of a callback that signs an authentication request; it may answer LIBSSH2_ERROR_EAGAIN.
typedef int (*macha_ssh2_sign)(LIBSSH2_SESSION *session, unsigned char **signature, size_t *signature_length,
                               const unsigned char *data, size_t data_length, void **abstract);

/// Replacements for malloc(3), realloc(3) and free(3).
typedef void *(*macha_ssh2_allocate)(size_t count, void **abstract);
typedef void *(*macha_ssh2_reallocate)(void *block, size_t count, void **abstract);
typedef void (*macha_ssh2_release)(void *block, void **abstract);

static inline LIBSSH2_SESSION *macha_ssh2_session(macha_ssh2_allocate allocate, macha_ssh2_reallocate reallocate,
                                                  macha_ssh2_release release, void *abstract) {
    return libssh2_session_init_ex(allocate, release, reallocate, abstract);
}

/// Replaces recv(2) for this session. libssh2 1.11.1 renamed the setter.
static inline void macha_ssh2_set_receive(LIBSSH2_SESSION *session, macha_ssh2_receive receive) {
#if LIBSSH2_VERSION_NUM >= 0x010b01
    libssh2_session_callback_set2(session, LIBSSH2_CALLBACK_RECV, (libssh2_cb_generic *)receive);
#else
    libssh2_session_callback_set(session, LIBSSH2_CALLBACK_RECV, (void *)receive);
#endif
}

/// Replaces send(2) for this session.
static inline void macha_ssh2_set_send(LIBSSH2_SESSION *session, macha_ssh2_send send) {
#if LIBSSH2_VERSION_NUM >= 0x010b01
    libssh2_session_callback_set2(session, LIBSSH2_CALLBACK_SEND, (libssh2_cb_generic *)send);
#else
    libssh2_session_callback_set(session, LIBSSH2_CALLBACK_SEND, (void *)send);
#endif
}

static inline int macha_ssh2_disconnect(LIBSSH2_SESSION *session, const char *reason) {
    return libssh2_session_disconnect_ex(session, SSH_DISCONNECT_BY_APPLICATION, reason, "");
}

static inline LIBSSH2_CHANNEL *macha_ssh2_open_session_channel(LIBSSH2_SESSION *session) {
    return libssh2_channel_open_ex(session, "session", 7, LIBSSH2_CHANNEL_WINDOW_DEFAULT,
                                   LIBSSH2_CHANNEL_PACKET_DEFAULT, NULL, 0);
}

/// A channel to `host`:`port` as the server sees them (direct-tcpip, RFC 4254, 7.2).
static inline LIBSSH2_CHANNEL *macha_ssh2_open_forward(LIBSSH2_SESSION *session, const char *host, int port) {
    return libssh2_channel_direct_tcpip_ex(session, host, port, "127.0.0.1", 0);
}

/// Asks for a channel of a type no server knows. The server must say so (RFC 4254, 5.1), so this is a round trip.
static inline LIBSSH2_CHANNEL *macha_ssh2_open_unknown(LIBSSH2_SESSION *session) {
    static const char type[] = "ping@macha.invalid";
    return libssh2_channel_open_ex(session, type, sizeof type - 1, LIBSSH2_CHANNEL_WINDOW_DEFAULT,
                                   LIBSSH2_CHANNEL_PACKET_DEFAULT, NULL, 0);
}

static inline int macha_ssh2_exec(LIBSSH2_CHANNEL *channel, const char *command, unsigned int length) {
    return libssh2_channel_process_startup(channel, "exec", 4, command, length);
}

static inline ssize_t macha_ssh2_write(LIBSSH2_CHANNEL *channel, const char *bytes, size_t length) {
    return libssh2_channel_write_ex(channel, 0, bytes, length);
}

/// `stream` 0 is standard output, 1 (SSH_EXTENDED_DATA_STDERR) standard error.
static inline ssize_t macha_ssh2_read(LIBSSH2_CHANNEL *channel, int stream, char *buffer, size_t length) {
    return libssh2_channel_read_ex(channel, stream, buffer, length);
}

#endif
