#include "ui/report/dissect-summary.h"

#include <string.h>

/* Uses of one row of the vocabulary, found by its address. Rows are few, so a small open table
 * with the address as its hash is enough and costs a few instructions a line. */
#define ITEM_PLACES 4096

typedef struct {
    const VocabularyItem *item;
    guint64 count;
} ItemCount;

struct DissectSummary {
    guint64 streams[N_MAIL_PROTOCOLS];
    guint64 streams_in_all;
    guint64 commands[N_MAIL_PROTOCOLS];
    guint64 replies[N_MAIL_PROTOCOLS];
    guint64 refusals[N_MAIL_PROTOCOLS];
    guint64 messages[N_MAIL_PROTOCOLS];
    guint64 octets[N_MAIL_PROTOCOLS];
    guint64 incomplete;
    guint64 message_octets_missing;
    guint64 dns_questions;
    guint64 dns_answers;
    guint64 defective_lines;
    guint64 unknown_lines;
    guint64 tls_streams;
    guint64 logins;
    guint64 logins_refused;
    guint64 users_not_kept;
    GHashTable *users; /* "alice (SMTP, PLAIN)" -> count */
    ItemCount items[ITEM_PLACES];
};

DissectSummary *dissect_summary_new(void)
{
    DissectSummary *summary = g_new0(DissectSummary, 1);
    summary->users = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return summary;
}

void dissect_summary_free(DissectSummary *summary)
{
    if (summary != NULL) {
        g_hash_table_unref(summary->users);
        g_free(summary);
    }
}

static void count_item(DissectSummary *summary, const VocabularyItem *item, guint64 count)
{
    gsize place = ((gsize)item >> 4) * 2654435761u % ITEM_PLACES;
    for (gsize tries = 0; tries < ITEM_PLACES; tries++, place = (place + 1) % ITEM_PLACES) {
        if (summary->items[place].item == item || summary->items[place].item == NULL) {
            summary->items[place].item = item;
            summary->items[place].count += count;
            return;
        }
    }
}

static void count_login(DissectSummary *summary, const DissectEvent *event)
{
    const DialogueCredential *credential = event->dialogue->credential;
    g_autofree char *identity = byte_span_to_display(byte_span_slice(credential->identity, 0, 128));
    g_autofree char *name = g_strdup_printf(
        "%s %s\t%s",
        mail_protocol_name(event->conversation->protocol),
        credential->method,
        credential->identity.length > 0 ? identity : "(the name was not seen)"
    );
    summary->logins++;
    summary->logins_refused += credential->is_answered && !credential->succeeded;
    if (g_hash_table_size(summary->users) >= SUMMARY_USERS_MAXIMUM &&
        !g_hash_table_contains(summary->users, name)) {
        summary->users_not_kept++;
        return;
    }
    guint count = GPOINTER_TO_UINT(g_hash_table_lookup(summary->users, name));
    g_hash_table_replace(summary->users, g_steal_pointer(&name), GUINT_TO_POINTER(count + 1));
}

static void count_said(DissectSummary *summary, const DissectEvent *event)
{
    const DialogueEvent *said = event->dialogue;
    MailProtocol protocol = event->conversation->protocol;
    switch (said->kind) {
    case DIALOGUE_EVENT_COMMAND:
        summary->commands[protocol]++;
        summary->defective_lines += said->defects != 0;
        break;
    case DIALOGUE_EVENT_REPLY:
        summary->defective_lines += said->defects != 0;
        if (!said->is_first) {
            return;
        }
        summary->replies[protocol]++;
        summary->refusals[protocol] += !said->is_positive;
        break;
    case DIALOGUE_EVENT_MESSAGE_END:
        summary->messages[protocol]++;
        summary->octets[protocol] += said->message->octets;
        summary->incomplete += !said->message->is_complete;
        summary->message_octets_missing += said->message->missing;
        return;
    case DIALOGUE_EVENT_CREDENTIAL:
        count_login(summary, event);
        return;
    case DIALOGUE_EVENT_CONTINUATION:
    case DIALOGUE_EVENT_MESSAGE_BEGIN:
    case DIALOGUE_EVENT_MESSAGE_DATA:
    case DIALOGUE_EVENT_OPAQUE:
    case DIALOGUE_EVENT_MISSING:
        return;
    }
    if (said->item != NULL) {
        count_item(summary, said->item, 1);
    } else {
        summary->unknown_lines++;
    }
}

