// SPDX-License-Identifier: MIT
// What SSH needs of OpenSSL's libcrypto, on which libssh2 rests already. Documentation: https://docs.openssl.org/master/man3/
#ifndef MACHA_CLIBCRYPTO_SHIM_H
#define MACHA_CLIBCRYPTO_SHIM_H

#include <openssl/evp.h>
#include <openssl/hmac.h>

/// An Ed25519 key of a seed of 32 bytes; NULL when libcrypto does not want it.
static inline EVP_PKEY *macha_ed25519_key(const unsigned char *seed) {
    return EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, 32);
}

/// Writes the public half of an Ed25519 key, 32 bytes. Answers 1, or 0 on failure.
static inline int macha_ed25519_public(const EVP_PKEY *key, unsigned char *public_key) {
    size_t length = 32;
    return EVP_PKEY_get_raw_public_key(key, public_key, &length) == 1 && length == 32;
}

/// Writes a signature of 64 bytes. Answers 1, or 0 on failure.
static inline int macha_ed25519_sign(EVP_PKEY *key, const unsigned char *message, size_t count, unsigned char *signature) {
    size_t length = 64;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    int done = context && EVP_DigestSignInit(context, NULL, NULL, NULL, key) == 1 &&
               EVP_DigestSign(context, signature, &length, message, count) == 1 && length == 64;
    EVP_MD_CTX_free(context);
    return done;
}

/// Writes the SHA-256 of a message, 32 bytes. Answers 1, or 0 on failure.
static inline int macha_sha256(const void *message, size_t count, unsigned char *digest) {
    return EVP_Digest(message, count, digest, NULL, EVP_sha256(), NULL);
}

/// Writes the SHA-1 of a message, 20 bytes. Answers 1, or 0 on failure.
static inline int macha_sha1(const void *message, size_t count, unsigned char *digest) {
    return EVP_Digest(message, count, digest, NULL, EVP_sha1(), NULL);
}

/// Writes the HMAC-SHA1 of a message, 20 bytes. Answers 1, or 0 on failure.
static inline int macha_hmac_sha1(const void *key, size_t key_count, const unsigned char *message, size_t count,
                                  unsigned char *digest) {
    return HMAC(EVP_sha1(), key, (int)key_count, message, count, digest, NULL) != NULL;
}

#endif
