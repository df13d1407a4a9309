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

#endif