void dissect_summary_event(DissectSummary *summary, const DissectEvent *event)
{
    switch (event->kind) {
    case DISSECT_DIALOGUE:
        count_said(summary, event);
        break;
    case DISSECT_OPENED:
        summary->streams_in_all++;
        break;
    case DISSECT_PROTOCOL:
        summary->streams[event->conversation->protocol]++;
        break;
    case DISSECT_DNS:
        if (event->exchange.kind == DNS_EXCHANGE_QUESTION ||
            event->exchange.kind == DNS_EXCHANGE_REPEATED) {
            summary->dns_questions++;
        } else {
            summary->dns_answers++;
        }
        break;
    case DISSECT_CLOSED:
        summary->tls_streams += event->conversation->tls.version != NULL;
        break;
    case DISSECT_TLS:
    case DISSECT_GAP:
    case DISSECT_OVERLAP:
    case DISSECT_TCP:
    case DISSECT_FRAGMENT:
        break;
    }
}

static void add_protocols(DissectSummary *summary, const DissectSummary *other)
{
    for (guint i = 0; i < N_MAIL_PROTOCOLS; i++) {
        summary->streams[i] += other->streams[i];
        summary->commands[i] += other->commands[i];
        summary->replies[i] += other->replies[i];
        summary->refusals[i] += other->refusals[i];
        summary->messages[i] += other->messages[i];
        summary->octets[i] += other->octets[i];
    }
}

static void add_users(DissectSummary *summary, const DissectSummary *other)
{
    GHashTableIter iterator;
    gpointer name;
    gpointer count;
    g_hash_table_iter_init(&iterator, other->users);
    while (g_hash_table_iter_next(&iterator, &name, &count)) {
        guint before = GPOINTER_TO_UINT(g_hash_table_lookup(summary->users, name));
        guint sum = before + GPOINTER_TO_UINT(count);
        g_hash_table_replace(summary->users, g_strdup(name), GUINT_TO_POINTER(sum));
    }
}

bool dissect_summary_add(DissectSummary *summary, const DissectSummary *other)
{
    add_protocols(summary, other);
    summary->streams_in_all += other->streams_in_all;
    summary->incomplete += other->incomplete;
    summary->message_octets_missing += other->message_octets_missing;
    summary->dns_questions += other->dns_questions;
    summary->dns_answers += other->dns_answers;
    summary->defective_lines += other->defective_lines;
    summary->unknown_lines += other->unknown_lines;
    summary->tls_streams += other->tls_streams;
    summary->logins += other->logins;
    summary->logins_refused += other->logins_refused;
    summary->users_not_kept += other->users_not_kept;
    add_users(summary, other);
    for (gsize i = 0; i < ITEM_PLACES; i++) {
        if (other->items[i].item != NULL) {
            count_item(summary, other->items[i].item, other->items[i].count);
        }
    }
    return summary->users_not_kept == 0 &&
           g_hash_table_size(summary->users) <= SUMMARY_USERS_MAXIMUM;
}

static char *grouped(guint64 number)
{
    g_autofree char *digits = g_strdup_printf("%" G_GUINT64_FORMAT, number);
    GString *text = g_string_new(NULL);
    gsize length = strlen(digits);
    for (gsize i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0) {
            g_string_append_c(text, ',');
        }
        g_string_append_c(text, digits[i]);
    }
    return g_string_free(text, FALSE);
}

static void write_count(TextLayout *layout, const char *label, guint64 count, const char *more)
{
    g_autofree char *number = grouped(count);
    g_autofree char *text =
        g_strdup_printf("%s%s%s", number, more == NULL ? "" : "  ", more ? more : "");
    TextRow row = {.indent = 2, .label = label, .label_width = 26, .text = text};
    text_layout_row(layout, &row);
}

static char *counted(guint64 count, const char *what, const char *more)
{
    g_autofree char *number = grouped(count);
    return g_strdup_printf("%s %s", number, count == 1 ? what : more);
}

