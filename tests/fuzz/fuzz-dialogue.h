#pragma once

/* A conversation as a capture may hold it, for any dialogue. The first octet says in which pieces
 * it arrives and how it is seen; 0xff changes sides, 0xfe stands for a few missing octets. Whatever
 * the pieces, the same events come out. */

#include "protocol/dialogue/dialogue.h"

#define FUZZ_CHANGE_SIDE 0xff
#define FUZZ_GAP 0xfe

typedef struct {
    guint64 events;
    guint64 octets; /* of messages */
    guint64 end[2];
} FuzzDigest;

static inline void fuzz_mix(guint64 *digest, guint64 value)
{
    *digest = (*digest ^ value) * G_GUINT64_CONSTANT(1099511628211) + (*digest >> 29);
}

static inline void fuzz_mix_span(guint64 *digest, ByteSpan span)
{
    for (gsize i = 0; i < span.length; i++) {
        fuzz_mix(digest, span.data[i]);
    }
    fuzz_mix(digest, span.length);
}

static inline void
fuzz_note(const DialogueClass *class, FuzzDigest *digest, const DialogueEvent *event)
{
    g_assert(event->from <= event->to);
    g_assert(class->state_name(event->state_after) != NULL);
    if (event->kind == DIALOGUE_EVENT_MESSAGE_DATA) {
        for (gsize i = 0; i < event->text.length; i++) {
            fuzz_mix(&digest->octets, event->text.data[i]);
        }
        return;
    }
    fuzz_mix(&digest->events, event->kind);
    fuzz_mix(&digest->events, event->side);
    fuzz_mix(&digest->events, event->exchange);
    fuzz_mix(&digest->events, event->defects);
    fuzz_mix_span(&digest->events, event->text);
    fuzz_mix_span(&digest->events, event->verb);
    if (event->credential != NULL) {
        fuzz_mix_span(&digest->events, event->credential->identity);
        fuzz_mix_span(&digest->events, event->credential->secret);
    }
}

static inline void fuzz_drain(const DialogueClass *class, void *dialogue, FuzzDigest *digest)
{
    DialogueEvent event;
    while (class->next(dialogue, &event)) {
        fuzz_note(class, digest, &event);
    }
}

static inline void fuzz_feed(
    const DialogueClass *class,
    void *dialogue,
    DialogueSide side,
    ByteSpan run,
    gsize piece,
    FuzzDigest *digest
)
{
    while (run.length > 0) {
        ByteSpan part = byte_span_slice(run, 0, piece);
        guint8 *copy = g_memdup2(part.data, part.length);
        run = byte_span_from(run, part.length);
        class->feed(dialogue, side, byte_span(copy, part.length));
        fuzz_drain(class, dialogue, digest);
        g_free(copy);
    }
}

static inline FuzzDigest
fuzz_run(const DialogueClass *class, guint8 start, ByteSpan input, gsize piece)
{
    FuzzDigest digest = {0};
    void *dialogue = g_malloc0(class->size);
    DialogueSide side = DIALOGUE_SERVER;
    class->init(dialogue);
    if ((start & 0x30) == 0x10) {
        class->set_joined_late(dialogue);
    } else if ((start & 0x30) == 0x20) {
        class->set_one_sided(dialogue, start & 0x40 ? DIALOGUE_CLIENT : DIALOGUE_SERVER);
        side = start & 0x40 ? DIALOGUE_CLIENT : DIALOGUE_SERVER;
    }
    gsize from = 0;
    for (gsize at = 0; at <= input.length; at++) {
        guint8 octet = at == input.length ? FUZZ_CHANGE_SIDE : input.data[at];
        if (octet != FUZZ_CHANGE_SIDE && octet != FUZZ_GAP) {
            continue;
        }
        fuzz_feed(class, dialogue, side, byte_span_slice(input, from, at - from), piece, &digest);
        from = at + 1;
        if (octet == FUZZ_GAP) {
            class->feed_missing(dialogue, side, 7);
            fuzz_drain(class, dialogue, &digest);
        } else if ((start & 0x30) != 0x20) {
            side = side == DIALOGUE_CLIENT ? DIALOGUE_SERVER : DIALOGUE_CLIENT;
        }
    }
    class->finish(dialogue, DIALOGUE_CLIENT);
    fuzz_drain(class, dialogue, &digest);
    class->finish(dialogue, DIALOGUE_SERVER);
    fuzz_drain(class, dialogue, &digest);
    class->clear(dialogue);
    g_free(dialogue);
    return digest;
}

/* Whole and in pieces: the same. */
static inline void fuzz_dialogue(const DialogueClass *class, const guint8 *data, gsize size)
{
    if (size == 0) {
        return;
    }
    ByteSpan input = byte_span(data + 1, size - 1);
    FuzzDigest whole = fuzz_run(class, data[0], input, G_MAXSIZE);
    FuzzDigest pieces = fuzz_run(class, data[0], input, (data[0] & 0x0f) + 1u);
    g_assert(whole.events == pieces.events);
    g_assert(whole.octets == pieces.octets);
}
