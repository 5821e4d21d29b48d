#pragma once
#include <curl/curl.h>

// curl_easy_setopt, curl_easy_getinfo and curl_multi_setopt are variadic, which Swift cannot
// call. One typed wrapper for each shape of argument. https://curl.se/libcurl/c/curl_easy_setopt.html
typedef size_t (*outboxd_curl_data_callback)(char *, size_t, size_t, void *);

static inline CURLcode outboxd_curl_set_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode outboxd_curl_set_string(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode outboxd_curl_set_pointer(CURL *handle, CURLoption option, void *value) {
    return curl_easy_setopt(handle, option, value);
}
/// libcurl takes a copy.
static inline CURLcode outboxd_curl_set_blob(
    CURL *handle, CURLoption option, void *data, size_t length) {
    struct curl_blob blob = {.data = data, .len = length, .flags = CURL_BLOB_COPY};
    return curl_easy_setopt(handle, option, &blob);
}
static inline CURLcode outboxd_curl_set_data_callback(
    CURL *handle, CURLoption option, outboxd_curl_data_callback callback) {
    return curl_easy_setopt(handle, option, callback);
}
static inline CURLcode outboxd_curl_get_long(CURL *handle, CURLINFO info, long *value) {
    return curl_easy_getinfo(handle, info, value);
}
static inline CURLcode outboxd_curl_get_string(CURL *handle, CURLINFO info, char **value) {
    return curl_easy_getinfo(handle, info, value);
}
static inline CURLcode outboxd_curl_get_socket(CURL *handle, CURLINFO info, curl_socket_t *value) {
    return curl_easy_getinfo(handle, info, value);
}
static inline CURLcode outboxd_curl_get_offset(CURL *handle, CURLINFO info, curl_off_t *value) {
    return curl_easy_getinfo(handle, info, value);
}
static inline CURLcode outboxd_curl_set_open_socket(CURL *handle, curl_opensocket_callback callback) {
    return curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, callback);
}
static inline CURLcode outboxd_curl_set_close_socket(CURL *handle, curl_closesocket_callback callback) {
    return curl_easy_setopt(handle, CURLOPT_CLOSESOCKETFUNCTION, callback);
}
static inline CURLcode outboxd_curl_set_debug(CURL *handle, curl_debug_callback callback) {
    return curl_easy_setopt(handle, CURLOPT_DEBUGFUNCTION, callback);
}
/// What a message of the multi handle says of a transfer that is done: the union's member.
static inline CURLcode outboxd_curl_message_result(const CURLMsg *message) {
    return message->data.result;
}
static inline CURLcode outboxd_curl_get_certificates(CURL *handle, struct curl_certinfo **value) {
    return curl_easy_getinfo(handle, CURLINFO_CERTINFO, value);
}
