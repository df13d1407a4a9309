// SPDX-License-Identifier: MIT
#include "calls.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>

// libcurl's interface is the same since 7.16 (2006), hence the 4. Debian's build with GnuTLS has another name and the same functions.
static const char *const names[] = {"libcurl.so.4", "libcurl-gnutls.so.4"};

#define EACH_FUNCTION(DO)                                                                                                        \
    DO(curl_global_init) DO(curl_easy_init) DO(curl_easy_cleanup) DO(curl_easy_setopt) DO(curl_easy_getinfo) DO(curl_easy_pause)    \
    DO(curl_easy_perform) DO(curl_easy_strerror) DO(curl_slist_append) DO(curl_slist_free_all) DO(curl_multi_init) DO(curl_multi_cleanup)               \
    DO(curl_multi_add_handle) DO(curl_multi_remove_handle) DO(curl_multi_perform) DO(curl_multi_poll) DO(curl_multi_wakeup)       \
    DO(curl_multi_info_read) DO(curl_multi_setopt) DO(curl_url) DO(curl_url_cleanup) DO(curl_url_set) DO(curl_url_get)            \
    DO(curl_url_strerror) DO(curl_free)

#define POINTER(function) static __typeof__(&function) my_##function;
EACH_FUNCTION(POINTER)

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char failure[256];

static void fail(const char *reason) {
    size_t at = 0;
    for (; reason && reason[at] && at + 1 < sizeof failure; at++) failure[at] = reason[at];
    failure[at] = 0;
}

static void load(void) {
    void *library = NULL;
    for (size_t at = 0; !library && at < sizeof names / sizeof *names; at++) {
        library = dlopen(names[at], RTLD_NOW | RTLD_LOCAL);
        if (!library && at == 0) fail(dlerror());
    }
    if (!library) return;
    fail("");
#define LOOK_UP(function)                                        \
    my_##function = (__typeof__(&function))dlsym(library, #function); \
    if (!my_##function) return fail(dlerror());
    EACH_FUNCTION(LOOK_UP)
}

const char *macha_curl_load(void) {
    pthread_once(&once, load);
    return failure[0] ? failure : NULL;
}

CURLcode macha_curl_global_init(long flags) { return my_curl_global_init(flags); }
CURL *macha_curl_easy_init(void) { return my_curl_easy_init(); }
void macha_curl_easy_cleanup(CURL *easy) { my_curl_easy_cleanup(easy); }
CURLcode macha_curl_easy_pause(CURL *easy, int mask) { return my_curl_easy_pause(easy, mask); }
const char *macha_curl_easy_strerror(CURLcode code) { return my_curl_easy_strerror(code); }
struct curl_slist *macha_curl_slist_append(struct curl_slist *list, const char *text) {
    return my_curl_slist_append(list, text);
}
void macha_curl_slist_free_all(struct curl_slist *list) { my_curl_slist_free_all(list); }
CURLM *macha_curl_multi_init(void) { return my_curl_multi_init(); }
CURLMcode macha_curl_multi_cleanup(CURLM *multi) { return my_curl_multi_cleanup(multi); }
CURLMcode macha_curl_multi_add_handle(CURLM *multi, CURL *easy) { return my_curl_multi_add_handle(multi, easy); }
CURLMcode macha_curl_multi_remove_handle(CURLM *multi, CURL *easy) { return my_curl_multi_remove_handle(multi, easy); }
CURLMcode macha_curl_multi_perform(CURLM *multi, int *running) { return my_curl_multi_perform(multi, running); }
CURLMcode macha_curl_multi_wait(CURLM *multi, int milliseconds) { return my_curl_multi_poll(multi, NULL, 0, milliseconds, NULL); }
CURLMcode macha_curl_multi_wakeup(CURLM *multi) { return my_curl_multi_wakeup(multi); }
CURLU *macha_curl_url(void) { return my_curl_url(); }
void macha_curl_url_cleanup(CURLU *url) { my_curl_url_cleanup(url); }
CURLUcode macha_curl_url_set(CURLU *url, CURLUPart part, const char *text, unsigned int flags) {
    return my_curl_url_set(url, part, text, flags);
}
CURLUcode macha_curl_url_get(CURLU *url, CURLUPart part, char **text, unsigned int flags) {
    return my_curl_url_get(url, part, text, flags);
}
const char *macha_curl_url_strerror(CURLUcode code) { return my_curl_url_strerror(code); }
void macha_curl_free(void *block) { my_curl_free(block); }

CURLcode macha_curl_set_number(CURL *easy, CURLoption option, long value) { return my_curl_easy_setopt(easy, option, value); }

CURLcode macha_curl_set_complaint(CURL *easy, char *buffer) {
    return my_curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, buffer);
}

