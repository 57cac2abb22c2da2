#include "tests/support/test.h"

#include "dissect/capture/slab-queue.h"

#define SLABS 3
#define ROUNDS 2000

/* What a slab holds here is a number; the filler counts up, and each taker must find the count. */
typedef struct {
    SlabQueue *queue;
    guint64 slabs[SLABS];
    guint64 count; /* to be filled */
} Work;

typedef struct {
    Work *work;
    guint number;
    guint64 leaves_after;
    guint64 taken;
    guint64 wrong;
} Taker;

static gpointer fill_all(gpointer data)
{
    Work *work = data;
    guint slab;
    for (guint64 i = 0; i < work->count && slab_queue_take_empty(work->queue, &slab); i++) {
        work->slabs[slab] = i;
        slab_queue_put_full(work->queue, slab, i + 1 == work->count);
    }
    return NULL;
}

static gpointer take_all(gpointer data)
{
    Taker *taker = data;
    Work *work = taker->work;
    guint slab;
    while (taker->taken < taker->leaves_after &&
           slab_queue_take_full(work->queue, taker->number, &slab)) {
        taker->wrong += work->slabs[slab] != taker->taken;
        taker->taken++;
        slab_queue_give_back(work->queue, taker->number);
    }
    return NULL;
}

static void test_all_slabs_to_all_takers(void **state)
{
    (void)state;
    for (guint takers = 1; takers <= SLAB_QUEUE_TAKERS_MAXIMUM; takers++) {
        g_autoptr(SlabQueue) queue = slab_queue_new(SLABS, takers);
        Work work = {.queue = queue, .count = ROUNDS};
        Taker all[SLAB_QUEUE_TAKERS_MAXIMUM];
        GThread *threads[SLAB_QUEUE_TAKERS_MAXIMUM];
        for (guint i = 0; i < takers; i++) {
            all[i] = (Taker){.work = &work, .number = i, .leaves_after = G_MAXUINT64};
            threads[i] = g_thread_new("taker", take_all, &all[i]);
        }
        fill_all(&work);
        for (guint i = 0; i < takers; i++) {
            g_thread_join(threads[i]);
            assert_int_equal(all[i].taken, ROUNDS);
            assert_int_equal(all[i].wrong, 0);
        }
    }
}

/* The filler goes ahead by as many slabs as there are, and not by one more. */
static void test_filler_waits_for_the_slowest(void **state)
{
    (void)state;
    g_autoptr(SlabQueue) queue = slab_queue_new(SLABS, 2);
    guint slab;
    for (guint i = 0; i < SLABS; i++) {
        assert_true(slab_queue_take_empty(queue, &slab));
        assert_int_equal(slab, i);
        slab_queue_put_full(queue, slab, false);
    }
    Work work = {.queue = queue, .count = 1};
    GThread *filler = g_thread_new("filler", fill_all, &work);
    for (guint i = 0; i < SLABS; i++) {
        assert_true(slab_queue_take_full(queue, 0, &slab));
        assert_int_equal(slab, i);
        slab_queue_give_back(queue, 0);
    }
    assert_true(slab_queue_take_full(queue, 1, &slab)); /* still lies in the place to be filled */
    slab_queue_give_back(queue, 1);
    assert_true(slab_queue_take_full(queue, 0, &slab));
    assert_int_equal(slab, 0);
    g_thread_join(filler);
    slab_queue_give_back(queue, 0);
    assert_false(slab_queue_take_full(queue, 0, &slab));
    assert_false(slab_queue_take_full(queue, 0, &slab));
}

/* Whoever waits is woken by stop(), the filler as well as a taker. */
static void test_stop(void **state)
{
    (void)state;
    g_autoptr(SlabQueue) queue = slab_queue_new(SLABS, 2);
    Work work = {.queue = queue, .count = G_MAXUINT64};
    Taker some = {.work = &work, .number = 0, .leaves_after = 2};
    Taker patient = {.work = &work, .number = 1, .leaves_after = G_MAXUINT64};
    GThread *filler = g_thread_new("filler", fill_all, &work);
    GThread *taker = g_thread_new("taker", take_all, &patient);
    take_all(&some);
    slab_queue_stop(queue);
    g_thread_join(filler);
    g_thread_join(taker);
    guint slab;
    assert_int_equal(some.taken, 2);
    assert_int_equal(some.wrong + patient.wrong, 0);
    assert_false(slab_queue_take_empty(queue, &slab));
    assert_false(slab_queue_take_full(queue, 0, &slab));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_slabs_to_all_takers),
        cmocka_unit_test(test_filler_waits_for_the_slowest),
        cmocka_unit_test(test_stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
