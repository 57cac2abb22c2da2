#include "sim/store/outgoing-queue.h"

#include <string.h>

#include "sim/store/outgoing-queue-internal.h"

/* An entry as the queue holds it. The heap goes by a copy of the time, because the owner changes
 * the entry's own before it calls update(). */
typedef struct {
    QueueEntry entry;
    guint64 sequence;
    gint64 due_us;
    guint place; /* in the heap */
    bool is_taken;
} HeldEntry;

struct OutgoingQueue {
    GHashTable *by_id; /* id -> HeldEntry */
    GPtrArray *heap;   /* HeldEntry, the first due at 0 */
    guint64 next_sequence;
    guint32 salt;
    QueueFolder *folder; /* NULL: in memory */
};

static HeldEntry *held(QueueEntry *entry)
{
    return (HeldEntry *)entry;
}

QueueEntry *queue_entry_new(const char *reverse_path, GBytes *octets)
{
    HeldEntry *fresh = g_new0(HeldEntry, 1);
    QueueEntry *entry = &fresh->entry;
    entry->reverse_path = g_strdup(reverse_path);
    entry->octets = octets == NULL ? NULL : g_bytes_ref(octets);
    return entry;
}

QueueRecipient *queue_entry_add_recipient(QueueEntry *entry, const char *path)
{
    guint count = entry->n_recipients;
    /* Room doubles at every power of two. */
    if ((count & (count - 1)) == 0) {
        guint capacity = count == 0 ? 1 : count * 2;
        entry->recipients = g_renew(QueueRecipient, entry->recipients, capacity);
    }
    QueueRecipient *recipient = &entry->recipients[entry->n_recipients++];
    *recipient = (QueueRecipient){.path = g_strdup(path)};
    return recipient;
}

void queue_entry_free(QueueEntry *entry)
{
    if (entry == NULL) {
        return;
    }
    for (guint i = 0; i < entry->n_recipients; i++) {
        QueueRecipient *recipient = &entry->recipients[i];
        g_free(recipient->path);
        g_free(recipient->original_recipient);
        g_free(recipient->last_reply);
        g_free(recipient->last_host);
    }
    g_free(entry->recipients);
    g_free(entry->id);
    g_free(entry->reverse_path);
    g_free(entry->envelope_id);
    g_clear_pointer(&entry->octets, g_bytes_unref);
    g_clear_pointer(&entry->final_octets, g_bytes_unref);
    g_free(held(entry));
}

void queue_recipient_set_reply(
    QueueRecipient *recipient, guint code, const char *reply, const char *host
)
{
    char *new_reply = g_strdup(reply);
    char *new_host = g_strdup(host);
    g_free(recipient->last_reply);
    g_free(recipient->last_host);
    recipient->last_code = code;
    recipient->last_reply = new_reply;
    recipient->last_host = new_host;
}

guint queue_entry_waiting(const QueueEntry *entry)
{
    guint waiting = 0;
    for (guint i = 0; i < entry->n_recipients; i++) {
        waiting += entry->recipients[i].state == QUEUE_RECIPIENT_WAITING ? 1 : 0;
    }
    return waiting;
}

static bool is_before(const HeldEntry *left, const HeldEntry *right)
{
    if (left->is_taken != right->is_taken) {
        return right->is_taken;
    }
    return left->due_us < right->due_us ||
           (left->due_us == right->due_us && left->sequence < right->sequence);
}

static HeldEntry *at(const OutgoingQueue *queue, guint place)
{
    return g_ptr_array_index(queue->heap, place);
}

static void set_place(OutgoingQueue *queue, HeldEntry *entry, guint place)
{
    queue->heap->pdata[place] = entry;
    entry->place = place;
}

static void move_up(OutgoingQueue *queue, HeldEntry *entry)
{
    guint place = entry->place;
    while (place > 0 && is_before(entry, at(queue, (place - 1) / 2))) {
        set_place(queue, at(queue, (place - 1) / 2), place);
        place = (place - 1) / 2;
    }
    set_place(queue, entry, place);
}

