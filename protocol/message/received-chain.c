#include "protocol/message/received-field.h"

#define FIELD_NAME "Received"

enum {
    /* Clocks that are kept right still differ by some seconds. */
    CLOCK_TOLERANCE_SECONDS = 5,
    /* RFC 5321 §6.3: at least 100 Received fields before a loop is assumed. */
    LOOP_FIELDS = 100,
    /* A list or a forwarding may lead a message back once; twice is a circle. */
    LOOP_RETURNS = 2,
};

static bool is_received(ByteSpan line)
{
    static const gsize length = sizeof FIELD_NAME - 1;
    if (!byte_span_starts_with_nocase(line, FIELD_NAME)) {
        return false;
    }
    ByteSpan rest = byte_span_trim(byte_span_from(line, length));
    return rest.length > 0 && rest.data[0] == ':';
}

guint received_count(ByteSpan message)
{
    guint count = 0;
    while (message.length > 0 && message.data[0] != '\n' && !byte_span_starts_with(message, "\r\n")
    ) {
        gssize end = byte_span_find(message, '\n', 0);
        gsize length = end < 0 ? message.length : (gsize)end + 1;
        count += is_received(byte_span_slice(message, 0, length)) ? 1 : 0;
        message = byte_span_from(message, length);
    }
    return count;
}

static bool is_trusted_host(const ReceivedTrust *trust, ByteSpan host)
{
    for (gsize i = 0; i < trust->n_hosts; i++) {
        if (byte_span_is_nocase(host, trust->hosts[i])) {
            return true;
        }
    }
    return false;
}

/* From the top of the header downwards, for as long as the writer of the line is believed. */
static void judge_trust(ReceivedChain *chain, const ReceivedTrust *trust)
{
    bool has_hosts = trust != NULL && trust->n_hosts > 0;
    bool is_trusted = true;
    for (guint i = chain->n_hops; i-- > 0;) {
        ReceivedHop *hop = &chain->hops[i];
        if (has_hosts) {
            is_trusted = is_trusted && is_trusted_host(trust, hop->received.by_name);
        } else {
            is_trusted = i + 1 == chain->n_hops;
        }
        hop->is_trusted = is_trusted;
        hop->could_be_forged = !is_trusted;
    }
}

static void judge_times(ReceivedChain *chain)
{
    const ReceivedHop *first = NULL;
    for (guint i = 0; i < chain->n_hops; i++) {
        ReceivedHop *hop = &chain->hops[i];
        if (!hop->received.has_date) {
            continue;
        }
        if (i > 0 && chain->hops[i - 1].received.has_date) {
            gint64 before = chain->hops[i - 1].received.date.seconds;
            hop->delay_seconds = hop->received.date.seconds - before;
            hop->has_delay = true;
            if (hop->delay_seconds < -CLOCK_TOLERANCE_SECONDS) {
                hop->defects |= MESSAGE_DEFECT_BIT(MESSAGE_DEFECT_RECEIVED_TIME_BACKWARDS);
            }
        }
        if (first == NULL) {
            first = hop;
        } else {
            chain->total_seconds = hop->received.date.seconds - first->received.date.seconds;
            chain->has_total = true;
        }
    }
}

static bool tells_no_place(ByteSpan host)
{
    return host.length == 0 || byte_span_find(host, '.', 0) < 0 || host.data[0] == '[' ||
           byte_span_starts_with_nocase(host, "localhost");
}

static void judge_links(ReceivedChain *chain)
{
    for (guint i = 0; i + 1 < chain->n_hops; i++) {
        ReceivedHop *hop = &chain->hops[i];
        const ReceivedField *next = &chain->hops[i + 1].received;
        ByteSpan here = hop->received.by_name;
        hop->links_to_next = received_is_same_place(here, next->from_name) ||
                             received_is_same_place(here, next->from_host);
        bool is_plain = !tells_no_place(here) && !tells_no_place(next->from_name);
        if (!hop->links_to_next && is_plain) {
            chain->hops[i + 1].defects |= MESSAGE_DEFECT_BIT(MESSAGE_DEFECT_RECEIVED_CHAIN_BROKEN);
        }
    }
}

typedef struct {
    guint last; /* hop number, from 1 */
    guint returns;
} Visits;

static guint host_hash(gconstpointer key)
{
    const ByteSpan *host = key;
    guint hash = 5381;
    for (gsize i = 0; i < host->length; i++) {
        hash = hash * 33 + (guint)g_ascii_tolower(host->data[i]);
    }
    return hash;
}

static gboolean host_equal(gconstpointer left, gconstpointer right)
{
    return byte_span_equal_nocase(*(const ByteSpan *)left, *(const ByteSpan *)right);
}

/* A hop that comes back to a host after another one, and not for the first time. */
static void judge_loops(ReceivedChain *chain)
{
    g_autoptr(GHashTable) visits = g_hash_table_new_full(host_hash, host_equal, NULL, g_free);
    for (guint i = 0; i < chain->n_hops; i++) {
        ReceivedHop *hop = &chain->hops[i];
        if (tells_no_place(hop->received.by_name)) {
            continue;
        }
        Visits *seen = g_hash_table_lookup(visits, &hop->received.by_name);
        if (seen == NULL) {
            seen = g_new0(Visits, 1);
            g_hash_table_insert(visits, &hop->received.by_name, seen);
        } else if (seen->last != i) {
            seen->returns++;
        }
        seen->last = i + 1;
        if (seen->returns >= LOOP_RETURNS || i >= LOOP_FIELDS) {
            hop->defects |= MESSAGE_DEFECT_BIT(MESSAGE_DEFECT_RECEIVED_LOOP);
        }
    }
}

static void read_return_path(ReceivedChain *chain, const HeaderBlock *block)
{
    const HeaderField *field = header_block_find(block, "Return-Path");
    if (field == NULL) {
        return;
    }
    ByteSpan path = byte_span_trim(field->body);
    gssize open = byte_span_find(path, '<', 0);
    gssize close = open < 0 ? -1 : byte_span_find(path, '>', (gsize)open);
    chain->has_return_path = true;
    chain->return_path =
        close < 0 ? path : byte_span_slice(path, (gsize)open + 1, (gsize)(close - open) - 1);
}

ReceivedChain *received_chain_new(const HeaderBlock *block, const ReceivedTrust *trust)
{
    ReceivedChain *chain = g_new0(ReceivedChain, 1);
    const HeaderField *field = NULL;
    chain->n_hops = header_block_count(block, FIELD_NAME);
    chain->hops = g_new0(ReceivedHop, chain->n_hops);
    for (guint number = chain->n_hops; number > 0; number--) {
        ReceivedHop *hop = &chain->hops[number - 1];
        field = header_block_find_next(block, "Received", field);
        hop->field = field;
        hop->number = number;
        received_field_parse(field->body, &hop->received);
        hop->defects = hop->received.defects;
    }
    judge_trust(chain, trust);
    judge_times(chain);
    judge_links(chain);
    judge_loops(chain);
    read_return_path(chain, block);
    for (guint i = 0; i < chain->n_hops; i++) {
        chain->defects |= chain->hops[i].defects;
    }
    return chain;
}

void received_chain_free(ReceivedChain *chain)
{
    if (chain != NULL) {
        g_free(chain->hops);
        g_free(chain);
    }
}
