#include "dissect/packet/fragment-table.h"

#define DATAGRAM_MAXIMUM 65535u
#define NOT_KNOWN G_MAXUINT32

typedef struct {
    PacketAddress source;
    PacketAddress destination;
    guint32 identification;
    guint32 protocol; /* 0 for IPv6: RFC 8200 §4.5 does not count it */
} FragmentKey;

typedef struct {
    FragmentKey key;
    GList link; /* in FragmentTable.oldest_first */
    guint64 first_frame;
    gint64 first_time_ns;
    guint8 *data;
    guint32 capacity;
    guint32 end; /* NOT_KNOWN until the last fragment has come */
    guint32 highest;
    guint32 covered;
    guint32 cut; /* from here on octets were not captured; NOT_KNOWN: all were */
    guint8 protocol;
    GArray *pieces; /* PacketPiece, in order, never touching the same octet */
} Datagram;

struct FragmentTable {
    const PacketDecoderOptions *options;
    PacketStatistics *statistics;
    GHashTable *datagrams; /* FragmentKey inside the Datagram -> Datagram */
    GQueue oldest_first;
    GPtrArray *given;
    gsize octets;
};

static guint hash_key(gconstpointer data)
{
    const FragmentKey *key = data;
    guint32 hash = key->identification * 0x9e3779b1u ^ key->protocol;
    for (gsize at = 0; at < sizeof key->source.octets; at += 4) {
        guint32 words[2];
        memcpy(&words[0], key->source.octets + at, 4);
        memcpy(&words[1], key->destination.octets + at, 4);
        hash = (hash ^ words[0]) * 0x85ebca6bu;
        hash = (hash ^ words[1] ^ (hash >> 15)) * 0xc2b2ae35u;
    }
    return hash ^ (hash >> 16);
}

static gboolean equal_key(gconstpointer left_data, gconstpointer right_data)
{
    const FragmentKey *left = left_data;
    const FragmentKey *right = right_data;
    return left->identification == right->identification && left->protocol == right->protocol &&
           packet_address_equal(&left->source, &right->source) &&
           packet_address_equal(&left->destination, &right->destination);
}

static void datagram_free(gpointer data)
{
    Datagram *datagram = data;
    g_free(datagram->data);
    g_array_unref(datagram->pieces);
    g_free(datagram);
}

FragmentTable *fragment_table_new(const PacketDecoderOptions *options, PacketStatistics *statistics)
{
    FragmentTable *table = g_new0(FragmentTable, 1);
    table->options = options;
    table->statistics = statistics;
    table->datagrams = g_hash_table_new(hash_key, equal_key);
    g_queue_init(&table->oldest_first);
    table->given = g_ptr_array_new_with_free_func(datagram_free);
    return table;
}

static void forget(FragmentTable *table, Datagram *datagram)
{
    g_hash_table_remove(table->datagrams, &datagram->key);
    g_queue_unlink(&table->oldest_first, &datagram->link);
    table->octets -= datagram->capacity;
}

void fragment_table_free(FragmentTable *table)
{
    if (table == NULL) {
        return;
    }
    while (table->oldest_first.head != NULL) {
        Datagram *datagram = table->oldest_first.head->data;
        forget(table, datagram);
        datagram_free(datagram);
    }
    g_hash_table_unref(table->datagrams);
    g_ptr_array_unref(table->given);
    g_free(table);
}

void fragment_table_release(FragmentTable *table)
{
    g_ptr_array_set_size(table->given, 0);
}

static void report(
    FragmentTable *table,
    const Datagram *datagram,
    FragmentEventKind kind,
    guint64 frame,
    gint64 time_ns,
    guint32 octets
)
{
    if (table->options->fragment_event == NULL) {
        return;
    }
    guint32 known_end = datagram->end != NOT_KNOWN ? datagram->end : datagram->highest;
    FragmentEvent event = {
        .kind = kind,
        .first_frame = datagram->first_frame,
        .frame = frame,
        .time_ns = time_ns,
        .source = datagram->key.source,
        .destination = datagram->key.destination,
        .protocol = datagram->protocol,
        .identification = datagram->key.identification,
        .octets = octets,
        .missing = known_end - datagram->covered,
    };
    table->options->fragment_event(table->options->owner, &event);
}