static void write_protocols(const DissectSummary *summary, TextLayout *layout)
{
    text_layout_paragraph(layout, 0, TEXT_HEADING, "Conversations");
    for (guint i = MAIL_PROTOCOL_SMTP; i < N_MAIL_PROTOCOLS; i++) {
        if (summary->streams[i] == 0) {
            continue;
        }
        g_autofree char *commands = counted(summary->commands[i], "command", "commands");
        g_autofree char *replies = counted(summary->replies[i], "reply", "replies");
        g_autofree char *refusals = counted(summary->refusals[i], "refusal", "refusals");
        g_autofree char *messages = counted(summary->messages[i], "message", "messages");
        g_autofree char *octets = counted(summary->octets[i], "octet", "octets");
        g_autofree char *more =
            i == MAIL_PROTOCOL_TLS || i == MAIL_PROTOCOL_DNS
                ? NULL
                : g_strdup_printf(
                      "%s, %s (%s), %s of %s", commands, replies, refusals, messages, octets
                  );
        write_count(layout, mail_protocol_name((MailProtocol)i), summary->streams[i], more);
    }
    guint64 named = 0;
    for (guint i = MAIL_PROTOCOL_SMTP; i < N_MAIL_PROTOCOLS; i++) {
        named += summary->streams[i];
    }
    if (summary->streams_in_all > named) {
        write_count(layout, "other TCP", summary->streams_in_all - named, NULL);
    }
    if (summary->dns_questions + summary->dns_answers > 0) {
        g_autofree char *answers = counted(summary->dns_answers, "answer", "answers");
        g_autofree char *more = g_strdup_printf(
            "%s, %s", summary->dns_questions == 1 ? "question" : "questions", answers
        );
        write_count(layout, "DNS", summary->dns_questions, more);
    }
    text_layout_blank(layout);
}

static gint by_count(gconstpointer left, gconstpointer right)
{
    const ItemCount *const *a = left;
    const ItemCount *const *b = right;
    if ((*a)->item->protocol != (*b)->item->protocol) {
        return (*a)->item->protocol < (*b)->item->protocol ? -1 : 1;
    }
    if ((*a)->item->kind != (*b)->item->kind) {
        return (*a)->item->kind < (*b)->item->kind ? -1 : 1;
    }
    if ((*a)->count != (*b)->count) {
        return (*a)->count > (*b)->count ? -1 : 1;
    }
    int order = strcmp((*a)->item->token, (*b)->item->token);
    return order != 0 ? order : strcmp((*a)->item->meaning, (*b)->item->meaning);
}

static const char *heading_of(VocabularyKind kind)
{
    return kind == VOCABULARY_COMMAND    ? "commands"
           : kind == VOCABULARY_RESPONSE ? "untagged responses"
           : kind == VOCABULARY_METHOD   ? "methods"
                                         : "replies";
}

static void write_items(const DissectSummary *summary, TextLayout *layout)
{
    g_autoptr(GPtrArray) used = g_ptr_array_new();
    const VocabularyItem *last = NULL;
    for (gsize i = 0; i < ITEM_PLACES; i++) {
        if (summary->items[i].item != NULL) {
            g_ptr_array_add(used, (gpointer)&summary->items[i]);
        }
    }
    g_ptr_array_sort(used, by_count);
    for (guint i = 0; i < used->len; i++) {
        const ItemCount *row = used->pdata[i];
        const VocabularyItem *item = row->item;
        if (last == NULL || last->protocol != item->protocol || last->kind != item->kind) {
            g_autofree char *heading = g_strdup_printf(
                "%s %s", vocabulary_protocol_name(item->protocol), heading_of(item->kind)
            );
            if (last != NULL) {
                text_layout_blank(layout);
            }
            text_layout_paragraph(layout, 0, TEXT_HEADING, heading);
        }
        g_autofree char *number = grouped(row->count);
        g_autofree char *label = g_strdup_printf("%10s  %s", number, item->token);
        TextRow text = {.indent = 2, .label = label, .label_width = 26, .text = item->meaning};
        text_layout_row(layout, &text);
        last = item;
    }
    if (used->len > 0) {
        text_layout_blank(layout);
    }
}