static void move_down(OutgoingQueue *queue, HeldEntry *entry)
{
    guint place = entry->place;
    while (2 * place + 1 < queue->heap->len) {
        guint child = 2 * place + 1;
        if (child + 1 < queue->heap->len && is_before(at(queue, child + 1), at(queue, child))) {
            child++;
        }
        if (!is_before(at(queue, child), entry)) {
            break;
        }
        set_place(queue, at(queue, child), place);
        place = child;
    }
    set_place(queue, entry, place);
}

static void push(OutgoingQueue *queue, HeldEntry *entry)
{
    entry->due_us = entry->entry.next_attempt_us;
    entry->place = queue->heap->len;
    g_ptr_array_add(queue->heap, entry);
    move_up(queue, entry);
}

static void take_out(OutgoingQueue *queue, HeldEntry *entry)
{
    HeldEntry *last = at(queue, queue->heap->len - 1);
    guint place = entry->place;
    g_ptr_array_set_size(queue->heap, (gint)queue->heap->len - 1);
    if (last != entry) {
        set_place(queue, last, place);
        move_up(queue, last);
        move_down(queue, last);
    }
}

static void keep(OutgoingQueue *queue, QueueEntry *entry)
{
    g_hash_table_insert(queue->by_id, entry->id, entry);
    push(queue, held(entry));
}

OutgoingQueue *outgoing_queue_new_memory(void)
{
    OutgoingQueue *queue = g_new0(OutgoingQueue, 1);
    queue->by_id = g_hash_table_new(g_str_hash, g_str_equal);
    queue->heap = g_ptr_array_new();
    queue->next_sequence = 1;
    return queue;
}

/* Entries of an earlier run keep their numbers, and so their order. */
static void keep_loaded(OutgoingQueue *queue, QueueEntry *entry)
{
    held(entry)->sequence = g_ascii_strtoull(entry->id, NULL, 16);
    queue->next_sequence = MAX(queue->next_sequence, held(entry)->sequence + 1);
    keep(queue, entry);
}

OutgoingQueue *outgoing_queue_new_disk(const char *folder, bool skips_flush, GError **error)
{
    QueueFolder *files = queue_folder_open(folder, skips_flush, error);
    g_autoptr(GPtrArray) entries = files == NULL ? NULL : queue_folder_load(files, error);
    if (entries == NULL) {
        queue_folder_close(files);
        return NULL;
    }
    OutgoingQueue *queue = outgoing_queue_new_memory();
    queue->folder = files;
    for (guint i = 0; i < entries->len; i++) {
        keep_loaded(queue, g_ptr_array_index(entries, i));
    }
    return queue;
}

void outgoing_queue_free(OutgoingQueue *queue)
{
    if (queue == NULL) {
        return;
    }
    for (guint i = 0; i < queue->heap->len; i++) {
        queue_entry_free(&at(queue, i)->entry);
    }
    g_ptr_array_unref(queue->heap);
    g_hash_table_unref(queue->by_id);
    queue_folder_close(queue->folder);
    g_free(queue);
}

#define ID_LENGTH 8
#define ID_FACTOR 0x9E3779B1u /* odd, so that no two of 2^32 numbers give the same id */

static char *id_of(const OutgoingQueue *queue, guint64 sequence)
{
    if (queue->salt == 0) {
        return g_strdup_printf("%08" G_GINT64_MODIFIER "X", sequence);
    }
    guint32 number = ((guint32)sequence + queue->salt) * ID_FACTOR;
    char *id = g_malloc(ID_LENGTH + 1);
    for (guint i = ID_LENGTH; i > 0; i--, number >>= 4) {
        id[i - 1] = "0123456789ABCDEF"[number & 0xf];
    }
    id[ID_LENGTH] = '\0';
    return id;
}

