// SPDX-License-Identifier: MIT
// Keeps libcrypto from tidying up when the process ends.
//
// By default it frees its locks and generators in exit(3), while the reactor's thread may be in the middle of sealing a packet
// or of a login: that thread then reads a freed lock, and a program that had done its work ends with SIGSEGV. The first call
// decides (OPENSSL_init_crypto(3), OPENSSL_INIT_NO_ATEXIT), and libcurl and libssh2 make one too, so it is made when the program is
// loaded. The memory goes with the process.
#include <openssl/crypto.h>
#include <stddef.h>

__attribute__((constructor)) static void keep_libcrypto_until_the_end(void) {
    OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, NULL);
}