CURLcode macha_curl_set_text(CURL *easy, CURLoption option, const char *text) {
    return my_curl_easy_setopt(easy, option, text);
}

CURLcode macha_curl_set_headers(CURL *easy, struct curl_slist *list) {
    return my_curl_easy_setopt(easy, CURLOPT_HTTPHEADER, list);
}

CURLcode macha_curl_set_body(CURL *easy, const void *bytes, size_t length) {
    CURLcode code = my_curl_easy_setopt(easy, CURLOPT_POST, 1L);
    if (code == CURLE_OK) code = my_curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)length);
    if (code == CURLE_OK) code = my_curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, length > 0 ? bytes : "");
    return code;
}

CURLcode macha_curl_set_receivers(CURL *easy, macha_curl_receive header, macha_curl_receive body, void *context) {
    CURLcode code = my_curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, header);
    if (code == CURLE_OK) code = my_curl_easy_setopt(easy, CURLOPT_HEADERDATA, context);
    if (code == CURLE_OK) code = my_curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, body);
    if (code == CURLE_OK) code = my_curl_easy_setopt(easy, CURLOPT_WRITEDATA, context);
    return code;
}

CURLcode macha_curl_allow_only_http(CURL *easy) {
#if LIBCURL_VERSION_NUM >= 0x075500
    CURLcode code = my_curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    if (code == CURLE_OK) code = my_curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
#else
    CURLcode code = my_curl_easy_setopt(easy, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
    if (code == CURLE_OK)
        code = my_curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
    return code;
}

static int mark_socket(void *context, curl_socket_t socket, curlsocktype purpose) {
    (void)context;
    (void)purpose;
    fcntl(socket, F_SETFD, FD_CLOEXEC);
    return CURL_SOCKOPT_OK;
}

CURLcode macha_curl_close_on_exec(CURL *easy) { return my_curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, mark_socket); }

CURLcode macha_curl_quick_exit(CURL *easy) {
#if LIBCURL_VERSION_NUM >= 0x075700
    return my_curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
#else
    (void)easy;
    return CURLE_OK;
#endif
}

long long macha_curl_time(CURL *easy, CURLINFO info) {
    curl_off_t value = 0;
    my_curl_easy_getinfo(easy, info, &value);
    return (long long)value;
}

CURL *macha_curl_next_finished(CURLM *multi, CURLcode *code) {
    int left = 0;
    for (CURLMsg *message; (message = my_curl_multi_info_read(multi, &left));) {
        if (message->msg != CURLMSG_DONE) continue;
        *code = message->data.result;
        return message->easy_handle;
    }
    return NULL;
}

CURLMcode macha_curl_set_multi_number(CURLM *multi, CURLMoption option, long value) {
    return my_curl_multi_setopt(multi, option, value);
}

CURLcode macha_curl_allow_only_mail(CURL *easy) {
#if LIBCURL_VERSION_NUM >= 0x075500
    return my_curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
#else
    return my_curl_easy_setopt(easy, CURLOPT_PROTOCOLS, (long)(CURLPROTO_SMTP | CURLPROTO_SMTPS));
#endif
}

CURLcode macha_curl_set_recipients(CURL *easy, struct curl_slist *list) {
    return my_curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, list);
}

CURLcode macha_curl_set_upload(CURL *easy, macha_curl_supply supply, void *context, size_t length) {
    CURLcode code = my_curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
    if (code == CURLE_OK) code = my_curl_easy_setopt(easy, CURLOPT_READFUNCTION, supply);
    if (code == CURLE_OK) code = my_curl_easy_setopt(easy, CURLOPT_READDATA, context);
    if (code == CURLE_OK) code = my_curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)length);
    return code;
}

static int is_aborted(void *flag, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d) {
    (void)a, (void)b, (void)c, (void)d;
    return __atomic_load_n((int *)flag, __ATOMIC_RELAXED);
}

CURLcode macha_curl_set_abort_flag(CURL *easy, int *flag) {
    CURLcode code = my_curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
    if (code == CURLE_OK) code = my_curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, is_aborted);
    if (code == CURLE_OK) code = my_curl_easy_setopt(easy, CURLOPT_XFERINFODATA, flag);
    return code;
}

void macha_curl_abort(int *flag) { __atomic_store_n(flag, 1, __ATOMIC_RELAXED); }

CURLcode macha_curl_easy_perform(CURL *easy) { return my_curl_easy_perform(easy); }

long macha_curl_status(CURL *easy) {
    long status = 0;
    my_curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    return status;
}
