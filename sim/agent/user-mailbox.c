#include "sim/agent/user-mailbox.h"

#include "protocol/text/byte-span.h"

struct UserMailbox {
    SimHost *host;
    char *owner;
    GString *text;
};

UserMailbox *user_mailbox_new(SimHost *host, const char *owner)
{
    UserMailbox *mailbox = g_new0(UserMailbox, 1);
    mailbox->host = host;
    mailbox->owner = g_strdup(owner);
    mailbox->text = g_string_new(NULL);
    return mailbox;
}

void user_mailbox_free(UserMailbox *mailbox)
{
    if (mailbox != NULL) {
        g_free(mailbox->owner);
        g_string_free(mailbox->text, TRUE);
        g_free(mailbox);
    }
}

bool user_mailbox_append(UserMailbox *mailbox, const char *from, const char *text)
{
    SimWorld *world = sim_host_world(mailbox->host);
    char time[SIM_TIME_TEXT_SIZE];
    sim_time_format(sim_world_now(world), time);
    if (mailbox->text->len + strlen(text) > USER_MAILBOX_MAXIMUM) {
        return false;
    }
    g_string_append_printf(mailbox->text, "From %s %.16s\n%s\n", from, time, text);
    g_autofree char *told = g_strdup_printf(
        "%u octets are added to the file MAILBOX of %s", (guint)strlen(text), mailbox->owner
    );
    g_autofree char *which = g_strdup_printf("file MAILBOX of %s", mailbox->owner);
    g_autofree char *state = g_strdup_printf("%u octets", (guint)mailbox->text->len);
    sim_world_emit_state(world, mailbox->host, WORLD_EVENT_MAILBOX, which, state, told);
    return true;
}

void user_mailbox_show(const UserMailbox *mailbox, const char *reader)
{
    SimWorld *world = sim_host_world(mailbox->host);
    g_auto(GStrv) lines = g_strsplit(mailbox->text->str, "\n", -1);
    sim_world_emit(
        world, mailbox->host, WORLD_EVENT_USER, "%s has the file MAILBOX typed out:", reader
    );
    for (guint i = 0; lines[i] != NULL; i++) {
        if (lines[i][0] != '\0') {
            g_autofree char *shown = byte_span_to_display(byte_span_from_string(lines[i]));
            sim_world_emit(world, mailbox->host, WORLD_EVENT_USER, "   %s", shown);
        }
    }
}

const char *user_mailbox_text(const UserMailbox *mailbox)
{
    return mailbox->text->str;
}
