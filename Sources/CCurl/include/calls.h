// SPDX-License-Identifier: MIT
// libcurl, loaded when somebody makes the first request. Documentation: https://curl.se/libcurl/c/
//
// A program that is linked with libcurl maps some twenty libraries more (TLS, Kerberos, LDAP, ...) each time it starts: half of what
// starting macha costs, for the few commands that ask a model. So only libcurl's headers are used here, and its functions are looked
// up in the library itself. Whoever calls one of libcurl's own names meets an error of the linker.
#ifndef MACHA_CCURL_CALLS_H
#define MACHA_CCURL_CALLS_H

#include <curl/curl.h>

/// Loads libcurl, once a process; must answer NULL before anything else here is called. Answers why it cannot be loaded.
const char *macha_curl_load(void);

/// What libcurl calls with a piece of a body or with one header line; answers how much of it was taken.
typedef size_t (*macha_curl_receive)(char *bytes, size_t size, size_t count, void *context);

// As libcurl's functions of these names.
CURLcode macha_curl_global_init(long flags);
CURL *macha_curl_easy_init(void);
void macha_curl_easy_cleanup(CURL *easy);
CURLcode macha_curl_easy_pause(CURL *easy, int mask);
const char *macha_curl_easy_strerror(CURLcode code);
struct curl_slist *macha_curl_slist_append(struct curl_slist *list, const char *text);
void macha_curl_slist_free_all(struct curl_slist *list);
CURLM *macha_curl_multi_init(void);
CURLMcode macha_curl_multi_cleanup(CURLM *multi);
CURLMcode macha_curl_multi_add_handle(CURLM *multi, CURL *easy);
CURLMcode macha_curl_multi_remove_handle(CURLM *multi, CURL *easy);
CURLMcode macha_curl_multi_perform(CURLM *multi, int *running);
CURLMcode macha_curl_multi_wait(CURLM *multi, int milliseconds);
CURLMcode macha_curl_multi_wakeup(CURLM *multi);
CURLU *macha_curl_url(void);
void macha_curl_url_cleanup(CURLU *url);
CURLUcode macha_curl_url_set(CURLU *url, CURLUPart part, const char *text, unsigned int flags);
CURLUcode macha_curl_url_get(CURLU *url, CURLUPart part, char **text, unsigned int flags);
const char *macha_curl_url_strerror(CURLUcode code);
void macha_curl_free(void *block);

// Typed forms of its variadic functions.
CURLcode macha_curl_set_number(CURL *easy, CURLoption option, long value);

/// The buffer holds CURL_ERROR_SIZE bytes and must outlive the handle.
CURLcode macha_curl_set_complaint(CURL *easy, char *buffer);

/// libcurl copies the text. NULL puts the option back to what it was at first.
CURLcode macha_curl_set_text(CURL *easy, CURLoption option, const char *text);

/// The list must outlive the transfer.
CURLcode macha_curl_set_headers(CURL *easy, struct curl_slist *list);

/// Makes the request a POST with a copy of these bytes.
CURLcode macha_curl_set_body(CURL *easy, const void *bytes, size_t length);

/// Sets who receives header lines and body; `context` is handed to both.
CURLcode macha_curl_set_receivers(CURL *easy, macha_curl_receive header, macha_curl_receive body, void *context);

/// Allows HTTP and HTTPS and nothing else, also for redirects. libcurl 7.85 replaced the option's bits by text.
CURLcode macha_curl_allow_only_http(CURL *easy);

/// Keeps sockets from programs this process starts: one of them would hold a closed connection open.
CURLcode macha_curl_close_on_exec(CURL *easy);

/// Lets a transfer that is given up leave a name look-up behind instead of waiting for it (since libcurl 7.87).
CURLcode macha_curl_quick_exit(CURL *easy);

/// Microseconds from the start to a point of the transfer (`CURLINFO_…_TIME_T`), 0 when it was not reached.
long long macha_curl_time(CURL *easy, CURLINFO info);

/// Takes a finished transfer from the multi handle's list. Answers NULL when there is none.
CURL *macha_curl_next_finished(CURLM *multi, CURLcode *code);

CURLMcode macha_curl_set_multi_number(CURLM *multi, CURLMoption option, long value);

// Mail, one transfer at a time on a thread of its own.

/// What libcurl calls for the next piece of what is sent; answers how many bytes it wrote, 0 at the end.
typedef size_t (*macha_curl_supply)(char *buffer, size_t size, size_t count, void *context);

/// Allows SMTP and SMTPS and nothing else.
CURLcode macha_curl_allow_only_mail(CURL *easy);

/// The list must outlive the transfer.
CURLcode macha_curl_set_recipients(CURL *easy, struct curl_slist *list);

/// Sends what `supply` hands out, `length` bytes in all.
CURLcode macha_curl_set_upload(CURL *easy, macha_curl_supply supply, void *context, size_t length);

/// Gives the transfer up, within a second, once `*flag` is not 0.
CURLcode macha_curl_set_abort_flag(CURL *easy, int *flag);

/// To be called from any thread.
void macha_curl_abort(int *flag);

CURLcode macha_curl_easy_perform(CURL *easy);

/// The last status code that the server sent, 0 before the first.
long macha_curl_status(CURL *easy);

#endif
