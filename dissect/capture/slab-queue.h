#pragma once

/* Hands a few slabs round between one thread that fills them and one or more takers, each of which
 * is given every slab, in the order of filling. It knows slabs by their numbers only: what they
 * hold belongs to the filler until put_full(), then to the takers until the last of them gives it
 * back. Whoever is too fast waits; so there are never more slabs than there were at first.
 *
 *     take_empty() ─> fill ─> put_full() ─> take_full() of each taker ─> give_back() ─> empty again
 *
 * A lock and a condition of the system's threads, and nothing cleverer: slabs are large, and tools
 * that look for races know these. */

#include <glib.h>
#include <stdbool.h>

#define SLAB_QUEUE_TAKERS_MAXIMUM 2

typedef struct SlabQueue SlabQueue;

SlabQueue *slab_queue_new(guint slabs, guint takers);

/* Nobody may be waiting in it any more. */
void slab_queue_free(SlabQueue *queue);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SlabQueue, slab_queue_free)

/* The filler's side. False: it was stopped, and nothing more is wanted. */
bool slab_queue_take_empty(SlabQueue *queue, guint *out_slab);
void slab_queue_put_full(SlabQueue *queue, guint slab, bool is_last);

/* A taker's side; takers count from 0. False: there was a last one, or it was stopped. */
bool slab_queue_take_full(SlabQueue *queue, guint taker, guint *out_slab);
void slab_queue_give_back(SlabQueue *queue, guint taker);

/* Ends all waiting, now and later; may be called by anybody. */
void slab_queue_stop(SlabQueue *queue);
