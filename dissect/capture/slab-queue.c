#include "dissect/capture/slab-queue.h"

#include <pthread.h>

/* Slabs are counted without end, and number n lies in place n modulo 'slabs'. */
struct SlabQueue {
    pthread_mutex_t lock;
    pthread_cond_t has_changed;
    guint slabs;
    guint takers;
    guint64 filled;
    guint64 given_back[SLAB_QUEUE_TAKERS_MAXIMUM];
    bool is_ended; /* the last one has been filled */
    bool is_stopped;
};

SlabQueue *slab_queue_new(guint slabs, guint takers)
{
    g_assert(slabs > 0 && takers > 0 && takers <= SLAB_QUEUE_TAKERS_MAXIMUM);
    SlabQueue *queue = g_new0(SlabQueue, 1);
    queue->slabs = slabs;
    queue->takers = takers;
    pthread_mutex_init(&queue->lock, NULL);
    pthread_cond_init(&queue->has_changed, NULL);
    return queue;
}

void slab_queue_free(SlabQueue *queue)
{
    if (queue != NULL) {
        pthread_cond_destroy(&queue->has_changed);
        pthread_mutex_destroy(&queue->lock);
        g_free(queue);
    }
}

/* The slab that would be filled next is still with the slowest taker. */
static bool is_full(const SlabQueue *queue)
{
    for (guint i = 0; i < queue->takers; i++) {
        if (queue->filled - queue->given_back[i] == queue->slabs) {
            return true;
        }
    }
    return false;
}

bool slab_queue_take_empty(SlabQueue *queue, guint *out_slab)
{
    pthread_mutex_lock(&queue->lock);
    while (is_full(queue) && !queue->is_stopped) {
        pthread_cond_wait(&queue->has_changed, &queue->lock);
    }
    bool is_wanted = !queue->is_stopped;
    if (is_wanted) {
        *out_slab = (guint)(queue->filled % queue->slabs);
    }
    pthread_mutex_unlock(&queue->lock);
    return is_wanted;
}

void slab_queue_put_full(SlabQueue *queue, guint slab, bool is_last)
{
    pthread_mutex_lock(&queue->lock);
    g_assert(slab == queue->filled % queue->slabs && !queue->is_ended);
    queue->filled++;
    queue->is_ended = is_last;
    pthread_cond_broadcast(&queue->has_changed);
    pthread_mutex_unlock(&queue->lock);
}

bool slab_queue_take_full(SlabQueue *queue, guint taker, guint *out_slab)
{
    pthread_mutex_lock(&queue->lock);
    guint64 next = queue->given_back[taker];
    while (next == queue->filled && !queue->is_ended && !queue->is_stopped) {
        pthread_cond_wait(&queue->has_changed, &queue->lock);
    }
    bool is_there = next < queue->filled && !queue->is_stopped;
    if (is_there) {
        *out_slab = (guint)(next % queue->slabs);
    }
    pthread_mutex_unlock(&queue->lock);
    return is_there;
}

void slab_queue_give_back(SlabQueue *queue, guint taker)
{
    pthread_mutex_lock(&queue->lock);
    g_assert(queue->given_back[taker] < queue->filled);
    queue->given_back[taker]++;
    pthread_cond_broadcast(&queue->has_changed);
    pthread_mutex_unlock(&queue->lock);
}

void slab_queue_stop(SlabQueue *queue)
{
    pthread_mutex_lock(&queue->lock);
    queue->is_stopped = true;
    pthread_cond_broadcast(&queue->has_changed);
    pthread_mutex_unlock(&queue->lock);
}
