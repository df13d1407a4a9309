// SPDX-License-Identifier: MIT
// What SSH needs of OpenSSL's libcrypto, on which libssh2 rests already. Documentation: https://docs.openssl.org/master/man3/
#ifndef MACHA_CLIBCRYPTO_SHIM_H
#define MACHA_CLIBCRYPTO_SHIM_H

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#if OPENSSL_VERSION_NUMBER >= 0x30000000L
#include <openssl/core_names.h>
#endif

/// Refuses to ask anybody for a passphrase: without it libcrypto would ask on the terminal.
static inline int macha_no_passphrase(char *buffer, int size, int is_writing, void *context) {
    (void)buffer, (void)size, (void)is_writing, (void)context;
    return -1;
}

/// libcrypto keeps the reasons of a failure for the thread; nobody here asks for them.
static inline EVP_PKEY *macha_key_or_null(EVP_PKEY *key) {
    if (!key) ERR_clear_error();
    return key;
}

/// An Ed25519 key of a seed of 32 bytes; NULL when libcrypto does not want it.
static inline EVP_PKEY *macha_ed25519_key(const unsigned char *seed) {
    return macha_key_or_null(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, 32));
}

/// The private key of a PEM file that is not encrypted (PKCS #1, SEC 1, PKCS #8); NULL for anything else.
static inline EVP_PKEY *macha_pem_key(const void *text, int count) {
    BIO *bio = BIO_new_mem_buf(text, count);
    EVP_PKEY *key = bio ? PEM_read_bio_PrivateKey(bio, NULL, macha_no_passphrase, NULL) : NULL;
    BIO_free(bio);
    return macha_key_or_null(key);
}

/// The elliptic curve key in an ECPrivateKey of SEC 1, C.4; NULL for anything else.
static inline EVP_PKEY *macha_ec_key(const unsigned char *der, long count) {
    return macha_key_or_null(d2i_PrivateKey(EVP_PKEY_EC, NULL, &der, count));
}

/// The RSA key in an RSAPrivateKey of RFC 8017, A.1.2; NULL for anything else.
static inline EVP_PKEY *macha_rsa_key(const unsigned char *der, long count) {
    return macha_key_or_null(d2i_PrivateKey(EVP_PKEY_RSA, NULL, &der, count));
}

/// Writes `d mod (prime - 1)` into `result`, which has room for `prime_count` bytes. Answers their number, or -1.
static inline int macha_rsa_exponent(const unsigned char *d, int d_count, const unsigned char *prime, int prime_count,
                                     unsigned char *result) {
    int count = -1;
    BN_CTX *context = BN_CTX_secure_new();
    BIGNUM *exponent = BN_bin2bn(d, d_count, NULL), *modulus = BN_bin2bn(prime, prime_count, NULL);
    BIGNUM *rest = BN_secure_new();
    if (context && exponent && modulus && rest) {
        BN_set_flags(exponent, BN_FLG_CONSTTIME);
        if (BN_sub_word(modulus, 1) && !BN_is_zero(modulus) && BN_mod(rest, exponent, modulus, context))
            count = BN_bn2bin(rest, result);
    }
    BN_clear_free(exponent);
    BN_clear_free(modulus);
    BN_clear_free(rest);
    BN_CTX_free(context);
    return count;
}

/// The type of a key: EVP_PKEY_ED25519, EVP_PKEY_EC, EVP_PKEY_RSA or another.
static inline int macha_key_type(const EVP_PKEY *key) { return EVP_PKEY_base_id(key); }

/// Writes the public half as a SubjectPublicKeyInfo (RFC 5280, 4.1) into `result` if that is not NULL. Answers its length, or -1.
static inline int macha_public_key(EVP_PKEY *key, unsigned char *result) {
#if OPENSSL_VERSION_NUMBER >= 0x30000000L
    // A file may hold the point compressed; SSH knows it uncompressed only (RFC 5656, 3.1).
    if (EVP_PKEY_base_id(key) == EVP_PKEY_EC)
        EVP_PKEY_set_utf8_string_param(key, OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT, "uncompressed");
#endif
    int count = i2d_PUBKEY(key, result ? &result : NULL);
    if (count < 0) ERR_clear_error();
    return count;
}

/// Bytes that a signature of this key may have.
static inline int macha_signature_size(const EVP_PKEY *key) { return EVP_PKEY_size((EVP_PKEY *)key); }

/// Writes a signature of a message hashed with SHA-`hash` (1, 256, 384, 512; 0 for a key that hashes itself) into `signature`,
/// which has room for `*length` bytes. Answers 1, or 0 on failure.
static inline int macha_sign(EVP_PKEY *key, int hash, const unsigned char *message, size_t count,
                             unsigned char *signature, size_t *length) {
    const EVP_MD *digest = hash == 1     ? EVP_sha1()
                           : hash == 256 ? EVP_sha256()
                           : hash == 384 ? EVP_sha384()
                           : hash == 512 ? EVP_sha512()
                                         : NULL;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    int done = context && EVP_DigestSignInit(context, NULL, digest, NULL, key) == 1 &&
               EVP_DigestSign(context, signature, length, message, count) == 1;
    EVP_MD_CTX_free(context);
    if (!done) ERR_clear_error();
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