void outgoing_queue_set_salt(OutgoingQueue *queue, guint32 salt)
{
    g_assert(queue->folder == NULL && queue->heap->len == 0);
    queue->salt = salt;
}

char *outgoing_queue_next_id(const OutgoingQueue *queue)
{
    return id_of(queue, queue->next_sequence);
}

char *outgoing_queue_take_id(OutgoingQueue *queue)
{
    return id_of(queue, queue->next_sequence++);
}

bool outgoing_queue_add(OutgoingQueue *queue, QueueEntry *entry, GError **error)
{
    HeldEntry *added = held(entry);
    bool had_id = entry->id != NULL;
    g_assert(entry->octets != NULL);
    added->sequence = queue->next_sequence;
    if (!had_id) {
        entry->id = id_of(queue, added->sequence);
    }
    if (queue->folder != NULL && !queue_folder_add(queue->folder, entry, error)) {
        if (!had_id) {
            g_clear_pointer(&entry->id, g_free);
        }
        return false;
    }
    queue->next_sequence++;
    keep(queue, entry);
    return true;
}

static void reorder(OutgoingQueue *queue, HeldEntry *entry, gint64 due_us)
{
    entry->due_us = due_us;
    move_up(queue, entry);
    move_down(queue, entry);
}

void outgoing_queue_take(OutgoingQueue *queue, QueueEntry *entry)
{
    held(entry)->is_taken = true;
    reorder(queue, held(entry), G_MAXINT64);
}

void outgoing_queue_release_all(OutgoingQueue *queue, gint64 now_us)
{
    g_autoptr(GPtrArray) entries = g_ptr_array_copy(queue->heap, NULL, NULL);
    for (guint i = 0; i < entries->len; i++) {
        HeldEntry *entry = g_ptr_array_index(entries, i);
        if (entry->is_taken) {
            entry->is_taken = false;
            entry->entry.under_way = 0;
            entry->entry.next_attempt_us = now_us;
            reorder(queue, entry, now_us);
        }
    }
}

bool outgoing_queue_update(OutgoingQueue *queue, QueueEntry *entry, GError **error)
{
    held(entry)->is_taken = false;
    reorder(queue, held(entry), entry->next_attempt_us);
    return queue->folder == NULL || queue_folder_update(queue->folder, entry, error);
}

bool outgoing_queue_remove(OutgoingQueue *queue, QueueEntry *entry, GError **error)
{
    if (queue->folder != NULL && !queue_folder_remove(queue->folder, entry, error)) {
        return false;
    }
    g_hash_table_remove(queue->by_id, entry->id);
    take_out(queue, held(entry));
    queue_entry_free(entry);
    return true;
}

guint outgoing_queue_length(const OutgoingQueue *queue)
{
    return queue->heap->len;
}

QueueEntry *outgoing_queue_find(OutgoingQueue *queue, const char *id)
{
    return g_hash_table_lookup(queue->by_id, id);
}

QueueEntry *outgoing_queue_first(OutgoingQueue *queue)
{
    bool is_none = queue->heap->len == 0 || at(queue, 0)->is_taken;
    return is_none ? NULL : &at(queue, 0)->entry;
}

static gint compare_arrival(gconstpointer left, gconstpointer right)
{
    const HeldEntry *a = *(HeldEntry *const *)left;
    const HeldEntry *b = *(HeldEntry *const *)right;
    return a->sequence < b->sequence ? -1 : a->sequence > b->sequence;
}

void outgoing_queue_visit(OutgoingQueue *queue, OutgoingQueueVisit visit, void *data)
{
    g_autoptr(GPtrArray) sorted = g_ptr_array_copy(queue->heap, NULL, NULL);
    g_ptr_array_sort(sorted, compare_arrival);
    for (guint i = 0; i < sorted->len; i++) {
        visit(g_ptr_array_index(sorted, i), data);
    }
}
