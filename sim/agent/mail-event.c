#include "sim/agent/mail-event.h"

#define FIELDS_MAXIMUM 13

static const char *const deed_names[] = {
    [MAIL_DEED_ACCEPTED] = "accepted",
    [MAIL_DEED_DELIVERED] = "delivered",
    [MAIL_DEED_RELAYED] = "relayed",
    [MAIL_DEED_DEFERRED] = "deferred",
    [MAIL_DEED_UNCERTAIN] = "uncertain",
    [MAIL_DEED_FAILED] = "failed",
    [MAIL_DEED_EXPIRED] = "expired",
    [MAIL_DEED_DISCARDED] = "discarded",
    [MAIL_DEED_EXPANDED] = "expanded",
    [MAIL_DEED_REPORTED] = "reported",
    [MAIL_DEED_UNREPORTED] = "unreported",
};
G_STATIC_ASSERT(G_N_ELEMENTS(deed_names) == N_MAIL_DEEDS);

const char *mail_deed_name(MailDeed deed)
{
    return deed_names[deed];
}

void mail_event_emit(
    SimWorld *world, const SimHost *host, const MailEvent *event, const char *format, ...
)
{
    if (!sim_world_is_observed(world)) {
        return;
    }
    const WorldEventField all[FIELDS_MAXIMUM] = {
        {"deed", mail_deed_name(event->deed)},
        {"by", event->by},
        {"message", event->message},
        {"recipient", event->recipient},
        {"recipients", event->recipients},
        {"sender", event->sender},
        {"origin", event->origin},
        {"previous", event->previous},
        {"mailbox", event->mailbox},
        {"server", event->server},
        {"taken", event->taken},
        {"reply", event->reply},
        {"report", event->report},
    };
    WorldEventField fields[FIELDS_MAXIMUM];
    gsize count = 0;
    for (gsize i = 0; i < FIELDS_MAXIMUM; i++) {
        if (all[i].value != NULL) {
            fields[count++] = all[i];
        }
    }
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    sim_world_emit_event(
        world,
        (WorldEvent){
            .kind = event->kind,
            .host = host,
            .text = text,
            .fields = fields,
            .field_count = count,
        }
    );
}

void mail_event_emit_count(
    SimWorld *world,
    const SimHost *host,
    WorldEventKind kind,
    const char *of,
    guint messages,
    const char *text
)
{
    if (sim_world_is_observed(world)) {
        g_autofree char *state =
            g_strdup_printf("%u message%s", messages, messages == 1 ? "" : "s");
        g_autofree char *whole = g_strdup_printf("%s %s", text, state);
        sim_world_emit_state(world, host, kind, of, state, whole);
    }
}