typedef struct {
    const char *name;
    guint count;
} UserCount;

static gint by_user_count(gconstpointer left, gconstpointer right)
{
    const UserCount *a = left;
    const UserCount *b = right;
    return a->count != b->count ? (a->count > b->count ? -1 : 1) : strcmp(a->name, b->name);
}

/* UserCount, the most frequent first. */
static GArray *sorted_users(const DissectSummary *summary)
{
    GArray *users = g_array_new(FALSE, FALSE, sizeof(UserCount));
    GHashTableIter iterator;
    gpointer name;
    gpointer count;
    g_hash_table_iter_init(&iterator, summary->users);
    while (g_hash_table_iter_next(&iterator, &name, &count)) {
        UserCount user = {.name = name, .count = GPOINTER_TO_UINT(count)};
        g_array_append_val(users, user);
    }
    g_array_sort(users, by_user_count);
    return users;
}

static void write_users(const DissectSummary *summary, TextLayout *layout)
{
    if (summary->logins == 0) {
        return;
    }
    g_autofree char *refused =
        summary->logins_refused == 0
            ? NULL
            : g_strdup_printf("%" G_GUINT64_FORMAT " refused", summary->logins_refused);
    text_layout_paragraph(layout, 0, TEXT_HEADING, "Users seen");
    write_count(layout, "log-ins", summary->logins, refused);
    g_autoptr(GArray) users = sorted_users(summary);
    guint64 others = summary->users_not_kept;
    for (guint i = 0; i < users->len; i++) {
        const UserCount *user = &g_array_index(users, UserCount, i);
        g_autofree char *number = grouped(user->count);
        g_auto(GStrv) parts = g_strsplit(user->name, "\t", 2); /* how, who */
        g_autofree char *label = g_strdup_printf("%10s  %s", number, parts[0]);
        TextRow row = {.indent = 2, .label = label, .label_width = 26, .text = parts[1]};
        if (i < SUMMARY_USERS_SHOWN) {
            text_layout_row(layout, &row);
        } else {
            others += user->count;
        }
    }
    if (others > 0) {
        write_count(layout, "log-ins of further users", others, "--json lists them all");
    }
    text_layout_blank(layout);
}

static void write_loss(
    const DissectSummary *summary,
    const PacketStatistics *packets,
    const StreamStatistics *streams,
    TextLayout *layout
)
{
    const struct {
        const char *label;
        guint64 count;
    } rows[] = {
        {"octets missing", streams->gap_octets},
        {"gaps", streams->gaps},
        {"incomplete messages", summary->incomplete},
        {"octets sent again", streams->retransmitted_octets},
        {"frames cut short", packets->cut_frames},
        {"bad checksums", packets->checksums_bad + packets->ip_checksums_bad},
        {"probably offloaded sums", packets->checksums_offloaded},
        {"datagrams incomplete", packets->datagrams_incomplete},
        {"lines with a defect", summary->defective_lines},
        {"lines not understood", summary->unknown_lines},
        {"streams closed for room", streams->closed_by_limit},
        {"gaps declared for room", streams->gaps_by_limit},
    };

    text_layout_paragraph(layout, 0, TEXT_HEADING, "Loss and damage");
    bool is_clean = true;
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (rows[i].count > 0) {
            write_count(layout, rows[i].label, rows[i].count, NULL);
            is_clean = false;
        }
    }
    if (is_clean) {
        text_layout_paragraph(
            layout, 2, TEXT_PLAIN, "None: every octet is there, every checksum is right."
        );
    }
}

void dissect_summary_write(
    const DissectSummary *summary,
    const PacketStatistics *packets,
    const StreamStatistics *streams,
    TextLayout *layout
)
{
    text_layout_paragraph(layout, 0, TEXT_HEADING, "Capture");
    write_count(layout, "frames", packets->frames, NULL);
    write_count(layout, "TCP streams", summary->streams_in_all, NULL);
    write_count(layout, "octets in streams", streams->octets, NULL);
    text_layout_blank(layout);
    write_protocols(summary, layout);
    write_items(summary, layout);
    write_users(summary, layout);
    write_loss(summary, packets, streams, layout);
}