static void give_up(
    FragmentTable *table, Datagram *datagram, FragmentEventKind kind, guint64 frame, gint64 time_ns
)
{
    table->statistics->datagrams_incomplete++;
    report(table, datagram, kind, frame, time_ns, datagram->covered);
    forget(table, datagram);
    datagram_free(datagram);
}

void fragment_table_finish(FragmentTable *table)
{
    while (table->oldest_first.head != NULL) {
        Datagram *datagram = table->oldest_first.head->data;
        give_up(
            table, datagram, FRAGMENT_INCOMPLETE, datagram->first_frame, datagram->first_time_ns
        );
    }
}

/* RFC 8200 §4.5 and RFC 1122 §3.3.2: what is not complete in time is given up. */
static void give_up_old(FragmentTable *table, const Fragment *fragment)
{
    while (table->oldest_first.head != NULL) {
        Datagram *datagram = table->oldest_first.head->data;
        if (fragment->time_ns - datagram->first_time_ns <= table->options->fragment_timeout_ns) {
            return;
        }
        give_up(table, datagram, FRAGMENT_TIMED_OUT, fragment->frame, fragment->time_ns);
    }
}

static void make_room(FragmentTable *table, const Datagram *keep, const Fragment *fragment)
{
    while (table->oldest_first.head != NULL &&
           (table->oldest_first.length > table->options->fragment_datagrams ||
            table->octets > table->options->fragment_octets)) {
        Datagram *datagram = table->oldest_first.head->data;
        if (datagram == keep) {
            return;
        }
        give_up(table, datagram, FRAGMENT_GIVEN_UP, fragment->frame, fragment->time_ns);
    }
}

static Datagram *find_or_make(FragmentTable *table, const Fragment *fragment)
{
    FragmentKey key = {
        .source = fragment->source,
        .destination = fragment->destination,
        .identification = fragment->identification,
        .protocol = fragment->source.version == 4 ? fragment->protocol : 0,
    };
    Datagram *datagram = g_hash_table_lookup(table->datagrams, &key);
    if (datagram != NULL) {
        return datagram;
    }
    datagram = g_new0(Datagram, 1);
    datagram->key = key;
    datagram->link.data = datagram;
    datagram->first_frame = fragment->frame;
    datagram->first_time_ns = fragment->time_ns;
    datagram->end = NOT_KNOWN;
    datagram->cut = NOT_KNOWN;
    datagram->protocol = fragment->protocol;
    datagram->pieces = g_array_new(FALSE, FALSE, sizeof(PacketPiece));
    g_hash_table_insert(table->datagrams, &datagram->key, datagram);
    g_queue_push_tail_link(&table->oldest_first, &datagram->link);
    return datagram;
}

static void reserve(FragmentTable *table, Datagram *datagram, guint32 end)
{
    if (end <= datagram->capacity) {
        return;
    }
    guint32 capacity = MAX(2048, datagram->capacity);
    while (capacity < end) {
        capacity *= 2;
    }
    datagram->data = g_realloc(datagram->data, capacity);
    table->octets += capacity - datagram->capacity;
    datagram->capacity = capacity;
}

/* Whether the fragment fits what the datagram is known to be. */
static bool fits(const Datagram *datagram, const Fragment *fragment)
{
    guint32 end = fragment->offset + fragment->length;
    if (end > DATAGRAM_MAXIMUM) {
        return false;
    }
    if (fragment->is_last) {
        return datagram->end == NOT_KNOWN ? end >= datagram->highest : end == datagram->end;
    }
    return datagram->end == NOT_KNOWN || end <= datagram->end;
}

