/* What a machine keeps: folders of messages, as on its disk. */

#include "protocol/message/header-block.h"
#include "protocol/message/mime-tree.h"
#include "sim/agent/user-agent-private.h"

enum {
    READ_MAXIMUM = 2000, /* octets of text told on reading */
};

static bool is_in(const UserAgentMessage *message, const char *folder)
{
    return g_ascii_strcasecmp(message->folder, folder) == 0;
}

guint user_agent_message_count(const UserAgent *agent, const char *folder)
{
    guint count = 0;
    for (guint i = 0; i < agent->messages->len; i++) {
        count += is_in(g_ptr_array_index(agent->messages, i), folder);
    }
    return count;
}

static UserAgentMessage *find(const UserAgent *agent, const char *folder, guint number)
{
    guint count = user_agent_message_count(agent, folder);
    guint wanted = number == 0 ? count : number;
    for (guint i = 0; i < agent->messages->len; i++) {
        UserAgentMessage *message = g_ptr_array_index(agent->messages, i);
        if (is_in(message, folder) && --wanted == 0) {
            return message;
        }
    }
    return NULL;
}

const UserAgentMessage *user_agent_message(const UserAgent *agent, const char *folder, guint number)
{
    return find(agent, folder, number);
}

void user_agent_keep(UserAgent *agent, GBytes *octets, const char *folder, const char *unique_id)
{
    UserAgentMessage *message = g_new0(UserAgentMessage, 1);
    message->octets = g_bytes_ref(octets);
    message->folder = g_strdup(folder);
    message->unique_id = g_strdup(unique_id);
    g_ptr_array_add(agent->messages, message);
    if (unique_id != NULL) {
        g_hash_table_add(agent->known_ids, g_strdup(unique_id));
    }
}

bool user_agent_knows(const UserAgent *agent, const char *unique_id)
{
    return g_hash_table_contains(agent->known_ids, unique_id);
}

static char *subject_of(const UserAgentMessage *message)
{
    HeaderBlock header;
    gsize length;
    const void *octets = g_bytes_get_data(message->octets, &length);
    header_block_init(&header);
    header_block_parse(&header, byte_span(octets, length), 0);
    g_autofree char *subject = header_block_decoded(&header, "Subject");
    header_block_clear(&header);
    return subject == NULL ? g_strdup("(no subject)")
                           : byte_span_to_display(byte_span_from_string(subject));
}

bool user_agent_file(UserAgent *agent, guint number, const char *from, const char *to)
{
    UserAgentMessage *message = find(agent, from, number);
    if (message == NULL) {
        return false;
    }
    g_autofree char *subject = subject_of(message);
    g_free(message->folder);
    message->folder = g_strdup(to);
    user_agent_tell(agent, "files \"%s\" in %s", subject, to);
    return true;
}

bool user_agent_delete(UserAgent *agent, guint number, const char *folder)
{
    UserAgentMessage *message = find(agent, folder, number);
    if (message == NULL) {
        return false;
    }
    g_autofree char *subject = subject_of(message);
    if (is_in(message, USER_AGENT_TRASH)) {
        g_ptr_array_remove(agent->messages, message);
        user_agent_tell(agent, "deletes \"%s\" for good", subject);
    } else {
        g_free(message->folder);
        message->folder = g_strdup(USER_AGENT_TRASH);
        user_agent_tell(agent, "moves \"%s\" to the trash", subject);
    }
    return true;
}

void user_agent_tell_text(UserAgent *agent, const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        g_strchomp(lines[i]);
        if (lines[i][0] != '\0') {
            g_auto(GStrv) columns = g_strsplit(lines[i], "\t", -1);
            g_autofree char *line = g_strjoinv("    ", columns);
            g_autofree char *shown = byte_span_to_display(byte_span_from_string(line));
            sim_world_emit(agent->world, agent->host, WORLD_EVENT_USER, "   %s", shown);
        }
    }
}

bool user_agent_read(UserAgent *agent, guint number, const char *folder)
{
    UserAgentMessage *message = find(agent, folder, number);
    if (message == NULL) {
        return false;
    }
    g_autoptr(MimeTree) tree = mime_tree_new(message->octets, NULL);
    const MimePart *part = mime_tree_text_part(tree, "plain");
    g_autofree char *subject = subject_of(message);
    g_autofree char *from = header_block_decoded(&mime_tree_root(tree)->header, "From");
    g_autofree char *shown =
        byte_span_to_display(byte_span_from_string(from == NULL ? "nobody" : from));
    user_agent_tell(agent, "reads \"%s\" from %s:", subject, shown);
    if (part != NULL) {
        g_autofree char *text = mime_part_text(tree, part, READ_MAXIMUM);
        user_agent_tell_text(agent, text);
    }
    return true;
}

bool user_agent_read_header(UserAgent *agent, guint number, const char *folder)
{
    UserAgentMessage *message = find(agent, folder, number);
    if (message == NULL) {
        return false;
    }
    HeaderBlock header;
    gsize length;
    const void *octets = g_bytes_get_data(message->octets, &length);
    header_block_init(&header);
    header_block_parse(&header, byte_span(octets, length), 0);
    g_autofree char *text = byte_span_to_string(header.octets);
    header_block_clear(&header);
    g_autofree char *subject = subject_of(message);
    user_agent_tell(agent, "looks at the whole header of \"%s\":", subject);
    user_agent_tell_text(agent, text);
    return true;
}
