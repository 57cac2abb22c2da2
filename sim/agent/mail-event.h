#pragma once

/* What agents tell of a message: a world event whose fields say the same as its text, for programs.
 * The accounting (accounting.h) reads nothing else. A world without an observer formats nothing.
 *
 *     accepted ─┬─> delivered, relayed, failed, expired, discarded     the end, for one recipient
 *               ├─> expanded    others stand for this recipient from now on
 *               └─> deferred ... deferred      still in the queue
 *
 * Fields: deed, by (the server's name), message (its id in that server's queue), recipient, and
 * what the deed needs. */

#include "sim/network/world.h"

typedef enum {
    MAIL_DEED_ACCEPTED,   /* recipients (a line each), sender, origin, previous ("HOST ID") */
    MAIL_DEED_DELIVERED,  /* recipient, mailbox */
    MAIL_DEED_RELAYED,    /* recipient, server, taken (its id there) */
    MAIL_DEED_DEFERRED,   /* recipient, server, reply */
    MAIL_DEED_UNCERTAIN,  /* recipient, server: the final dot was sent, the answer never came */
    MAIL_DEED_FAILED,     /* recipient, reply */
    MAIL_DEED_EXPIRED,    /* recipient, reply */
    MAIL_DEED_DISCARDED,  /* recipient, reply: by a filter, or by a program behind the address */
    MAIL_DEED_EXPANDED,   /* recipient, recipients (those that were added) */
    MAIL_DEED_REPORTED,   /* recipients, report (id of the report) */
    MAIL_DEED_UNREPORTED, /* recipients, reply (why nobody is told) */
    N_MAIL_DEEDS,
} MailDeed;

const char *mail_deed_name(MailDeed deed); /* "accepted" */

/* Texts may be NULL. */
typedef struct {
    MailDeed deed;
    WorldEventKind kind;
    const char *by;
    const char *message;
    const char *recipient;
    const char *recipients;
    const char *sender;
    const char *origin; /* "smtp", "report", "list", "user" */
    const char *previous;
    const char *mailbox;
    const char *server;
    const char *taken;
    const char *reply;
    const char *report;
} MailEvent;

void mail_event_emit(
    SimWorld *world, const SimHost *host, const MailEvent *event, const char *format, ...
) G_GNUC_PRINTF(4, 5);

/* How many messages a queue or a mailbox holds: 'text' and the number, "queue of a.example: 2
 * messages". 'of' says which it is, as in sim_world_emit_state(). */
void mail_event_emit_count(
    SimWorld *world,
    const SimHost *host,
    WorldEventKind kind,
    const char *of,
    guint messages,
    const char *text
);