static void compare(
    FragmentTable *table, Datagram *datagram, const Fragment *fragment, guint32 from, guint32 to
)
{
    guint32 captured = fragment->offset + (guint32)fragment->octets.length;
    guint32 end = MIN(MIN(to, captured), datagram->cut);
    bool differs =
        end > from &&
        memcmp(
            datagram->data + from, fragment->octets.data + (from - fragment->offset), end - from
        ) != 0;
    report(
        table,
        datagram,
        differs ? FRAGMENT_OVERLAP_DIFFERENT : FRAGMENT_OVERLAP_EQUAL,
        fragment->frame,
        fragment->time_ns,
        to - from
    );
}

static void
cover(Datagram *datagram, const Fragment *fragment, guint32 from, guint32 to, guint index)
{
    guint32 captured = fragment->offset + (guint32)fragment->octets.length;
    guint32 end = MIN(to, captured);
    if (end > from) {
        memcpy(
            datagram->data + from, fragment->octets.data + (from - fragment->offset), end - from
        );
    }
    if (end < to) {
        datagram->cut = MIN(datagram->cut, MAX(end, from));
    }
    PacketPiece piece = {
        .offset = from,
        .length = to - from,
        .frame = fragment->frame,
        .time_ns = fragment->time_ns,
    };
    g_array_insert_val(datagram->pieces, index, piece);
    datagram->covered += to - from;
}

/* Copies what is new of the fragment between the pieces already there. */
static void insert(FragmentTable *table, Datagram *datagram, const Fragment *fragment)
{
    guint32 from = fragment->offset;
    guint32 end = fragment->offset + fragment->length;
    for (guint i = 0; from < end && i < datagram->pieces->len; i++) {
        PacketPiece piece = g_array_index(datagram->pieces, PacketPiece, i);
        guint32 piece_end = piece.offset + piece.length;
        if (piece_end <= from) {
            continue;
        }
        if (piece.offset > from) {
            guint32 to = MIN(end, piece.offset);
            cover(datagram, fragment, from, to, i);
            from = to;
            continue; /* the piece just put in is passed over, then this one comes again */
        }
        guint32 to = MIN(end, piece_end);
        compare(table, datagram, fragment, from, to);
        from = to;
    }
    if (from < end) {
        cover(datagram, fragment, from, end, datagram->pieces->len);
    }
}

static void give(FragmentTable *table, Datagram *datagram, FragmentDatagram *out_datagram)
{
    forget(table, datagram);
    g_ptr_array_add(table->given, datagram);
    table->statistics->datagrams_reassembled++;
    *out_datagram = (FragmentDatagram){
        .data = datagram->data,
        .length = datagram->end,
        .captured = MIN(datagram->end, datagram->cut),
        .protocol = datagram->protocol,
        .pieces = (PacketPiece *)(void *)datagram->pieces->data,
        .piece_count = datagram->pieces->len,
    };
}

bool fragment_table_add(
    FragmentTable *table, const Fragment *fragment, FragmentDatagram *out_datagram
)
{
    table->statistics->fragments++;
    give_up_old(table, fragment);
    Datagram *datagram = find_or_make(table, fragment);
    if (!fits(datagram, fragment)) {
        report(
            table, datagram, FRAGMENT_INVALID, fragment->frame, fragment->time_ns, fragment->length
        );
        return false;
    }
    guint32 end = fragment->offset + fragment->length;
    if (fragment->is_last) {
        datagram->end = end;
    }
    if (fragment->offset == 0) {
        datagram->protocol = fragment->protocol;
    }
    datagram->highest = MAX(datagram->highest, end);
    reserve(table, datagram, end);
    insert(table, datagram, fragment);
    if (datagram->covered == datagram->end) {
        give(table, datagram, out_datagram);
        return true;
    }
    make_room(table, datagram, fragment);
    return false;
}
