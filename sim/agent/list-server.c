#include "sim/agent/list-server.h"

#include "protocol/message/message-address.h"
#include "protocol/message/report-reader.h"
#include "sim/agent/list-server-private.h"

static void free_member(gpointer data)
{
    ListMember *member = data;
    g_free(member->address);
    g_free(member);
}

static void tell(const ListServer *list, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void tell(const ListServer *list, const char *format, ...)
{
    if (sim_world_is_observed(list->world)) {
        va_list arguments;
        va_start(arguments, format);
        g_autofree char *text = g_strdup_vprintf(format, arguments);
        va_end(arguments);
        sim_world_emit(
            list->world,
            transfer_agent_host(list->agent),
            WORLD_EVENT_AGENT,
            "list %s %s",
            list->address,
            text
        );
    }
}

/* --- members --- */

static ListMember *find_member(const ListServer *list, const char *address, guint *out_index)
{
    for (guint i = 0; i < list->members->len; i++) {
        ListMember *member = g_ptr_array_index(list->members, i);
        if (g_ascii_strcasecmp(member->address, address) == 0) {
            *out_index = i;
            return member;
        }
    }
    return NULL;
}

void list_server_add_member(ListServer *list, const char *address, bool reads_digest)
{
    guint index;
    ListMember *member = find_member(list, address, &index);
    if (member == NULL) {
        member = g_new0(ListMember, 1);
        member->address = g_strdup(address);
        g_ptr_array_add(list->members, member);
    }
    member->reads_digest = reads_digest;
}

bool list_server_remove_member(ListServer *list, const char *address)
{
    guint index;
    if (find_member(list, address, &index) == NULL) {
        return false;
    }
    g_ptr_array_remove_index(list->members, index);
    return true;
}

guint list_server_member_count(const ListServer *list)
{
    return list->members->len;
}

bool list_server_has_member(const ListServer *list, const char *address)
{
    guint index;
    return find_member(list, address, &index) != NULL;
}

guint list_server_bounces(const ListServer *list, const char *address)
{
    guint index;
    const ListMember *member = find_member(list, address, &index);
    return member == NULL ? 0 : member->bounces;
}

guint list_server_pending(const ListServer *list)
{
    return list->pending->len;
}

/* --- messages to the list --- */

static GPtrArray *readers_of(const ListServer *list, bool of_digest)
{
    GPtrArray *readers = g_ptr_array_new();
    for (guint i = 0; i < list->members->len; i++) {
        const ListMember *member = g_ptr_array_index(list->members, i);
        if (member->reads_digest == of_digest) {
            g_ptr_array_add(readers, member->address);
        }
    }
    g_ptr_array_add(readers, NULL);
    return readers;
}

static void send_to(ListServer *list, bool of_digest, GBytes *octets, const char *previous)
{
    g_autoptr(GPtrArray) readers = readers_of(list, of_digest);
    if (readers->len > 1) {
        transfer_agent_submit(
            list->agent,
            list->bounces_address,
            (const char *const *)readers->pdata,
            octets,
            "list",
            previous
        );
    }
}

static void set_digest_timer(ListServer *list)
{
    SimTime now = sim_world_now(list->world);
    SimTime due = now / SIM_DAY * SIM_DAY + list->digest_at;
    sim_timer_set_at(&list->digest_timer, due > now ? due : due + SIM_DAY);
}

static void keep_for_digest(ListServer *list, GBytes *octets)
{
    g_autoptr(GPtrArray) readers = readers_of(list, true);
    if (readers->len > 1) {
        g_ptr_array_add(list->pending, g_bytes_ref(octets));
        tell(list, "keeps %u for the digest", list->pending->len);
        if (!sim_timer_is_set(&list->digest_timer)) {
            set_digest_timer(list);
        }
    }
}

static bool take_post(gpointer data, const QueueEntry *entry, char **out_reason)
{
    ListServer *list = data;
    if (entry->reverse_path[0] == '\0') {
        *out_reason = g_strdup("5.7.2 Reports do not go to the members");
        return false;
    }
    if (list_message_is_own(list, entry->octets)) {
        *out_reason = g_strdup("5.4.6 The message has been through this list already");
        return false;
    }
    if (list->is_closed && !list_server_has_member(list, entry->reverse_path)) {
        *out_reason = g_strdup("5.7.2 Only members may write to this list");
        return false;
    }
    g_autoptr(GBytes) copy = list_message_copy(list, entry->octets);
    tell(list, "sends message %s to its %u members", entry->id, list->members->len);
    send_to(list, false, copy, entry->id);
    keep_for_digest(list, entry->octets);
    return true;
}

void list_server_send_digest(ListServer *list)
{
    if (list->pending->len == 0) {
        return;
    }
    list->digests++;
    g_autoptr(GBytes) digest = list_message_digest(list);
    tell(list, "sends digest %u with %u messages", list->digests, list->pending->len);
    send_to(list, true, digest, NULL);
    g_ptr_array_set_size(list->pending, 0);
}

static void on_digest_timer(SimTimer *timer, gpointer data)
{
    ListServer *list = data;
    if (sim_host_is_up(transfer_agent_host(list->agent))) {
        list_server_send_digest(list);
    } else {
        sim_timer_set(timer, SIM_HOUR);
    }
}

/* --- reports and requests --- */

static void count_failure(ListServer *list, const char *address)
{
    guint index;
    ListMember *member = find_member(list, address, &index);
    if (member == NULL) {
        return;
    }
    member->bounces++;
    tell(list, "keeps a report to itself: no delivery to %s, %u so far", address, member->bounces);
    if (list->bounce_limit > 0 && member->bounces >= list->bounce_limit) {
        tell(list, "drops %s", address);
        g_ptr_array_remove_index(list->members, index);
    }
}

static bool take_bounce(gpointer data, const QueueEntry *entry, char **out_reason)
{
    ListServer *list = data;
    g_autoptr(MimeTree) tree = mime_tree_new(entry->octets, NULL);
    g_autoptr(MessageReport) report = message_report_read(tree);
    (void)out_reason;
    for (guint i = 0; report != NULL && i < report->n_recipients; i++) {
        const ReportedRecipient *recipient = &report->recipients[i];
        /* A forwarded address is known to the list by the one it was sent to. */
        const char *address = recipient->original_recipient != NULL ? recipient->original_recipient
                                                                    : recipient->final_recipient;
        if (recipient->has_action && recipient->action == REPORT_ACTION_FAILED && address != NULL) {
            count_failure(list, address);
        }
    }
    return true;
}

static bool take_request(gpointer data, const QueueEntry *entry, char **out_reason)
{
    ListServer *list = data;
    gsize length;
    const void *octets = g_bytes_get_data(entry->octets, &length);
    HeaderBlock header;
    header_block_init(&header);
    header_block_parse(&header, byte_span(octets, length), 0);
    g_autofree char *subject = header_block_decoded(&header, "Subject");
    header_block_clear(&header);
    if (entry->reverse_path[0] == '\0') {
        return true; /* a report needs no answer */
    }
    g_strstrip(subject == NULL ? (subject = g_strdup("")) : subject);
    if (g_ascii_strcasecmp(subject, "subscribe") == 0) {
        list_server_add_member(list, entry->reverse_path, false);
        tell(list, "has a new member: %s", entry->reverse_path);
    } else if (g_ascii_strcasecmp(subject, "subscribe digest") == 0) {
        list_server_add_member(list, entry->reverse_path, true);
        tell(list, "has a new reader of the digest: %s", entry->reverse_path);
    } else if (g_ascii_strcasecmp(subject, "unsubscribe") == 0) {
        list_server_remove_member(list, entry->reverse_path);
        tell(list, "has lost a member: %s", entry->reverse_path);
    } else {
        *out_reason = g_strdup("5.6.0 The subject must be subscribe or unsubscribe");
        return false;
    }
    return true;
}

/* --- its life --- */

ListServer *list_server_new(TransferAgent *agent, const ListServerOptions *options)
{
    ListServer *list = g_new0(ListServer, 1);
    const char *at = strrchr(options->address, '@');
    g_assert(at != NULL);
    list->agent = agent;
    list->world = sim_host_world(transfer_agent_host(agent));
    list->address = g_strdup(options->address);
    list->local = g_strndup(options->address, (gsize)(at - options->address));
    list->domain = g_strdup(at + 1);
    list->title = g_strdup(options->title == NULL ? list->local : options->title);
    list->bounces_address = g_strdup_printf("%s-bounces@%s", list->local, list->domain);
    list->request_address = g_strdup_printf("%s-request@%s", list->local, list->domain);
    list->owner_address = g_strdup_printf("%s-owner@%s", list->local, list->domain);
    list->is_closed = options->is_closed;
    list->bounce_limit = options->bounce_limit;
    list->digest_at = options->digest_at;
    list->seed = options->seed;
    list->members = g_ptr_array_new_with_free_func(free_member);
    list->pending = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    sim_timer_init(&list->digest_timer, list->world, on_digest_timer, list);
    transfer_agent_add_program(agent, list->address, take_post, list);
    transfer_agent_add_program(agent, list->bounces_address, take_bounce, list);
    transfer_agent_add_program(agent, list->request_address, take_request, list);
    if (options->owner != NULL) {
        transfer_agent_add_alias(agent, list->owner_address, options->owner);
    }
    return list;
}

void list_server_free(ListServer *list)
{
    if (list == NULL) {
        return;
    }
    sim_timer_cancel(&list->digest_timer);
    g_ptr_array_unref(list->members);
    g_ptr_array_unref(list->pending);
    g_free(list->address);
    g_free(list->local);
    g_free(list->domain);
    g_free(list->title);
    g_free(list->bounces_address);
    g_free(list->request_address);
    g_free(list->owner_address);
    g_free(list);
}
