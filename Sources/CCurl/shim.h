// SPDX-License-Identifier: MIT
// Typed wrappers for libcurl's variadic functions and macros. Documentation: https://curl.se/libcurl/c/
#ifndef MACHA_CCURL_SHIM_H
#define MACHA_CCURL_SHIM_H

#include <curl/curl.h>
#include <fcntl.h>

/// What libcurl calls with a piece of a body or with one header line; answers how much of it was taken.
typedef size_t (*macha_curl_receive)(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode macha_curl_set_number(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}

/// The buffer holds CURL_ERROR_SIZE bytes and must outlive the handle.
static inline CURLcode macha_curl_set_complaint(CURL *easy, char *buffer) {
    return curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, buffer);
}

/// libcurl copies the text. NULL puts the option back to what it was at first.
static inline CURLcode macha_curl_set_text(CURL *easy, CURLoption option, const char *text) {
    return curl_easy_setopt(easy, option, text);
}

/// The list must outlive the transfer.
static inline CURLcode macha_curl_set_headers(CURL *easy, struct curl_slist *list) {
    return curl_easy_setopt(easy, CURLOPT_HTTPHEADER, list);
}

/// Makes the request a POST with a copy of these bytes.
static inline CURLcode macha_curl_set_body(CURL *easy, const void *bytes, size_t length) {
    CURLcode code = curl_easy_setopt(easy, CURLOPT_POST, 1L);
    if (code == CURLE_OK) code = curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)length);
    if (code == CURLE_OK) code = curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, length > 0 ? bytes : "");
    return code;
}

/// Sets who receives header lines and body; `context` is handed to both and also kept as the handle's private pointer.
static inline CURLcode macha_curl_set_receivers(CURL *easy, macha_curl_receive header, macha_curl_receive body,
                                                void *context) {
    CURLcode code = curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, header);
    if (code == CURLE_OK) code = curl_easy_setopt(easy, CURLOPT_HEADERDATA, context);
    if (code == CURLE_OK) code = curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, body);
    if (code == CURLE_OK) code = curl_easy_setopt(easy, CURLOPT_WRITEDATA, context);
    if (code == CURLE_OK) code = curl_easy_setopt(easy, CURLOPT_PRIVATE, context);
    return code;
}

/// Allows HTTP and HTTPS and nothing else, also for redirects. libcurl 7.85 replaced the option's bits by text.
static inline CURLcode macha_curl_allow_only_http(CURL *easy) {
#if LIBCURL_VERSION_NUM >= 0x075500
    CURLcode code = curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    if (code == CURLE_OK) code = curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
#else
    CURLcode code = curl_easy_setopt(easy, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
    return code;
}

static inline int macha_curl_mark_socket(void *context, curl_socket_t socket, curlsocktype purpose) {
    (void)context;
    (void)purpose;
    fcntl(socket, F_SETFD, FD_CLOEXEC);
    return CURL_SOCKOPT_OK;
}

/// Keeps sockets from programs this process starts: one of them would hold a closed connection open.
static inline CURLcode macha_curl_close_on_exec(CURL *easy) {
    return curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, macha_curl_mark_socket);
}

/// Lets a transfer that is given up leave a name look-up behind instead of waiting for it (since libcurl 7.87).
static inline CURLcode macha_curl_quick_exit(CURL *easy) {
#if LIBCURL_VERSION_NUM >= 0x075700
    return curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
#else
    (void)easy;
    return CURLE_OK;
#endif
}

/// The handle's private pointer, NULL without one.
static inline void *macha_curl_context(CURL *easy) {
    void *context = NULL;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &context);
    return context;
}

/// Microseconds from the start to a point of the transfer (`CURLINFO_…_TIME_T`), 0 when it was not reached.
static inline long long macha_curl_time(CURL *easy, CURLINFO info) {
    curl_off_t value = 0;
    curl_easy_getinfo(easy, info, &value);
    return (long long)value;
}

/// Takes a finished transfer from the multi handle's list. Answers NULL when there is none.
static inline CURL *macha_curl_next_finished(CURLM *multi, CURLcode *code) {
    int left = 0;
    for (CURLMsg *message; (message = curl_multi_info_read(multi, &left));) {
        if (message->msg != CURLMSG_DONE) continue;
        *code = message->data.result;
        return message->easy_handle;
    }
    return NULL;
}

static inline CURLMcode macha_curl_set_multi_number(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}

#endif
