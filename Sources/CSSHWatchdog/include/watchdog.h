// SPDX-License-Identifier: MIT
// The calls of libssh2 that understand what a server sent, none of which can keep its thread for ever.
#ifndef MACHA_CSSHWATCHDOG_H
#define MACHA_CSSHWATCHDOG_H

#include <libssh2.h>
#include <sys/types.h>

/// The signature of a callback that signs an authentication request; it may answer LIBSSH2_ERROR_EAGAIN.
typedef int (*macha_ssh2_sign)(LIBSSH2_SESSION *session, unsigned char **signature, size_t *signature_length,
                               const unsigned char *data, size_t data_length, void **abstract);

/// What a call answers that was ended because it went round without end; a call for a channel answers NULL and sets
/// `*status` to this. Its session is in an unknown state from then on: no function of libssh2 may see it again, not even
/// libssh2_session_free. No error of libssh2 has this number.
#define MACHA_SSH2_STUCK (-9000)

/// Has the calling thread watched from now on. Answers 0; ENOTSUP where such a call cannot be ended (libssh2 linked into the
/// program itself, another processor than x86-64 and AArch64, the thread sanitizer); or another errno. Without it every call below is plain.
///
/// A call that has used `milliseconds` of processor time, and at most twice that, is ended when it is next found in libssh2's
/// own code. Takes SIGVTALRM, and a timer of the kernel's that costs nothing while the thread sleeps.
int macha_ssh2_watch_this_thread(int milliseconds);

int macha_ssh2_handshake(LIBSSH2_SESSION *session, libssh2_socket_t socket);

/// Logs in with a public key; `sign` makes the signature. libssh2 gets no private key, whose formats it reads with much code.
int macha_ssh2_userauth_sign(LIBSSH2_SESSION *session, const char *user, const unsigned char *public_key, size_t length,
                             macha_ssh2_sign sign, void **abstract);

LIBSSH2_CHANNEL *macha_ssh2_open_session_channel(LIBSSH2_SESSION *session, int *status);

/// A channel to `host`:`port` as the server sees them (direct-tcpip, RFC 4254, 7.2).
LIBSSH2_CHANNEL *macha_ssh2_open_forward(LIBSSH2_SESSION *session, const char *host, int port, int *status);

/// Asks for a channel of a type no server knows. The server must say so (RFC 4254, 5.1), so this is a round trip.
LIBSSH2_CHANNEL *macha_ssh2_open_unknown(LIBSSH2_SESSION *session, int *status);

int macha_ssh2_exec(LIBSSH2_CHANNEL *channel, const char *command, unsigned int length);

ssize_t macha_ssh2_write(LIBSSH2_CHANNEL *channel, const char *bytes, size_t length);

/// `stream` 0 is standard output, 1 (SSH_EXTENDED_DATA_STDERR) standard error.
ssize_t macha_ssh2_read(LIBSSH2_CHANNEL *channel, int stream, char *buffer, size_t length);

int macha_ssh2_send_eof(LIBSSH2_CHANNEL *channel);

/// Waits until the server has closed the channel. Meaningful once the server has said that no more output comes.
int macha_ssh2_wait_closed(LIBSSH2_CHANNEL *channel);

/// Closes the channel and waits for the server to do the same.
int macha_ssh2_close(LIBSSH2_CHANNEL *channel);

int macha_ssh2_channel_free(LIBSSH2_CHANNEL *channel);

int macha_ssh2_disconnect(LIBSSH2_SESSION *session, const char *reason);

int macha_ssh2_session_free(LIBSSH2_SESSION *session);

#endif
