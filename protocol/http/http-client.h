#pragma once

/* An HTTP client without I/O: a browser as far as a webmail needs one. Requests are written one
 * after another; each answer comes whole, its body up to a maximum. */

#include "protocol/http/http-dialogue.h"
#include "protocol/http/http-writer.h"

typedef struct {
    guint code;
    ByteSpan reason;
    ByteSpan body;
    ByteSpan content_type;
    bool is_complete; /* false: the connection ended inside, or the body passed the maximum */
    bool keeps_alive; /* another request may follow on this connection */
} HttpAnswer;

typedef struct HttpClient HttpClient;

HttpClient *http_client_new(gsize maximum_body);
void http_client_free(HttpClient *client);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HttpClient, http_client_free)

/* 'body' NULL: none. False: a text that does not belong (see http-writer.h). */
bool http_client_request(
    HttpClient *client,
    const char *method,
    const char *target,
    const char *host,
    const HttpFieldText *fields,
    gsize n_fields,
    const ByteSpan *body
);

void http_client_receive(HttpClient *client, ByteSpan octets);
void http_client_end_of_input(HttpClient *client);

/* The next whole answer; its texts live until the following call, or receive(). */
bool http_client_next_answer(HttpClient *client, HttpAnswer *out_answer);

/* Requests that have no answer yet. */
guint http_client_waiting(const HttpClient *client);

/* The fields of the answer given last, one after another; false: no more. Starts with *place 0. */
bool http_client_next_field(const HttpClient *client, gsize *place, HttpField *out_field);
bool http_client_field(const HttpClient *client, const char *name, ByteSpan *out_value);

ByteSpan http_client_output(const HttpClient *client);
void http_client_consume_output(HttpClient *client, gsize length);
